// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rbpf_agent/text.hpp"

#include "rbpf_bindings/fmt.hpp"

namespace rbpf::agent {

void TextWriter::put(char c) {
    if (total_ >= skip_ && total_ - skip_ < capacity_) {
        buffer_[total_ - skip_] = static_cast<uint8_t>(c);
    }
    ++total_;
}

TextWriter& TextWriter::text(const char* text) {
    for (; *text != '\0'; ++text) {
        put(*text);
    }
    return *this;
}

TextWriter& TextWriter::number(int64_t value) {
    char digits[20];
    if (value < 0) {
        put('-');
    }
    const uint64_t magnitude = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
    const size_t count = bindings::fmtU64(digits, magnitude);
    for (size_t i = 0; i < count; ++i) {
        put(digits[i]);
    }
    return *this;
}

TextWriter& TextWriter::hex(uint32_t value) {
    text("0x");
    for (int shift = 28; shift >= 0; shift -= 4) {
        put("0123456789abcdef"[value >> shift & 15]);
    }
    return *this;
}

size_t TextWriter::size() const {
    const size_t behind = total_ > skip_ ? total_ - skip_ : 0;
    return behind < capacity_ ? behind : capacity_;
}

bool parseNumber(const char* text, size_t size, bool hexToo, uint32_t& value) {
    uint32_t base = 10;
    if (hexToo && size > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
        size -= 2;
    }
    uint64_t number = 0;
    for (size_t i = 0; i < size; ++i) {
        const char c = text[i];
        uint32_t digit = 99;
        if (c >= '0' && c <= '9') {
            digit = static_cast<uint32_t>(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = static_cast<uint32_t>(c - 'a' + 10);
        } else if (c >= 'A' && c <= 'F') {
            digit = static_cast<uint32_t>(c - 'A' + 10);
        }
        if (digit >= base) {
            return false;
        }
        number = number * base + digit;
        if (number > 0xFFFFFFFFu) {
            return false;
        }
    }
    value = static_cast<uint32_t>(number);
    return size != 0;
}

} // namespace rbpf::agent
