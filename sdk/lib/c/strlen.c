/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

size_t strlen(const char *text) {
    const char *at = text;
    while (*at != '\0') {
        ++at;
    }
    return (size_t)(at - text);
}
