// SPDX-License-Identifier: LGPL-2.1-or-later
// The text of GDB's Remote Serial Protocol packets, both directions: hexadecimal, escaped binary, and names with
// numbers
// ("name:num,num;"). Neither side ever leaves its bounds; a reader stops at the first thing that does not fit.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "rbpf_wire/bytes.hpp"

namespace rbpf::wire {

/// 0 … 15, or -1 for what is no hexadecimal digit.
int hexDigit(uint8_t character);

/// Takes a payload apart from its start. What returns false has consumed nothing, except where it says so.
class RspReader {
public:
    explicit RspReader(Bytes payload) : at_(payload.data), end_(payload.data + payload.size) {}

    /// The next character, if it is this one.
    bool take(char character);
    /// The next characters, if they are these.
    bool take(const char* text);
    /// A hexadecimal number of 1 … 16 digits (more only if they are leading zeros); it ends before the first character
    /// that is no digit.
    bool number(uint64_t& value);
    /// The same; false also if it exceeds 32 bits.
    bool number(uint32_t& value);
    /// "value,value": both, or nothing.
    bool pair(uint32_t& first, uint32_t& second);
    /// `size` bytes of two digits each. On failure some of `out` may be written.
    bool hexBytes(uint8_t* out, size_t size);
    /// `size` bytes with RSP's escape. On failure some of `out` may be written.
    bool binary(uint8_t* out, size_t size);
    /// Everything up to `stop`, which is consumed as well, or up to the end.
    Bytes until(char stop);
    /// What is left.
    [[nodiscard]] Bytes rest() const { return {at_, static_cast<size_t>(end_ - at_)}; }
    [[nodiscard]] bool atEnd() const { return at_ == end_; }

private:
    const uint8_t* at_;
    const uint8_t* end_;
};

/// Puts a payload together. What does not fit is left out whole, and so is all that follows: a payload that overflowed
/// is to be thrown away.
class RspWriter {
public:
    RspWriter(uint8_t* buffer, size_t capacity) : buffer_(buffer), capacity_(capacity) {}

    RspWriter& put(char character);
    RspWriter& text(const char* text);
    /// As few digits as possible, at least one.
    RspWriter& number(uint64_t value);
    /// Two digits each, lower case.
    RspWriter& hexBytes(const void* bytes, size_t size);
    /// With RSP's escape.
    RspWriter& binary(const void* bytes, size_t size);

    [[nodiscard]] Bytes bytes() const { return {buffer_, size_}; }
    [[nodiscard]] size_t room() const { return overflowed_ ? 0 : capacity_ - size_; }
    [[nodiscard]] bool overflowed() const { return overflowed_; }

private:
    bool fits(size_t size);

    uint8_t* buffer_;
    size_t capacity_;
    size_t size_ = 0;
    bool overflowed_ = false;
};

} // namespace rbpf::wire
