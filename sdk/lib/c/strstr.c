/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

char *strstr(const char *text, const char *part) {
    for (;; ++text) {
        for (size_t i = 0;; ++i) {
            if (part[i] == '\0') {
                return (char *)text;
            }
            if (text[i] != part[i]) {
                break;
            }
        }
        if (*text == '\0') {
            return NULL;
        }
    }
}
