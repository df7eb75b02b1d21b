// SPDX-License-Identifier: LGPL-2.1-or-later
// Slots in flash, switched in one step. There is one area more than there are slots: an install goes into the free
// one, is complete in every other word, and becomes the slot's with a last word that says so; then the old area is
// given up. A power cut before that word leaves the old image, after it the new one.
#pragma once

#include <rbpf/status.h>

#include "boards/bare/flash.hpp"
#include "rbpf_port/port.hpp"

namespace rbpf::bare {

class SlotStore {
public:
    static constexpr uint32_t kSlotsMax = 8;
    static constexpr uint32_t kHeaderBytes = 32; ///< of an area; the image follows

    /// `part` is divided into `slots` + 1 areas of whole pages.
    SlotStore(const FlashPart& part, uint32_t slots);

    /// Finds out what the slots hold. Once, before anything else.
    void start();
    /// Longest image.
    [[nodiscard]] uint32_t imageBytes() const { return areaBytes_ - kHeaderBytes; }

    // As in Port.
    [[nodiscard]] port::Bytes slot(uint32_t slot) const;
    rbpf_status_t stageBegin(uint32_t slot, size_t size);
    rbpf_status_t stageWrite(size_t offset, const uint8_t* data, size_t size);
    [[nodiscard]] port::Bytes staged() const;
    rbpf_status_t stageCommit(uint32_t slot);
    void stageAbort() { stagedSlot_ = kNone; }
    rbpf_status_t slotRemove(uint32_t slot);

private:
    static constexpr uint8_t kNone = 0xFF;

    [[nodiscard]] uint32_t start(uint32_t area) const { return area * areaBytes_; }
    [[nodiscard]] bool whole(uint32_t area) const;
    [[nodiscard]] uint32_t freeArea() const;
    bool giveUp(uint32_t area);

    FlashPart part_;
    uint32_t slots_;
    uint32_t areaBytes_;
    uint32_t sequence_ = 0;      ///< of the latest install
    uint8_t area_[kSlotsMax];    ///< of each slot, or kNone
    uint8_t stagedSlot_ = kNone; ///< kNone: nothing is staged
    uint8_t stagedArea_ = 0;
    uint32_t stagedBytes_ = 0;
};

} // namespace rbpf::bare
