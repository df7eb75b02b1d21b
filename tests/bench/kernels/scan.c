/* SPDX-License-Identifier: GPL-3.0-or-later */
/* String scan: counts words, and vowels through a small table of constants. */
#include "kernel.h"

static const char vowels[] = "aeiou";

uint32_t scan(kernel_bytes_t *context)
{
    const char *text = (const char *)context->data;
    uint32_t words = 0, found = 0;
    int inside = 0;

    for (; *text; text++) {
        if (*text == ' ') {
            inside = 0;
            continue;
        }
        if (!inside) {
            words++;
            inside = 1;
        }
        for (const char *vowel = vowels; *vowel; vowel++) {
            if (*text == *vowel) {
                found++;
                break;
            }
        }
    }
    return words << 16 | found;
}
