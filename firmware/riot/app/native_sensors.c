/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * @file
 * @brief       Something to measure for boards that are processes
 *
 * An LED that keeps what is written to it and a temperature that follows it:
 * 21.50 °C, and 2 °C more while the LED is on.
 */

#include "modules.h"

#if IS_USED(MODULE_BOARDS_COMMON_NATIVE)

#include "auto_init_utils.h"
#include "container.h"
#include "saul_reg.h"

static int16_t _led;

static int _read_led(const void *dev, phydat_t *res)
{
    (void)dev;
    *res = (phydat_t){ .val = { _led }, .unit = UNIT_BOOL };
    return 1;
}

static int _write_led(const void *dev, const phydat_t *data)
{
    (void)dev;
    _led = data->val[0] != 0;
    return 1;
}

static int _read_temperature(const void *dev, phydat_t *res)
{
    (void)dev;
    *res = (phydat_t){ .val = { 2150 + 200 * _led }, .unit = UNIT_TEMP_C, .scale = -2 };
    return 1;
}

static const saul_driver_t _led_driver = {
    .read = _read_led,
    .write = _write_led,
    .type = SAUL_ACT_SWITCH,
};

static const saul_driver_t _temperature_driver = {
    .read = _read_temperature,
    .write = saul_write_notsup,
    .type = SAUL_SENSE_TEMP,
};

static saul_reg_t _devices[] = {
    { .name = "led", .driver = &_led_driver },
    { .name = "temperature", .driver = &_temperature_driver },
};

static void _init(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(_devices); i++) {
        saul_reg_add(&_devices[i]);
    }
}

AUTO_INIT(_init, 1800);

#endif
