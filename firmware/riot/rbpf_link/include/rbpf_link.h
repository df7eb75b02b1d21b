/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/**
 * @defgroup    rbpf_link   Serial link of rBPF
 * @brief       The byte stream between a board and its workstation
 *
 * One of its submodules gives the stream: `rbpf_link_uart` (the default) or
 * `rbpf_link_cdc_acm`. The bytes are the same on both: slipmux frames with
 * CoAP, debug packets and diagnostic text. Nothing else may write to it; see
 * the module `stdio_rbpf` for stdio over the same line.
 *
 * @{
 *
 * @file
 * @brief       Interface of the serial link
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief   UART of the link, a number as for `UART_DEV()`
 */
#ifndef CONFIG_RBPF_LINK_UART
#define CONFIG_RBPF_LINK_UART       (0)
#endif

/**
 * @brief   Symbol rate of the link's UART
 */
#ifndef CONFIG_RBPF_LINK_BAUDRATE
#define CONFIG_RBPF_LINK_BAUDRATE   (115200)
#endif

/**
 * @brief   Bytes that may wait to be sent by USB; a power of two
 */
#ifndef CONFIG_RBPF_LINK_TX_BYTES
#define CONFIG_RBPF_LINK_TX_BYTES   (256)
#endif

/**
 * @brief   Gets what the workstation sends
 *
 * @note    Called in interrupt context or by another thread.
 *
 * @param[in]   data    received bytes, valid during the call
 * @param[in]   len     their number
 */
typedef void (*rbpf_link_rx_cb_t)(const uint8_t *data, size_t len);

/**
 * @brief   Opens the link
 *
 * @param[in]   cb      gets the received bytes
 *
 * @retval  0   the link is open
 * @retval  <0  there is no such device, or it cannot work like that
 */
int rbpf_link_init(rbpf_link_rx_cb_t cb);

/**
 * @brief   Sends bytes
 *
 * @param[in]   data    bytes to send
 * @param[in]   len     their number
 *
 * @return  how many the link has taken, less than @p len when it is congested
 */
size_t rbpf_link_write(const uint8_t *data, size_t len);

#ifdef __cplusplus
}
#endif

/** @} */
