/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both entries of the thermostat agree on. Temperatures are in tenths of a degree Celsius. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdint.h>

#define TARGET_DEFAULT 200 /* 20.0 °C */
#define HYSTERESIS 5       /* heat from half a degree below the target until half a degree above */

/* Keys of the script's local store. */
#define KEY_TARGET 1  /* 0: TARGET_DEFAULT */
#define KEY_HEATING 2 /* 1 while the switch is on */

/* The temperature to hold. */
int32_t target(void);

#endif
