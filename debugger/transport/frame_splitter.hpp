// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts a byte stream into slipmux frames without looking inside, so that whole frames can be passed on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rbpf::transport {

/// Longest frame that is passed on, END bytes included. Twice what the longest CoAP message takes when all is escaped.
inline constexpr std::size_t kLongestFrame = 8192;

class FrameSplitter {
public:
    /// Calls `whole(std::span<const std::uint8_t>)` for every frame completed by `bytes`, each with an END on both
    /// sides. What comes before the first END, frames longer than kLongestFrame and empty frames are dropped.
    template <typename Whole>
    void put(std::span<const std::uint8_t> bytes, Whole whole) {
        for (const std::uint8_t byte : bytes) {
            if (byte == kEnd) {
                if (frame_.size() > 1) {
                    frame_.push_back(kEnd);
                    whole(std::span<const std::uint8_t>(frame_));
                }
                frame_.assign(1, kEnd);
            } else if (!frame_.empty()) {
                frame_.push_back(byte);
                if (frame_.size() == kLongestFrame) {
                    frame_.clear();
                }
            }
        }
    }

private:
    static constexpr std::uint8_t kEnd = 0xC0;
    std::vector<std::uint8_t> frame_; ///< empty: waiting for an END
};

} // namespace rbpf::transport
