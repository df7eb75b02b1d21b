/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * @ingroup     rbpf_agent
 * @{
 *
 * @file
 * @brief       Scripts' sensors and actuators are those of the SAUL registry
 *
 * @}
 */

#include <assert.h>
#include <string.h>

#include "internal.h"
#include "saul_reg.h"

static_assert(sizeof(phydat_t) == 8, "scripts know a phydat_t of 8 bytes");

uint32_t rbpf_port_devices(void)
{
    uint32_t count = 0;

    for (const saul_reg_t *dev = saul_reg; dev != NULL; dev = dev->next) {
        count++;
    }
    return count;
}

const char *rbpf_port_device(uint32_t index, uint8_t *type)
{
    const saul_reg_t *dev = saul_reg_find_nth(index);

    *type = dev->driver->type;
    return dev->name;
}

int rbpf_port_device_read(uint32_t index, void *reading)
{
    phydat_t value = { 0 };
    int res = saul_reg_read(saul_reg_find_nth(index), &value);

    memcpy(reading, &value, sizeof(value));
    return res;
}

int rbpf_port_device_write(uint32_t index, const void *value)
{
    phydat_t copy;

    memcpy(&copy, value, sizeof(copy));
    return saul_reg_write(saul_reg_find_nth(index), &copy);
}
