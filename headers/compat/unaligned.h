/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RIOT's path of loads from addresses of any alignment. */
#ifndef RBPF_COMPAT_UNALIGNED_H
#define RBPF_COMPAT_UNALIGNED_H

#include <stdint.h>

/** Tells the compiler that the number may start at any byte. */
typedef struct __attribute__((packed)) {
    uint16_t number;
} rbpf_packed_u16_t;
typedef struct __attribute__((packed)) {
    uint32_t number;
} rbpf_packed_u32_t;
typedef struct __attribute__((packed)) {
    uint64_t number;
} rbpf_packed_u64_t;

/** The number in native byte order at `address`. */
static inline uint16_t unaligned_get_u16(const void* address) {
    return ((const rbpf_packed_u16_t*)address)->number;
}
static inline uint32_t unaligned_get_u32(const void* address) {
    return ((const rbpf_packed_u32_t*)address)->number;
}
static inline uint64_t unaligned_get_u64(const void* address) {
    return ((const rbpf_packed_u64_t*)address)->number;
}

#endif
