/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * @ingroup     rbpf_link
 * @{
 *
 * @file
 * @brief       The link over USB, as a CDC-ACM device
 *
 * The USB device is the link's alone.
 *
 * @}
 */

#define USB_H_USER_IS_RIOT_INTERNAL

#include <errno.h>

#include "periph/usbdev.h"
#include "usb/usbus.h"
#include "usb/usbus/cdc/acm.h"

#include "rbpf_link.h"

static char _stack[USBUS_STACKSIZE];
static usbus_t _usbus;
static usbus_cdcacm_device_t _cdc_acm;
static uint8_t _tx_buffer[CONFIG_RBPF_LINK_TX_BYTES];
static rbpf_link_rx_cb_t _cb;

static void _on_data(usbus_cdcacm_device_t *cdc_acm, uint8_t *data, size_t len)
{
    (void)cdc_acm;
    _cb(data, len);
}

int rbpf_link_init(rbpf_link_rx_cb_t cb)
{
    usbdev_t *usbdev = usbdev_get_ctx(0);

    if (usbdev == NULL) {
        return -ENODEV;
    }
    _cb = cb;
    usbus_init(&_usbus, usbdev);
    usbus_cdc_acm_init(&_usbus, &_cdc_acm, _on_data, NULL, _tx_buffer, sizeof(_tx_buffer));
    usbus_create(_stack, sizeof(_stack), USBUS_PRIO, USBUS_TNAME, &_usbus);
    return 0;
}

size_t rbpf_link_write(const uint8_t *data, size_t len)
{
    size_t taken = usbus_cdc_acm_submit(&_cdc_acm, data, len);

    usbus_cdc_acm_flush(&_cdc_acm);
    return taken;
}
