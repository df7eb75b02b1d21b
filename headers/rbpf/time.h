/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The board's clocks: bpf_now_ms (milliseconds), bpf_ztimer_now and bpf_ztimer_periodic_wakeup (microseconds). Both
 * count from the board's start and wrap; differences of two times are right across a wrap when kept in a uint32_t.
 * To do something every second, prefer the trigger SEC("timer/1000") to a script that sleeps. */
#ifndef RBPF_TIME_H
#define RBPF_TIME_H

#include <rbpf/bindings.h>

enum {
    RBPF_US_PER_MS = 1000,
    RBPF_US_PER_SECOND = 1000000,
    RBPF_MS_PER_SECOND = 1000,
};

#endif
