/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/**
 * @ingroup     rbpf_agent
 * @{
 *
 * @file
 * @brief       How much of everything a board gives to scripts
 *
 * Set these with Kconfig (`make menuconfig`) or `CFLAGS += -DCONFIG_RBPF_…`.
 */

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief   For 16 KB of RAM: fewer timers, observers and shorter triggers
 */
#ifndef CONFIG_RBPF_SMALL_BOARD
#define CONFIG_RBPF_SMALL_BOARD     (0)
#endif

#if CONFIG_RBPF_SMALL_BOARD
#define RBPF_SMALL_BOARD
#endif

/**
 * @brief   Slots for scripts
 */
#ifndef CONFIG_RBPF_SLOTS
#define CONFIG_RBPF_SLOTS           (CONFIG_RBPF_SMALL_BOARD ? 3 : 4)
#endif

/**
 * @brief   Largest stack of one script in bytes; a multiple of 8
 */
#ifndef CONFIG_RBPF_STACK_BYTES
#define CONFIG_RBPF_STACK_BYTES     (512)
#endif

/**
 * @brief   Largest variables (data and bss) of one script in bytes; a multiple of 8
 */
#ifndef CONFIG_RBPF_RAM_BYTES
#define CONFIG_RBPF_RAM_BYTES       (256)
#endif

/**
 * @brief   Largest image of a script in bytes; a multiple of 8
 */
#ifndef CONFIG_RBPF_IMAGE_BYTES
#define CONFIG_RBPF_IMAGE_BYTES     (4096)
#endif

/**
 * @brief   Instructions that a run may execute if its script asks for nothing
 */
#ifndef CONFIG_RBPF_BUDGET
#define CONFIG_RBPF_BUDGET          (1000000)
#endif

/**
 * @brief   Instructions that a run may execute, whatever its script asks for
 */
#ifndef CONFIG_RBPF_BUDGET_MAX
#define CONFIG_RBPF_BUDGET_MAX      (10000000)
#endif

/**
 * @brief   Instructions until the next script gets its turn
 */
#ifndef CONFIG_RBPF_QUANTUM
#define CONFIG_RBPF_QUANTUM         (2000)
#endif

/**
 * @brief   Longest CoAP message in bytes; a multiple of 8, at least 128
 */
#ifndef CONFIG_RBPF_MESSAGE_BYTES
#define CONFIG_RBPF_MESSAGE_BYTES   (CONFIG_RBPF_SMALL_BOARD ? 128 : 256)
#endif

/**
 * @brief   CoAP requests served at once; one of them is kept for management
 */
#ifndef CONFIG_RBPF_EXCHANGES
#define CONFIG_RBPF_EXCHANGES       (3)
#endif

/**
 * @brief   Keys in the store of one script, and in the one they share
 */
#ifndef CONFIG_RBPF_KEYS
#define CONFIG_RBPF_KEYS            (8)
#endif

/**
 * @brief   How long a debugger may hold a script at most, in milliseconds;
 *          0: as long as it wants
 */
#ifndef CONFIG_RBPF_HOLD_MS
#define CONFIG_RBPF_HOLD_MS         (0)
#endif

#define RBPF_HOLD_MS                (CONFIG_RBPF_HOLD_MS)

/**
 * @brief   Breakpoints and watchpoints
 */
#ifndef CONFIG_RBPF_DEBUG_POINTS
#define CONFIG_RBPF_DEBUG_POINTS    (8)
#endif

#ifdef __cplusplus
}
#endif

/** @} */
