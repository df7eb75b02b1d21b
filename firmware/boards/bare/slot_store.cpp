// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/bare/slot_store.hpp"

namespace rbpf::bare {

namespace {

// An area's header, a word each. The first is written last; cleared to 0 it gives the area up.
enum : uint32_t {
    kCommit = 0,
    kSlot = 4,
    kSequence = 8,
    kSize = 12,
    kDataCrc = 16,
    kHeaderCrc = 20, ///< over slot … data's CRC
};

constexpr uint32_t kCommitted = 0x54304C53;
constexpr uint32_t kCheckedBytes = kHeaderCrc - kSlot;

/// Sequence numbers wrap.
bool later(uint32_t left, uint32_t right) {
    return static_cast<int32_t>(left - right) > 0;
}

} // namespace

SlotStore::SlotStore(const FlashPart& part, uint32_t slots)
    : part_(part), slots_(slots < kSlotsMax ? slots : kSlotsMax),
      areaBytes_(part.size() / (slots_ + 1) / part.pageBytes() * part.pageBytes()) {
    for (uint8_t& area : area_) {
        area = kNone;
    }
}

bool SlotStore::whole(uint32_t area) const {
    const uint32_t at = start(area);
    const uint32_t size = part_.word(at + kSize);
    return part_.word(at + kCommit) == kCommitted &&
           part_.word(at + kHeaderCrc) == crc32(part_.at(at + kSlot), kCheckedBytes) &&
           part_.word(at + kSlot) < slots_ && size <= imageBytes() &&
           part_.word(at + kDataCrc) == crc32(part_.at(at + kHeaderBytes), size);
}

bool SlotStore::giveUp(uint32_t area) {
    return part_.write(start(area) + kCommit, 0);
}

/// There is one area more than slots: one is free.
uint32_t SlotStore::freeArea() const {
    uint32_t used = 0;
    for (uint32_t i = 0; i < slots_; ++i) {
        used |= area_[i] == kNone ? 0 : 1u << area_[i];
    }
    uint32_t area = 0;
    while ((used >> area & 1) != 0) {
        ++area;
    }
    return area;
}

void SlotStore::start() {
    bool any = false;
    for (uint32_t area = 0; area <= slots_; ++area) {
        if (!whole(area)) {
            continue;
        }
        const uint32_t slot = part_.word(start(area) + kSlot);
        const uint32_t sequence = part_.word(start(area) + kSequence);
        sequence_ = !any || later(sequence, sequence_) ? sequence : sequence_;
        any = true;
        uint8_t& chosen = area_[slot];
        if (chosen == kNone) {
            chosen = static_cast<uint8_t>(area);
            continue;
        }
        // The power was cut between an install's last word and giving up what it replaced: that is done now.
        const bool newer = later(sequence, part_.word(start(chosen) + kSequence));
        const uint32_t old = newer ? chosen : area;
        chosen = newer ? static_cast<uint8_t>(area) : chosen;
        (void)giveUp(old);
    }
}

port::Bytes SlotStore::slot(uint32_t slot) const {
    if (slot >= slots_ || area_[slot] == kNone) {
        return {};
    }
    const uint32_t at = start(area_[slot]);
    return {part_.at(at + kHeaderBytes), part_.word(at + kSize)};
}

rbpf_status_t SlotStore::stageBegin(uint32_t slot, size_t size) {
    if (slot >= slots_) {
        return RBPF_STATUS_NO_SUCH_SLOT;
    }
    if (size > imageBytes()) {
        return RBPF_STATUS_TOO_LARGE;
    }
    const uint32_t area = freeArea();
    if (!part_.erase(start(area))) {
        return RBPF_STATUS_STORAGE;
    }
    stagedArea_ = static_cast<uint8_t>(area);
    stagedBytes_ = 0;
    stagedSlot_ = static_cast<uint8_t>(slot);
    return RBPF_STATUS_OK;
}

rbpf_status_t SlotStore::stageWrite(size_t offset, const uint8_t* data, size_t size) {
    if (stagedSlot_ == kNone || offset != stagedBytes_) {
        return RBPF_STATUS_BLOCK_ORDER;
    }
    if (size > imageBytes() - stagedBytes_) {
        return RBPF_STATUS_TOO_LARGE;
    }
    // Pages are erased when the image reaches them: a page takes 20 ms, in which the processor stands still.
    const uint32_t from = start(stagedArea_) + kHeaderBytes + stagedBytes_;
    const uint32_t to = from + static_cast<uint32_t>(size);
    const uint32_t pageBytes = part_.pageBytes();
    for (uint32_t page = (from + pageBytes - 1) / pageBytes * pageBytes; page < to; page += pageBytes) {
        if (!part_.erase(page)) {
            return RBPF_STATUS_STORAGE;
        }
    }
    if (!part_.write(from, data, static_cast<uint32_t>(size))) {
        return RBPF_STATUS_STORAGE;
    }
    stagedBytes_ += static_cast<uint32_t>(size);
    return RBPF_STATUS_OK;
}

port::Bytes SlotStore::staged() const {
    if (stagedSlot_ == kNone) {
        return {};
    }
    return {part_.at(start(stagedArea_) + kHeaderBytes), stagedBytes_};
}

rbpf_status_t SlotStore::stageCommit(uint32_t slot) {
    if (stagedSlot_ == kNone || stagedSlot_ != slot) {
        return RBPF_STATUS_BLOCK_ORDER;
    }
    if (stagedBytes_ == 0) {
        stageAbort();
        return slotRemove(slot);
    }
    const uint32_t at = start(stagedArea_);
    bool good = part_.write(at + kSlot, slot) && part_.write(at + kSequence, sequence_ + 1) &&
                part_.write(at + kSize, stagedBytes_) &&
                part_.write(at + kDataCrc, crc32(part_.at(at + kHeaderBytes), stagedBytes_));
    good = good && part_.write(at + kHeaderCrc, crc32(part_.at(at + kSlot), kCheckedBytes));
    good = good && part_.write(at + kCommit, kCommitted);
    stageAbort();
    if (!good) {
        return RBPF_STATUS_STORAGE;
    }
    ++sequence_;
    const uint8_t old = area_[slot];
    area_[slot] = stagedArea_;
    if (old != kNone) {
        (void)giveUp(old); // if it fails: the higher sequence number wins at the next start
    }
    return RBPF_STATUS_OK;
}

rbpf_status_t SlotStore::slotRemove(uint32_t slot) {
    if (slot >= slots_) {
        return RBPF_STATUS_NO_SUCH_SLOT;
    }
    // What could not be given up earlier must not come back: the slot's own area goes last.
    for (uint32_t area = 0; area <= slots_; ++area) {
        if (area != area_[slot] && whole(area) && part_.word(start(area) + kSlot) == slot && !giveUp(area)) {
            return RBPF_STATUS_STORAGE;
        }
    }
    if (area_[slot] != kNone && !giveUp(area_[slot])) {
        return RBPF_STATUS_STORAGE;
    }
    area_[slot] = kNone;
    return RBPF_STATUS_OK;
}

} // namespace rbpf::bare
