/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * @file
 * @brief       An application that lets scripts run beside it
 *
 * The scripts come by the serial link. All that the application does for them
 * is to fire an event once a second.
 */

#include <stdio.h>

#include "rbpf_agent.h"
#include "ztimer.h"

int main(void)
{
    puts("rBPF on RIOT: deploy scripts with `rbpf deploy`");

    uint32_t seconds = 0;
    uint32_t last = ztimer_now(ZTIMER_MSEC);

    while (1) {
        ztimer_periodic_wakeup(ZTIMER_MSEC, &last, 1000);
        seconds++;
        rbpf_event("second", &seconds, sizeof(seconds));
    }
    return 0;
}
