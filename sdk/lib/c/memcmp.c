/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

int memcmp(const void *first, const void *second, size_t bytes) {
    const unsigned char *a = first;
    const unsigned char *b = second;
    for (; bytes != 0; --bytes, ++a, ++b) {
        int difference = *a - *b;
        if (difference != 0) {
            return difference;
        }
    }
    return 0;
}
