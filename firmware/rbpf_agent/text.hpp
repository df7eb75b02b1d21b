// SPDX-License-Identifier: LGPL-2.1-or-later
// Text in bounded memory: for the console's messages and for link lists that are sent piece by piece.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace rbpf::agent {

/// Keeps the bytes from `skip` on, as many as fit, and counts all of them.
class TextWriter {
public:
    TextWriter(uint8_t* buffer, size_t capacity, size_t skip = 0) : buffer_(buffer), capacity_(capacity), skip_(skip) {}

    TextWriter& text(const char* text);
    TextWriter& number(int64_t value);
    TextWriter& hex(uint32_t value); ///< "0x" and eight digits

    [[nodiscard]] size_t total() const { return total_; }
    [[nodiscard]] size_t size() const;

private:
    void put(char c);

    uint8_t* buffer_;
    size_t capacity_;
    size_t skip_;
    size_t total_ = 0;
};

/// A decimal number that fills the whole text; "0x…" as well if `hexToo`. False otherwise, or if it exceeds 32 bits.
bool parseNumber(const char* text, size_t size, bool hexToo, uint32_t& value);

} // namespace rbpf::agent
