// SPDX-License-Identifier: GPL-3.0-or-later
// Reads DWARF's numbers one after another; behind the end everything is 0 and failed() says so. Internal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace rbpf::dwarf {

class Cursor {
public:
    explicit Cursor(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    [[nodiscard]] bool done() const { return at_ >= bytes_.size(); }
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

    std::uint64_t fixed(unsigned size) {
        std::uint64_t value = 0;
        for (unsigned i = 0; i < size; ++i) {
            value |= std::uint64_t{byte()} << (8 * i);
        }
        return value;
    }
    std::int64_t fixedSigned(unsigned size) {
        const unsigned unused = 64 - 8 * size;
        return static_cast<std::int64_t>(fixed(size) << unused) >> unused;
    }
    std::uint64_t uleb() {
        std::uint64_t value = 0;
        for (unsigned shift = 0;; shift += 7) {
            const auto next = byte();
            if (shift < 64) {
                value |= std::uint64_t{next & 0x7fU} << shift;
            }
            if ((next & 0x80) == 0) {
                return value;
            }
        }
    }
    std::int64_t sleb() {
        std::uint64_t value = 0;
        for (unsigned shift = 0;;) {
            const auto next = byte();
            if (shift < 64) {
                value |= std::uint64_t{next & 0x7fU} << shift;
            }
            shift += 7;
            if ((next & 0x80) == 0) {
                if (shift < 64 && (next & 0x40) != 0) {
                    value |= ~std::uint64_t{0} << shift;
                }
                return static_cast<std::int64_t>(value);
            }
        }
    }
    std::span<const std::uint8_t> block(std::uint64_t size) {
        if (size > bytes_.size() - at_) {
            failed_ = true;
            at_ = bytes_.size();
            return {};
        }
        const auto result = bytes_.subspan(at_, size);
        at_ += size;
        return result;
    }

private:
    /// Behind the end: 0, which also ends every LEB128.
    std::uint8_t byte() {
        if (done()) {
            failed_ = true;
            return 0;
        }
        return bytes_[at_++];
    }

    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
    bool failed_ = false;
};

} // namespace rbpf::dwarf
