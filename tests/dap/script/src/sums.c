/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Something to stop in: a loop, a call, a variable that outlives the run, a struct. */
#include <rbpf/print.h>

struct totals {
    int count;
    int values[4];
};
static struct totals totals;

static __attribute__((noinline)) int twice(int value)
{
    int result = value * 2;
    return result;
}

int sums(void)
{
    volatile int total = 0; /* volatile: the optimiser leaves them where a debugger can look */
    for (volatile int i = 0; i < 8; i++) {
        total += twice(i);
        totals.values[i & 3] = total;
        totals.count++;
    }
    bpf_printf("total %d\n", total);
    return total;
}
