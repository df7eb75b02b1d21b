/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

size_t strcspn(const char *text, const char *rejected) {
    size_t length = 0;
    while (strchr(rejected, text[length]) == NULL) { /* finds the NUL as well */
        ++length;
    }
    return length;
}
