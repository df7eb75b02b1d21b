/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

size_t strnlen(const char *text, size_t limit) {
    size_t length = 0;
    while (length != limit && text[length] != '\0') {
        ++length;
    }
    return length;
}
