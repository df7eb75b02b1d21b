/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * @ingroup     rbpf_agent
 * @{
 *
 * @file
 * @brief       Pages of the processor's flash, behind the firmware
 *
 * They survive a new firmware as long as it ends on the same page.
 *
 * @}
 */

#include "periph/flashpage.h"

#include "internal.h"
#include "storage_flash.h"

FLASH_WRITABLE_INIT(_area, RBPF_FLASH_PAGES(FLASHPAGE_SIZE));

static_assert(FLASHPAGE_WRITE_BLOCK_SIZE <= 4, "a word is written by itself");

const uint8_t *rbpf_flash_area(void)
{
    return _area;
}

uint32_t rbpf_flash_page_bytes(void)
{
    return FLASHPAGE_SIZE;
}

void rbpf_flash_erase(uint32_t offset)
{
    flashpage_erase(flashpage_page((void *)(_area + offset)));
}

void rbpf_flash_write(uint32_t offset, uint32_t word)
{
    flashpage_write((void *)(_area + offset), &word, sizeof(word));
}
