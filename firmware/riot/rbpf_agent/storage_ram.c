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
 * With a persist_*.c beside it they come from there and go there, too.
 *
 * @}
 */

#include <string.h>

#include "modules.h"

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

/* Something is kept beyond a restart. */
static bool _kept;

void rbpf_storage_init(void)
{
    _kept = IS_USED(MODULE_RBPF_STORAGE_VFS) && rbpf_persist_init();
    for (unsigned i = 0; i < BUFFERS; i++) {
        _owner[i] = i;
        _size[i] = _kept && (i != STAGING) ?
                   rbpf_persist_load(i, _bytes(i), CONFIG_RBPF_IMAGE_BYTES) : 0;
    }
}

static rbpf_status_t _keep(unsigned record, const uint8_t *data, size_t size)
{
    return !_kept || rbpf_persist_save(record, data, size) ? RBPF_STATUS_OK
                                                           : RBPF_STATUS_STORAGE;
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
    rbpf_status_t status = _keep(slot, _bytes(STAGING), _size[STAGING]);
    if (status != RBPF_STATUS_OK) {
        return status;
    }

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
    rbpf_status_t status = _keep(slot, NULL, 0);

    if (status == RBPF_STATUS_OK) {
        _size[slot] = 0;
    }
    return status;
}

/* The stores' record follows those of the slots. */
#define STORES      (CONFIG_RBPF_SLOTS)

rbpf_bytes_t rbpf_storage_store_load(void)
{
    /* Nothing is being staged yet: there is room. */
    uint8_t *data = _bytes(STAGING);

    return (rbpf_bytes_t){
        .data = data,
        .size = _kept ? rbpf_persist_load(STORES, data, CONFIG_RBPF_IMAGE_BYTES) : 0,
    };
}

rbpf_status_t rbpf_storage_store_save(const uint8_t *data, size_t size)
{
    return _keep(STORES, data, size);
}
