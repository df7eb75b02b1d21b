/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How an entry says when it wants to run: the string of SEC("…") in C, of "trigger" in rbpf.json and of an image's
 * entry is the same.
 *
 *   ""               manual: only an invoke runs it
 *   "coap/PATH"      answers CoAP requests for /PATH; context: bpf_coap_ctx_t (policy: single)
 *   "timer/PERIOD"   every PERIOD milliseconds (decimal, 1 … 2^31-1); context: none (policy: continue)
 *   "packet"         every packet the board receives, before anything else sees it; context: bpf_packet_ctx_t;
 *                    a negative result drops the packet (policy: abort on negative)
 *   "event/NAME"     when firmware fires NAME; context: what the firmware passes (policy: the event's, else continue)
 *
 * A trigger judges an entry's result by its low 32 bits, as a signed number: clang leaves the upper half of r0 zero
 * when a function returns int, so -160 arrives as 0xffffff60.
 *
 * Several scripts may be attached to one trigger; they run in slot order, and the trigger's policy says whether the
 * next one runs. */
#ifndef RBPF_TRIGGER_H
#define RBPF_TRIGGER_H

typedef enum {
    RBPF_TRIGGER_MANUAL = 0,
    RBPF_TRIGGER_COAP = 1,
    RBPF_TRIGGER_TIMER = 2,
    RBPF_TRIGGER_PACKET = 3,
    RBPF_TRIGGER_EVENT = 4,
} rbpf_trigger_kind_t;

/** What happens to the scripts behind one that has returned: rBPF's hook policies. */
typedef enum {
    RBPF_POLICY_CONTINUE = 0,          /**< run them all */
    RBPF_POLICY_ABORT_ON_NEGATIVE = 1, /**< stop after a negative result */
    RBPF_POLICY_ABORT_ON_POSITIVE = 2, /**< stop after a positive result */
    RBPF_POLICY_SINGLE = 3,            /**< run the first one only */
} rbpf_policy_t;

#endif
