/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smallest script that shows itself: it writes a line to the board's log and returns a number.
 * It is the only visible function, so it is the script's entry; nothing else needs to be said. */
#include <rbpf/print.h>

int hello(void)
{
    bpf_printf("Hello from a script, %u ms after the board started\n", bpf_now_ms());
    return 42;
}
