// SPDX-License-Identifier: GPL-3.0-or-later
// What the fuzz targets share: taking parameters off the front of an input, and a check that stays on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

/// A property that must hold for every input; libFuzzer keeps the input that breaks it.
#define FUZZ_REQUIRE(condition)                                                                                        \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                             \
            std::abort();                                                                                              \
        }                                                                                                              \
    } while (0)

namespace rbpf::fuzz {

/// Reads an input from its front; what is not there reads as 0.
class Input {
public:
    Input(const uint8_t* data, std::size_t size) : rest_(data, size) {}

    uint8_t byte() {
        if (rest_.empty())
            return 0;
        const uint8_t value = rest_.front();
        rest_ = rest_.subspan(1);
        return value;
    }

    uint16_t word() {
        const uint8_t low = byte();
        return static_cast<uint16_t>(low | byte() << 8);
    }

    /// At most `size` bytes, in a heap block of exactly that length.
    std::vector<uint8_t> bytes(std::size_t size) {
        const auto part = rest_.first(size < rest_.size() ? size : rest_.size());
        rest_ = rest_.subspan(part.size());
        return {part.begin(), part.end()};
    }

    std::vector<uint8_t> rest() { return bytes(rest_.size()); }
    [[nodiscard]] bool empty() const { return rest_.empty(); }

private:
    std::span<const uint8_t> rest_;
};

} // namespace rbpf::fuzz
