// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/bare/blob_log.hpp"

namespace rbpf::bare {

namespace {

// A record's header, a word each; the first is written last.
enum : uint32_t {
    kCommit = 0,
    kSequence = 4,
    kSize = 8,
    kCrc = 12, ///< over sequence, size and data
    kHeaderBytes = 16,
};

constexpr uint32_t kCommitted = 0x31474F4C;

uint32_t rounded(uint32_t size) {
    return (size + 3) / 4 * 4;
}

uint32_t recordCrc(const FlashPart& part, uint32_t at, uint32_t size) {
    return crc32(part.at(at + kHeaderBytes), size, crc32(part.at(at + kSequence), kCrc - kSequence));
}

} // namespace

bool BlobLog::whole(uint32_t at, uint32_t end) const {
    if (end - at < kHeaderBytes || part_.word(at + kCommit) != kCommitted) {
        return false;
    }
    const uint32_t size = part_.word(at + kSize);
    return size <= end - at - kHeaderBytes && part_.word(at + kCrc) == recordCrc(part_, at, size);
}

void BlobLog::start() {
    for (uint32_t from = 0; from < part_.size(); from += half()) {
        const uint32_t end = from + half();
        uint32_t at = from;
        bool newer = false;
        while (whole(at, end)) {
            const uint32_t sequence = part_.word(at + kSequence);
            if (newest_ == kNone || static_cast<int32_t>(sequence - sequence_) > 0) {
                newest_ = at;
                sequence_ = sequence;
                newer = true;
            }
            at += kHeaderBytes + rounded(part_.word(at + kSize));
        }
        if (newer) { // what a power cut has left behind the records is not written over
            next_ = part_.blank(at, end - at) ? at : kNone;
        }
    }
}

port::Bytes BlobLog::load() const {
    if (newest_ == kNone) {
        return {};
    }
    return {part_.at(newest_ + kHeaderBytes), part_.word(newest_ + kSize)};
}

rbpf_status_t BlobLog::save(const uint8_t* data, size_t size) {
    if (size > half() - kHeaderBytes) {
        return RBPF_STATUS_TOO_LARGE;
    }
    const auto bytes = static_cast<uint32_t>(size);
    const uint32_t base = newest_ == kNone || newest_ < half() ? 0 : half();
    if (next_ == kNone || base + half() - next_ < kHeaderBytes + rounded(bytes)) {
        const uint32_t other = newest_ == kNone ? 0 : half() - base;
        for (uint32_t page = 0; page < half(); page += part_.pageBytes()) {
            if (!part_.erase(other + page)) {
                return RBPF_STATUS_STORAGE;
            }
        }
        next_ = other;
    }
    const uint32_t at = next_;
    bool good = part_.write(at + kSequence, sequence_ + 1) && part_.write(at + kSize, bytes) &&
                part_.write(at + kHeaderBytes, data, bytes);
    good = good && part_.write(at + kCrc, recordCrc(part_, at, bytes)) && part_.write(at + kCommit, kCommitted);
    next_ = kNone; // after a failure nothing more is written behind it
    if (!good) {
        return RBPF_STATUS_STORAGE;
    }
    newest_ = at;
    ++sequence_;
    next_ = at + kHeaderBytes + rounded(bytes);
    return RBPF_STATUS_OK;
}

} // namespace rbpf::bare
