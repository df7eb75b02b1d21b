/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

void *memchr(const void *bytes, int value, size_t count) {
    const unsigned char *at = bytes;
    for (; count != 0; --count, ++at) {
        if (*at == (unsigned char)value) {
            return (void *)at;
        }
    }
    return NULL;
}
