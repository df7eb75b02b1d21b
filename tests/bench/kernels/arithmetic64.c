/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 64-bit arithmetic: a xorshift generator, multiplication, and now and then a division. */
#include "kernel.h"

uint64_t arithmetic64(kernel_bytes_t *context)
{
    uint64_t x = context->seed | (uint64_t)1 << 40;
    uint64_t sum = 0;

    for (uint32_t i = 0; i < 200; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        sum += x * 0x9e3779b97f4a7c15;
        if (i % 16 == 0) {
            sum /= (x & 0xffff) + 1;
        }
    }
    return sum;
}
