/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a script may use of <stdlib.h>: no heap, no processes. Conversions saturate; there is no errno. */
#ifndef RBPF_LIBC_STDLIB_H
#define RBPF_LIBC_STDLIB_H

#include <stddef.h>

int abs(int value);
long labs(long value);
int atoi(const char *text);
long strtol(const char *restrict text, char **restrict end, int base);
unsigned long strtoul(const char *restrict text, char **restrict end, int base);

#endif
