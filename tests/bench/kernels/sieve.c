/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sieve of Eratosthenes: byte stores at growing strides. Returns how many primes there are. */
#include "kernel.h"

uint32_t sieve(kernel_sieve_t *context)
{
    uint32_t primes = 0;

    for (uint32_t i = 2; i < KERNEL_SIEVE; i++) {
        if (context->composite[i]) {
            continue;
        }
        primes++;
        for (uint32_t multiple = i * 2; multiple < KERNEL_SIEVE; multiple += i) {
            context->composite[multiple] = 1;
        }
    }
    return primes;
}
