/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The types that bindings speak of. Scripts see 64-bit pointers where the firmware sees 8-byte numbers: same layout. */
#ifndef RBPF_TYPES_H
#define RBPF_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include <rbpf/phydat.h>

#ifdef __bpf__
/** Field of a context that holds an address: a pointer in a script, 8 bytes everywhere. */
#define RBPF_ADDRESS_OF(type) type*
typedef long ssize_t;
#else
#define RBPF_ADDRESS_OF(type) uint64_t
#endif

/** A sensor or actuator: a handle to give back to bpf_saul_reg_…, not a pointer that can be followed. */
typedef struct bpf_saul_reg bpf_saul_reg_t;

/** Context of a CoAP trigger, 24 bytes. */
typedef struct {
    RBPF_ADDRESS_OF(void) pkt;    /**< 0: an rbpf_coap_packet_t (coap.h), read-only */
    RBPF_ADDRESS_OF(uint8_t) buf; /**< 8: the buffer: first the whole request, then the response */
    uint64_t buf_len;             /**< 16: its size in bytes */
} bpf_coap_ctx_t;

/** Context of a packet trigger, 16 bytes. See packet.h. */
typedef struct {
    RBPF_ADDRESS_OF(uint8_t) data; /**< 0: the packet's bytes; readable and writable */
    uint32_t len;                  /**< 8: their number */
    uint16_t port;                 /**< 12: local UDP port it came in on, 0 if it did not come by UDP */
    uint16_t flags;                /**< 14: 0 */
} bpf_packet_ctx_t;

#ifdef __cplusplus
#define RBPF_STATIC_ASSERT(condition) static_assert(condition, #condition)
#else
#define RBPF_STATIC_ASSERT(condition) _Static_assert(condition, #condition)
#endif

/* Scripts and firmware are compiled apart and meet in these bytes. */
RBPF_STATIC_ASSERT(sizeof(phydat_t) == 8);
RBPF_STATIC_ASSERT(offsetof(phydat_t, unit) == 6);
RBPF_STATIC_ASSERT(offsetof(phydat_t, scale) == 7);
RBPF_STATIC_ASSERT(sizeof(bpf_coap_ctx_t) == 24);
RBPF_STATIC_ASSERT(offsetof(bpf_coap_ctx_t, buf) == 8);
RBPF_STATIC_ASSERT(offsetof(bpf_coap_ctx_t, buf_len) == 16);
RBPF_STATIC_ASSERT(sizeof(bpf_packet_ctx_t) == 16);
RBPF_STATIC_ASSERT(offsetof(bpf_packet_ctx_t, len) == 8);
RBPF_STATIC_ASSERT(offsetof(bpf_packet_ctx_t, port) == 12);

#endif
