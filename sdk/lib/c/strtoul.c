/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

static unsigned digitOf(char character) {
    unsigned digit = (unsigned)character - '0';
    if (digit > 9) {
        digit = ((unsigned)character | 0x20) - 'a';
        digit = digit < 26 ? digit + 10 : 99;
    }
    return digit;
}

/* Saturates as the C standard asks for; there is no errno. */
unsigned long strtoul(const char *restrict text, char **restrict end, int base) {
    const char *at = text;
    while (*at == ' ' || (*at >= '\t' && *at <= '\r')) {
        ++at;
    }
    int negative = *at == '-';
    if (*at == '-' || *at == '+') {
        ++at;
    }
    if ((base == 0 || base == 16) && at[0] == '0' && (at[1] | 0x20) == 'x' && digitOf(at[2]) < 16) {
        at += 2;
        base = 16;
    } else if (base == 0) {
        base = *at == '0' ? 8 : 10;
    }
    const char *first = at;
    unsigned long value = 0;
    int overflow = 0;
    for (unsigned digit; (digit = digitOf(*at)) < (unsigned)base; ++at) {
        unsigned long next = value * (unsigned)base + digit;
        overflow |= value > (~0UL - digit) / (unsigned)base;
        value = next;
    }
    if (end != NULL) {
        *end = (char *)(at == first ? text : at);
    }
    if (overflow) {
        return ~0UL;
    }
    return negative ? -value : value;
}
