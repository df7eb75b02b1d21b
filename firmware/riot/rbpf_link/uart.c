/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * @ingroup     rbpf_link
 * @{
 *
 * @file
 * @brief       The link over a UART
 *
 * @}
 */

#include <errno.h>

#include "periph/uart.h"
#include "rbpf_link.h"

static void _on_byte(void *arg, uint8_t byte)
{
    rbpf_link_rx_cb_t cb = (rbpf_link_rx_cb_t)arg;

    cb(&byte, 1);
}

int rbpf_link_init(rbpf_link_rx_cb_t cb)
{
    int res = uart_init(UART_DEV(CONFIG_RBPF_LINK_UART), CONFIG_RBPF_LINK_BAUDRATE,
                        _on_byte, (void *)cb);

    return res == UART_OK ? 0 : -ENODEV;
}

size_t rbpf_link_write(const uint8_t *data, size_t len)
{
    uart_write(UART_DEV(CONFIG_RBPF_LINK_UART), data, len);
    return len;
}
