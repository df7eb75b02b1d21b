// SPDX-License-Identifier: LGPL-2.1-or-later
// The half of a port that keeps things, over a board's flash.
#pragma once

#include "boards/bare/blob_log.hpp"
#include "boards/bare/slot_store.hpp"

// Of the linker script: slots, then the key-value stores.
extern "C" const uint8_t storageStart[], storeStart[], storageEnd[];

namespace rbpf::bare {

class StoredPort : public port::Port {
public:
    /// `flash` begins at storageStart.
    StoredPort(Flash& flash, uint32_t slots)
        : slots_(FlashPart(flash, 0, static_cast<uint32_t>(storeStart - storageStart)), slots),
          store_(FlashPart(flash, static_cast<uint32_t>(storeStart - storageStart),
                           static_cast<uint32_t>(storageEnd - storeStart))) {}

    /// Finds out what is kept. Once, before anything else.
    void startStorage() {
        slots_.start();
        store_.start();
    }

    port::Bytes slot(uint32_t slot) override { return slots_.slot(slot); }
    rbpf_status_t stageBegin(uint32_t slot, size_t size) override { return slots_.stageBegin(slot, size); }
    rbpf_status_t stageWrite(size_t offset, const uint8_t* data, size_t size) override {
        return slots_.stageWrite(offset, data, size);
    }
    port::Bytes staged() override { return slots_.staged(); }
    rbpf_status_t stageCommit(uint32_t slot) override { return slots_.stageCommit(slot); }
    void stageAbort() override { slots_.stageAbort(); }
    rbpf_status_t slotRemove(uint32_t slot) override { return slots_.slotRemove(slot); }
    port::Bytes storeLoad() override { return store_.load(); }
    rbpf_status_t storeSave(const uint8_t* data, size_t size) override { return store_.save(data, size); }
    /// No network.
    void datagramWrite(uint32_t, const uint8_t*, size_t) override {}

protected:
    ~StoredPort() = default;

private:
    SlotStore slots_;
    BlobLog store_;
};

} // namespace rbpf::bare
