/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/**
 * @defgroup    rbpf_agent  rBPF agent
 * @brief       Runs scripts in a sandbox, in a thread of its own
 *
 * The agent keeps scripts in slots, runs them when their triggers fire, and
 * lets the `rbpf` program of a workstation install, list and debug them over
 * the serial link (module `rbpf_link`). It starts by itself (`auto_init`).
 *
 * Scripts share one thread, at @ref CONFIG_RBPF_PRIORITY; whatever they do,
 * threads of a higher priority are served first.
 *
 * @{
 *
 * @file
 * @brief       Interface and configuration of the agent
 */

#include <stddef.h>
#include <stdint.h>

#include "rbpf_config.h"
#include "thread.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name    Thread of the scripts
 * @{
 */
/**
 * @brief   Priority of the thread that runs agent and scripts
 */
#ifndef CONFIG_RBPF_PRIORITY
#define CONFIG_RBPF_PRIORITY        (THREAD_PRIORITY_MAIN + 1)
#endif

/**
 * @brief   Stack of that thread beyond THREAD_STACKSIZE_DEFAULT in bytes;
 *          scripts have their own
 */
#ifndef CONFIG_RBPF_THREAD_STACK_EXTRA
#define CONFIG_RBPF_THREAD_STACK_EXTRA  (768)
#endif

/**
 * @brief   Bytes of the serial link that may wait to be read; a power of two
 */
#ifndef CONFIG_RBPF_RX_BYTES
#define CONFIG_RBPF_RX_BYTES        (CONFIG_RBPF_SMALL_BOARD ? 256 : 512)
#endif

/**
 * @brief   Characters given to @ref rbpf_print() that may wait; a power of two
 */
#ifndef CONFIG_RBPF_TEXT_BYTES
#define CONFIG_RBPF_TEXT_BYTES      (128)
#endif
/** @} */

/**
 * @brief   How long gcoap waits for a script's answer in milliseconds
 *
 * It serves nobody else meanwhile. Should be less than clients wait until they
 * repeat a request.
 */
#ifndef CONFIG_RBPF_COAP_WAIT_MS
#define CONFIG_RBPF_COAP_WAIT_MS    (1500)
#endif

/**
 * @brief   How many events fired by @ref rbpf_event() may wait
 */
#ifndef CONFIG_RBPF_EVENTS
#define CONFIG_RBPF_EVENTS          (4)
#endif

/**
 * @brief   Largest context of an event in bytes
 */
#define RBPF_EVENT_CONTEXT_MAX      (32)

/**
 * @brief   Starts the agent's thread
 *
 * Called by `auto_init`; call it yourself only if you have disabled that.
 */
void rbpf_agent_init(void);

/**
 * @brief   Fires an event: scripts with the trigger `event/NAME` run soon
 *
 * Returns at once. May be called by any thread and in interrupt context.
 *
 * @param[in]   name        the event's name; must stay valid, e.g. a literal
 * @param[in]   context     what the scripts find behind their first argument;
 *                          copied, may be NULL if @p len is 0
 * @param[in]   len         its size, at most @ref RBPF_EVENT_CONTEXT_MAX
 *
 * @retval  0           the event waits to be served
 * @retval  -EMSGSIZE   the context is too large
 * @retval  -EAGAIN     @ref CONFIG_RBPF_EVENTS events wait already
 */
int rbpf_event(const char *name, const void *context, size_t len);

/**
 * @brief   Prints to the console of the workstation, as scripts do
 *
 * Returns at once. May be called by any thread and in interrupt context. With
 * the module `stdio_rbpf` stdio comes this way, too.
 *
 * @param[in]   text        characters, need not end with NUL
 * @param[in]   len         their number
 *
 * @return  how many were taken, less than @p len if too many wait
 */
size_t rbpf_print(const char *text, size_t len);

#ifdef __cplusplus
}
#endif

/** @} */
