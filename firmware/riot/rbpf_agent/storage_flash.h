/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/**
 * @ingroup     rbpf_agent
 * @{
 *
 * @file
 * @brief       How many pages of flash slots and stores need
 */

#include "rbpf_config.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RBPF_FLASH_HEADER_BYTES     (32)    /**< of an image */
#define RBPF_FLASH_STORE_PAGES      (2)     /**< two halves */

/** @brief  Pages for one image */
#define RBPF_FLASH_SLOT_PAGES(page_bytes) \
    ((CONFIG_RBPF_IMAGE_BYTES + RBPF_FLASH_HEADER_BYTES + (page_bytes) - 1) / (page_bytes))

/** @brief  Pages for all of them, one more than there are slots */
#define RBPF_FLASH_SLOTS_PAGES(page_bytes) \
    ((CONFIG_RBPF_SLOTS + 1) * RBPF_FLASH_SLOT_PAGES(page_bytes))

/** @brief  Pages for slots and stores */
#define RBPF_FLASH_PAGES(page_bytes) \
    (RBPF_FLASH_SLOTS_PAGES(page_bytes) + RBPF_FLASH_STORE_PAGES)

#ifdef __cplusplus
}
#endif

/** @} */
