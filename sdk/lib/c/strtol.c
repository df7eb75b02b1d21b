/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

/* Saturates as the C standard asks for; there is no errno. */
long strtol(const char *restrict text, char **restrict end, int base) {
    const char *start = text;
    while (*start == ' ' || (*start >= '\t' && *start <= '\r')) {
        ++start;
    }
    int negative = *start == '-';
    /* A sign may stand once only: strtoul would accept it a second time. */
    if (negative && (start[1] == '-' || start[1] == '+' || start[1] == ' ' || (start[1] >= '\t' && start[1] <= '\r'))) {
        if (end != NULL) {
            *end = (char *)text;
        }
        return 0;
    }
    char *stop;
    unsigned long magnitude = strtoul(start + negative, &stop, base);
    if (end != NULL) {
        *end = stop == start + negative ? (char *)text : stop;
    }
    unsigned long limit = 0x7fffffffffffffffUL + (unsigned long)negative;
    if (magnitude > limit) {
        magnitude = limit;
    }
    return (long)(negative ? -magnitude : magnitude);
}
