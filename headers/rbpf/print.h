/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text for people, into the board's log (`rbpf log` shows it): bpf_printf and bpf_print_debug.
 *
 *   bpf_printf("%s: %d degrees\n", name, degrees);
 *
 * A binding has five arguments, so at most four numbers or strings follow the format. The firmware interprets the
 * format itself: %d %i %u %x %X %c %s %p %%, with l or ll for 64-bit numbers, a width, 0 and -. No floating point:
 * print the whole part and the fraction of a fixed-point number. A format or %s that is not a readable string is a
 * fault. */
#ifndef RBPF_PRINT_H
#define RBPF_PRINT_H

#include <rbpf/bindings.h>

#endif
