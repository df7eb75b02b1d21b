/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

int atoi(const char *text) {
    return (int)strtol(text, NULL, 10);
}
