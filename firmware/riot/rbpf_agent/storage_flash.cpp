// SPDX-License-Identifier: LGPL-2.1-or-later
// Slots and stores in pages of the processor's flash, as on the bare-metal boards: images are executed where they lie
// and need no memory; a power cut leaves the old or the new ones.
#include "storage_flash.h"
#include "internal.h"

#include "boards/bare/blob_log.hpp"
#include "boards/bare/slot_store.hpp"

namespace {

using namespace rbpf;

static_assert(RBPF_FLASH_HEADER_BYTES == bare::SlotStore::kHeaderBytes);
static_assert(CONFIG_RBPF_SLOTS <= bare::SlotStore::kSlotsMax);

class RiotFlash final : public bare::Flash {
public:
    [[nodiscard]] const uint8_t* data() const override { return rbpf_flash_area(); }
    [[nodiscard]] uint32_t pageBytes() const override { return rbpf_flash_page_bytes(); }
    void erase(uint32_t offset) override { rbpf_flash_erase(offset); }
    void write(uint32_t offset, uint32_t word) override { rbpf_flash_write(offset, word); }
};

struct Storage {
    RiotFlash flash;
    bare::SlotStore slots{bare::FlashPart(flash, 0, slotsBytes()), CONFIG_RBPF_SLOTS};
    bare::BlobLog stores{bare::FlashPart(flash, slotsBytes(), RBPF_FLASH_STORE_PAGES* flash.pageBytes())};

    [[nodiscard]] uint32_t slotsBytes() const { return RBPF_FLASH_SLOTS_PAGES(flash.pageBytes()) * flash.pageBytes(); }
};

Storage& storage() {
    static Storage storage;
    return storage;
}

rbpf_bytes_t bytes(port::Bytes from) {
    return {from.data, from.size};
}

} // namespace

void rbpf_storage_init() {
    storage().slots.start();
    storage().stores.start();
}

rbpf_bytes_t rbpf_storage_slot(uint32_t slot) {
    return bytes(storage().slots.slot(slot));
}

rbpf_status_t rbpf_storage_begin(uint32_t slot, size_t size) {
    return size > CONFIG_RBPF_IMAGE_BYTES ? RBPF_STATUS_TOO_LARGE : storage().slots.stageBegin(slot, size);
}

rbpf_status_t rbpf_storage_write(size_t offset, const uint8_t* data, size_t size) {
    return storage().slots.stageWrite(offset, data, size);
}

rbpf_bytes_t rbpf_storage_staged() {
    return bytes(storage().slots.staged());
}

rbpf_status_t rbpf_storage_commit(uint32_t slot) {
    return storage().slots.stageCommit(slot);
}

void rbpf_storage_abort() {
    storage().slots.stageAbort();
}

rbpf_status_t rbpf_storage_remove(uint32_t slot) {
    return storage().slots.slotRemove(slot);
}

rbpf_bytes_t rbpf_storage_store_load() {
    return bytes(storage().stores.load());
}

rbpf_status_t rbpf_storage_store_save(const uint8_t* data, size_t size) {
    return storage().stores.save(data, size);
}
