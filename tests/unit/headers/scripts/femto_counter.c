/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In the manner of the Femto-Container tutorial: a context of two numbers, constants in rodata, formatted printing. */
#include <stdint.h>
#include "bpf/bpfapi/helpers.h"

typedef struct {
    uint64_t previous;
    uint64_t next;
} switch_ctx_t;

static const uint64_t first_key = 16;

int count_switch(switch_ctx_t *ctx)
{
    const char format[] = "switch from %d to %d\n";
    if (ctx->next != 0) {
        uint32_t counter;
        bpf_fetch_global(first_key + ctx->next, &counter);
        bpf_store_global(first_key + ctx->next, counter + 1);
        bpf_printf(format, (int)ctx->previous, (int)ctx->next);
        return counter + 1;
    }
    return 0;
}
