/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

void *memset(void *destination, int value, size_t bytes) {
    char *at = destination;
    for (char *end = at + bytes; at != end; ++at) {
        *at = (char)value;
    }
    return destination;
}
