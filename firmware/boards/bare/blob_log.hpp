// SPDX-License-Identifier: LGPL-2.1-or-later
// The key-value stores in flash: each save is a record behind the last one, complete before its first word says so.
// When one half of the flash is full the other is erased and begun; so there is always a whole record somewhere.
#pragma once

#include <rbpf/status.h>

#include "boards/bare/flash.hpp"
#include "rbpf_port/port.hpp"

namespace rbpf::bare {

class BlobLog {
public:
    /// `part` has an even number of pages; half of it holds at least one record.
    explicit BlobLog(const FlashPart& part) : part_(part) {}

    /// Finds the newest record. Once, before anything else.
    void start();
    [[nodiscard]] port::Bytes load() const;
    /// TOO_LARGE, STORAGE or OK; a failure leaves the earlier record.
    rbpf_status_t save(const uint8_t* data, size_t size);

private:
    static constexpr uint32_t kNone = 0xFFFFFFFFu;

    [[nodiscard]] uint32_t half() const { return part_.size() / 2; }
    [[nodiscard]] bool whole(uint32_t at, uint32_t end) const;

    FlashPart part_;
    uint32_t newest_ = kNone; ///< offset of the newest record
    uint32_t sequence_ = 0;
    uint32_t next_ = kNone; ///< where the next record goes, if it fits there; kNone: into the other half
};

} // namespace rbpf::bare
