/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SEC() in front of a function makes it an entry of the script and says what runs it, as in libbpf:
 *
 *   SEC("coap/PATH")     a CoAP request for /PATH; context bpf_coap_ctx_t (coap.h)
 *   SEC("timer/PERIOD")  every PERIOD milliseconds, 1 … 2147483647; no context
 *   SEC("packet")        a packet that the board received; context bpf_packet_ctx_t (packet.h)
 *   SEC("event/NAME")    when the firmware fires NAME; context: what it passes
 *   SEC("")              only by hand: `rbpf invoke`
 *
 * rbpf.json can say the same ("entries"). A script whose only visible function is its entry needs neither.
 * The grammar and what happens when several scripts share a trigger: trigger.h. */
#ifndef RBPF_SEC_H
#define RBPF_SEC_H

#define SEC(trigger) __attribute__((section(trigger), used))

#endif
