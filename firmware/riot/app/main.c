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

#include "modules.h"
#include "rbpf_agent.h"
#include "ztimer.h"

#if IS_USED(MODULE_GCOAP)
#include "net/netif.h"

static void _print_addresses(void)
{
    printf("CoAP requests reach scripts at ");
    netifs_print_ipv6(", ");
    puts("");
}
#else
static void _print_addresses(void) {}
#endif

int main(void)
{
    puts("rBPF on RIOT: deploy scripts with `rbpf deploy`");
    _print_addresses();

    uint32_t seconds = 0;
    uint32_t last = ztimer_now(ZTIMER_MSEC);

    while (1) {
        ztimer_periodic_wakeup(ZTIMER_MSEC, &last, 1000);
        seconds++;
        rbpf_event("second", &seconds, sizeof(seconds));
    }
    return 0;
}
