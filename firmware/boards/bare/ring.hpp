// SPDX-License-Identifier: LGPL-2.1-or-later
// Bytes between an interrupt and the program: one side puts, the other takes; neither needs a lock.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace rbpf::bare {

/// `Bytes` is a power of two.
template <uint32_t Bytes>
class Ring {
    static_assert((Bytes & (Bytes - 1)) == 0);

public:
    [[nodiscard]] bool empty() const { return first_ == end_; }
    [[nodiscard]] bool full() const { return end_ - first_ == Bytes; }
    /// False if it is full: the byte is lost.
    bool put(uint8_t byte) {
        if (full()) {
            return false;
        }
        bytes_[end_ % Bytes] = byte;
        end_ = end_ + 1;
        return true;
    }
    /// Only if it is not empty.
    uint8_t take() {
        const uint8_t byte = bytes_[first_ % Bytes];
        first_ = first_ + 1;
        return byte;
    }

private:
    volatile uint8_t bytes_[Bytes] = {};
    volatile uint32_t first_ = 0; ///< counts up, as end_: their difference is what is there
    volatile uint32_t end_ = 0;
};

} // namespace rbpf::bare
