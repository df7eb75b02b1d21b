/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

char *strchr(const char *text, int character) {
    for (;; ++text) {
        if (*text == (char)character) {
            return (char *)text;
        }
        if (*text == '\0') {
            return NULL;
        }
    }
}
