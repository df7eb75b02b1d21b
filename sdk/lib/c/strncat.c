/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

char *strncat(char *restrict destination, const char *restrict source, size_t limit) {
    char *at = destination + strlen(destination);
    for (; limit != 0 && *source != '\0'; --limit) {
        *at++ = *source++;
    }
    *at = '\0';
    return destination;
}
