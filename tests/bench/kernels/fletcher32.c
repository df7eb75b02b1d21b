/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fletcher-32 over 16-bit words: the kernel with which small virtual machines are usually compared. */
#include "kernel.h"

uint32_t fletcher32(kernel_bytes_t *context)
{
    const uint16_t *data = (const uint16_t *)context->data;
    uint32_t words = context->size / 2;
    uint32_t sum1 = 0xffff;
    uint32_t sum2 = 0xffff;

    while (words) {
        /* So many words can be added before sum2 overflows. */
        uint32_t block = words > 359 ? 359 : words;
        words -= block;
        do {
            sum1 += *data++;
            sum2 += sum1;
        } while (--block);
        sum1 = (sum1 & 0xffff) + (sum1 >> 16);
        sum2 = (sum2 & 0xffff) + (sum2 >> 16);
    }
    sum1 = (sum1 & 0xffff) + (sum1 >> 16);
    sum2 = (sum2 & 0xffff) + (sum2 >> 16);
    return sum2 << 16 | sum1;
}
