/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The types that bindings speak of, as a script sees them (64-bit pointers). */
#ifndef RBPF_TYPES_H
#define RBPF_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include <rbpf/phydat.h>

#ifdef __bpf__
typedef long ssize_t;
#endif

/** A sensor or actuator: a handle, not a pointer that can be followed. */
typedef struct bpf_saul_reg bpf_saul_reg_t;

/** Context of a CoAP trigger, 24 bytes: every field is 8 bytes wide in a script and in the firmware's copy of it. */
typedef struct {
    uint64_t pkt;     /**< handle of the request */
    uint64_t buf;     /**< virtual address of the buffer that holds the request's payload, later the response */
    uint64_t buf_len; /**< its size in bytes */
} bpf_coap_ctx_t;

/** Context of a packet trigger, 16 bytes. */
typedef struct {
    uint64_t data;    /**< virtual address of the packet; readable and writable */
    uint32_t len;     /**< its length in bytes */
    uint16_t port;    /**< local UDP port it came in on, 0 if it did not come by UDP */
    uint16_t flags;   /**< 0 */
} bpf_packet_ctx_t;

#endif
