/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pins: bpf_gpio_read_input, bpf_gpio_read_raw, bpf_gpio_write. A pin is named by its port (0 … 31) and its number in
 * the port (0 … 31); on boards with a single row of pins the port is 0. Which pins scripts may drive is the board's
 * decision. A pin it does not offer gives a negative result. */
#ifndef RBPF_GPIO_H
#define RBPF_GPIO_H

#include <rbpf/bindings.h>

enum {
    RBPF_GPIO_LOW = 0,
    RBPF_GPIO_HIGH = 1,
};

#endif
