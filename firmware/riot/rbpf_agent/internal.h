/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/**
 * @ingroup     rbpf_agent
 * @{
 *
 * @file
 * @brief       Where C and C++ meet
 *
 * The agent itself is C++ and knows nothing of RIOT; what it needs of RIOT is
 * C and knows nothing of the agent. But for rbpf_agent_call() and
 * rbpf_gcoap_init() all of it is called by the agent's thread only.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rbpf/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name    What the agent does (core.cpp)
 * @{
 */
void rbpf_core_start(void);                             /**< loads what is stored */
uint32_t rbpf_core_poll(void);                          /**< milliseconds until the next call */
void rbpf_core_serial(const uint8_t *data, size_t len); /**< bytes have come by the link */
/** @brief  0 if no script waits for the event, or too much is going on */
int rbpf_core_fire(const char *name, const void *context, size_t len);
void rbpf_core_print(const char *text, size_t len);     /**< to the workstation's console */
/** @brief  A CoAP request has come; rbpf_port_datagram() gets the answer */
void rbpf_core_datagram(uint32_t peer, const uint8_t *data, size_t len);
/** @brief  The paths that scripts claim, without leading slash; NULL behind the last one */
const char *rbpf_core_script_path(unsigned index);

#define RBPF_CORE_NEVER UINT32_MAX  /**< of rbpf_core_poll(): not before there is input */
/** @} */

/**
 * @name    Clocks and chance (rbpf_agent.c)
 * @{
 */
uint32_t rbpf_port_now_us(void);
uint32_t rbpf_port_now_ms(void);
uint32_t rbpf_port_random(void);
/** @} */

/**
 * @name    The network (gcoap.c)
 * @{
 */
void rbpf_gcoap_init(void);
void rbpf_port_datagram(uint32_t peer, const uint8_t *data, size_t len);

/** @brief  Lets the agent's thread call a function and waits for its end */
void rbpf_agent_call(void (*function)(void *arg), void *arg);
/** @} */

/**
 * @name    Sensors and actuators (saul.c)
 *
 * A reading has the same 8 bytes on both sides.
 * @{
 */
uint32_t rbpf_port_devices(void);
const char *rbpf_port_device(uint32_t index, uint8_t *type);
int rbpf_port_device_read(uint32_t index, void *reading);
int rbpf_port_device_write(uint32_t index, const void *value);
/** @} */

/**
 * @name    Slots and stores (storage_*.c), as in rbpf_port/port.hpp
 * @{
 */
typedef struct {
    const uint8_t *data;
    size_t size;
} rbpf_bytes_t;

void rbpf_storage_init(void);
rbpf_bytes_t rbpf_storage_slot(uint32_t slot);
rbpf_status_t rbpf_storage_begin(uint32_t slot, size_t size);
rbpf_status_t rbpf_storage_write(size_t offset, const uint8_t *data, size_t size);
rbpf_bytes_t rbpf_storage_staged(void);
rbpf_status_t rbpf_storage_commit(uint32_t slot);
void rbpf_storage_abort(void);
rbpf_status_t rbpf_storage_remove(uint32_t slot);
rbpf_bytes_t rbpf_storage_store_load(void);
rbpf_status_t rbpf_storage_store_save(const uint8_t *data, size_t size);
/** @} */

/**
 * @name    What storage_ram.c keeps beyond a restart (persist_vfs.c)
 *
 * Records are numbered: the slots', then the stores'.
 * @{
 */
bool rbpf_persist_init(void);   /**< false: nothing can be kept */
/** @brief  The bytes read to @p data, 0 if there are none */
size_t rbpf_persist_load(unsigned record, uint8_t *data, size_t capacity);
/** @brief  Replaces a record in one step; @p size 0 removes it */
bool rbpf_persist_save(unsigned record, const uint8_t *data, size_t size);
/** @} */

/**
 * @name    Pages of flash (flash_area.c)
 * @{
 */
const uint8_t *rbpf_flash_area(void);
uint32_t rbpf_flash_page_bytes(void);
void rbpf_flash_erase(uint32_t offset);
void rbpf_flash_write(uint32_t offset, uint32_t word);
/** @} */

#ifdef __cplusplus
}
#endif

/** @} */
