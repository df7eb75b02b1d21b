// SPDX-License-Identifier: LGPL-2.1-or-later
// Flash that a board keeps things in: erased by the page to ones, written by the word, where a write can only clear
// bits. A word is written at most twice between two erasures, as the nRF51 and nRF52 allow.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace rbpf::bare {

inline constexpr uint32_t kErasedWord = 0xFFFFFFFFu;

class Flash {
public:
    /// Where its bytes are read; aligned to 8.
    [[nodiscard]] virtual const uint8_t* data() const = 0;
    [[nodiscard]] virtual uint32_t pageBytes() const = 0;
    /// Erases the page that begins at `offset`.
    virtual void erase(uint32_t offset) = 0;
    /// Clears those bits of the word at `offset` (a multiple of 4) that are 0 in `word`.
    virtual void write(uint32_t offset, uint32_t word) = 0;

protected:
    ~Flash() = default;
};

/// A part of a flash, with the checks that make its failures visible. Offsets count from the part's start.
class FlashPart {
public:
    /// `start` and `size` are multiples of the page size.
    FlashPart(Flash& flash, uint32_t start, uint32_t size) : flash_(&flash), start_(start), size_(size) {}

    [[nodiscard]] uint32_t size() const { return size_; }
    [[nodiscard]] uint32_t pageBytes() const { return flash_->pageBytes(); }
    [[nodiscard]] const uint8_t* at(uint32_t offset) const { return flash_->data() + start_ + offset; }
    [[nodiscard]] uint32_t word(uint32_t offset) const {
        return *reinterpret_cast<const volatile uint32_t*>(at(offset));
    }
    [[nodiscard]] bool blank(uint32_t offset, uint32_t size) const;
    /// Erases the page at `offset` unless it is blank. False if it did not become so.
    bool erase(uint32_t offset);
    /// False if the word does not read back.
    bool write(uint32_t offset, uint32_t word);
    /// Writes bytes anywhere in erased flash; the rest of a word keeps its ones. False if they do not read back.
    bool write(uint32_t offset, const uint8_t* data, uint32_t size);

private:
    Flash* flash_;
    uint32_t start_;
    uint32_t size_;
};

/// CRC-32 (IEEE 802.3), going on from `crc`.
uint32_t crc32(const uint8_t* data, uint32_t size, uint32_t crc = 0);

} // namespace rbpf::bare
