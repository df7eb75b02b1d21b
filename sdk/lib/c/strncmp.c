/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

int strncmp(const char *first, const char *second, size_t limit) {
    for (; limit != 0; --limit, ++first, ++second) {
        int difference = (unsigned char)*first - (unsigned char)*second;
        if (difference != 0 || *first == '\0') {
            return difference;
        }
    }
    return 0;
}
