/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

size_t strspn(const char *text, const char *accepted) {
    size_t length = 0;
    while (text[length] != '\0' && strchr(accepted, text[length]) != NULL) {
        ++length;
    }
    return length;
}
