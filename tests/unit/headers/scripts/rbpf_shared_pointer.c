/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In the manner of rBPF's benchmarks: a context with a pointer that firmware of another word size fills in. */
#include <stddef.h>
#include "bpf/shared.h"
#include "unaligned.h"

typedef struct {
    __bpf_shared_ptr(const uint8_t *, bytes);
    uint32_t count;
} sum_ctx_t;

_Static_assert(offsetof(sum_ctx_t, count) == 8, "the pointer takes 8 bytes");

uint32_t sum(sum_ctx_t *ctx)
{
    const uint8_t *at = ctx->bytes;
    uint32_t total = 0;
    for (uint32_t i = 0; i < ctx->count; i++) {
        total += unaligned_get_u16(at);
        at += 2;
    }
    return total;
}
