/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

char *strncpy(char *restrict destination, const char *restrict source, size_t limit) {
    for (size_t i = 0; i != limit; ++i) {
        destination[i] = *source;
        if (*source != '\0') {
            ++source;
        }
    }
    return destination;
}
