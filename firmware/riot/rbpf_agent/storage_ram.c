/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * @ingroup     rbpf_agent
 * @{
 *
 * @file
 * @brief       Images lie in memory, one buffer more than there are slots
 *
 * @}
 */

#include <string.h>

#include "internal.h"
#include "rbpf_config.h"

#define BUFFERS     (CONFIG_RBPF_SLOTS + 1)

static uint64_t _buffer[BUFFERS][CONFIG_RBPF_IMAGE_BYTES / sizeof(uint64_t)];

/* Which buffer is whose; the last one is for staging. */
static uint8_t _owner[BUFFERS];
static size_t _size[BUFFERS];

#define STAGING     (CONFIG_RBPF_SLOTS)

static uint8_t *_bytes(unsigned place)
{
    return (uint8_t *)_buffer[_owner[place]];
}

void rbpf_storage_init(void)
{
    for (unsigned i = 0; i < BUFFERS; i++) {
        _owner[i] = i;
    }
}

rbpf_bytes_t rbpf_storage_slot(uint32_t slot)
{
    return (rbpf_bytes_t){ .data = _bytes(slot), .size = _size[slot] };
}

rbpf_status_t rbpf_storage_begin(uint32_t slot, size_t size)
{
    (void)slot;
    if (size > CONFIG_RBPF_IMAGE_BYTES) {
        return RBPF_STATUS_TOO_LARGE;
    }
    _size[STAGING] = 0;
    return RBPF_STATUS_OK;
}

rbpf_status_t rbpf_storage_write(size_t offset, const uint8_t *data, size_t size)
{
    if (offset != _size[STAGING]) {
        return RBPF_STATUS_BLOCK_ORDER;
    }
    if (size > CONFIG_RBPF_IMAGE_BYTES - offset) {
        return RBPF_STATUS_TOO_LARGE;
    }
    memcpy(_bytes(STAGING) + offset, data, size);
    _size[STAGING] += size;
    return RBPF_STATUS_OK;
}

rbpf_bytes_t rbpf_storage_staged(void)
{
    return rbpf_storage_slot(STAGING);
}

rbpf_status_t rbpf_storage_commit(uint32_t slot)
{
    uint8_t owner = _owner[slot];

    _owner[slot] = _owner[STAGING];
    _owner[STAGING] = owner;
    _size[slot] = _size[STAGING];
    _size[STAGING] = 0;
    return RBPF_STATUS_OK;
}

void rbpf_storage_abort(void)
{
    _size[STAGING] = 0;
}

rbpf_status_t rbpf_storage_remove(uint32_t slot)
{
    _size[slot] = 0;
    return RBPF_STATUS_OK;
}

rbpf_bytes_t rbpf_storage_store_load(void)
{
    return (rbpf_bytes_t){ .data = NULL, .size = 0 };
}

rbpf_status_t rbpf_storage_store_save(const uint8_t *data, size_t size)
{
    (void)data;
    (void)size;
    return RBPF_STATUS_OK;
}
