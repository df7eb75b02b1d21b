/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In the manner of the scripts for Femto-Containers: a loop that sleeps, reads a sensor and shares an average. */
#include <stdbool.h>
#include <stdint.h>
#include "bpf/bpfapi/helpers.h"
#include "femtocontainer/shared.h"
#include "phydat.h"
#include "saul.h"

#define SHARED_KEY 0x50
#define ROUNDS 4

int measure(void *conf)
{
    (void)conf;
    uint32_t wakeup = bpf_ztimer_now();
    uint32_t sum = 0;
    bool any = false;

    for (unsigned round = 0; round < ROUNDS; round++) {
        bpf_saul_reg_t *sensor;
        phydat_t reading;

        bpf_ztimer_periodic_wakeup(&wakeup, 1000);
        sensor = bpf_saul_reg_find_type(SAUL_SENSE_TEMP);
        if (!sensor || (bpf_saul_reg_read(sensor, &reading) < 0)) {
            continue;
        }
        sum += reading.val[0];
        any = true;
    }
    bpf_store_global(SHARED_KEY, any ? sum / ROUNDS : 0);
    return 0;
}
