/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

char *strrchr(const char *text, int character) {
    const char *found = NULL;
    for (;; ++text) {
        if (*text == (char)character) {
            found = text;
        }
        if (*text == '\0') {
            return (char *)found;
        }
    }
}
