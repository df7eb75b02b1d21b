/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Insertion sort of 32-bit numbers: loads and stores with computed addresses, unpredictable branches. */
#include "kernel.h"

uint32_t sort(kernel_numbers_t *context)
{
    uint32_t *number = context->number;
    uint32_t sum = 0;

    for (uint32_t i = 1; i < context->count; i++) {
        uint32_t value = number[i];
        uint32_t hole = i;
        for (; hole > 0 && number[hole - 1] > value; hole--) {
            number[hole] = number[hole - 1];
        }
        number[hole] = value;
    }
    for (uint32_t i = 0; i < context->count; i++) {
        sum += number[i] * (i + 1);
    }
    return sum;
}
