/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every second: sensor, decision, actuator. Between the two thresholds the switch stays as it is, so the decision
 * needs the last one; it is kept in the store. */
#include <rbpf/print.h>
#include <rbpf/saul.h>
#include <rbpf/sec.h>
#include <rbpf/store.h>

#include "settings.h"

/* A reading in tenths, whatever the sensor's scale: 2150 with scale -2 is 215. */
static int32_t tenths(const phydat_t *reading)
{
    int32_t value = reading->val[0];
    for (int scale = reading->scale; scale > -1; scale--) {
        value *= 10;
    }
    for (int scale = reading->scale; scale < -1; scale++) {
        value /= 10;
    }
    return value;
}

int32_t target(void)
{
    uint32_t stored;
    bpf_fetch_local(KEY_TARGET, &stored);
    return stored != 0 ? (int32_t)stored : TARGET_DEFAULT;
}

static int switch_heating(uint32_t on)
{
    bpf_saul_reg_t *heater = bpf_saul_reg_find_type(SAUL_ACT_SWITCH);
    phydat_t level = {{(int16_t)on}, UNIT_BOOL, 0};
    if (!heater || bpf_saul_reg_write(heater, &level) < 0) {
        return -1;
    }
    return bpf_store_local(KEY_HEATING, on);
}

SEC("timer/1000")
int control(void)
{
    phydat_t reading;
    bpf_saul_reg_t *sensor = bpf_saul_reg_find_type(SAUL_SENSE_TEMP);
    if (!sensor || bpf_saul_reg_read(sensor, &reading) < 0) {
        bpf_printf("thermostat: no temperature, switching off\n");
        switch_heating(0);
        return -1;
    }

    int32_t temperature = tenths(&reading);
    uint32_t heating;
    bpf_fetch_local(KEY_HEATING, &heating);

    uint32_t wanted = heating;
    if (temperature < target() - HYSTERESIS) {
        wanted = 1;
    } else if (temperature > target() + HYSTERESIS) {
        wanted = 0;
    }
    if (wanted != heating) {
        bpf_printf("thermostat: %d.%d degrees, heating %s\n", temperature / 10, temperature % 10, wanted ? "on" : "off");
    }
    return switch_heating(wanted);
}
