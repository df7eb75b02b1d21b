// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rbpf_wire/rsp.hpp"

#include <string.h>

namespace rbpf::wire {

namespace {

constexpr uint8_t kEscape = '}';
constexpr uint8_t kEscapeFlip = 0x20;

bool needsEscape(uint8_t byte) {
    return byte == '#' || byte == '$' || byte == '}' || byte == '*';
}

char digit(unsigned value) {
    return static_cast<char>(value < 10 ? '0' + value : 'a' + value - 10);
}

} // namespace

int hexDigit(uint8_t character) {
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    const uint8_t lower = character | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool RspReader::take(char character) {
    if (at_ == end_ || *at_ != static_cast<uint8_t>(character)) {
        return false;
    }
    ++at_;
    return true;
}

bool RspReader::take(const char* text) {
    const size_t size = strlen(text);
    if (size > rest().size || memcmp(at_, text, size) != 0) {
        return false;
    }
    at_ += size;
    return true;
}

bool RspReader::number(uint64_t& value) {
    const uint8_t* at = at_;
    uint64_t sum = 0;
    for (; at != end_ && hexDigit(*at) >= 0; ++at) {
        if (sum >> 60 != 0) {
            return false;
        }
        sum = sum << 4 | static_cast<unsigned>(hexDigit(*at));
    }
    if (at == at_) {
        return false;
    }
    at_ = at;
    value = sum;
    return true;
}

bool RspReader::number(uint32_t& value) {
    const uint8_t* const start = at_;
    uint64_t wide = 0;
    if (!number(wide)) {
        return false;
    }
    if (wide > UINT32_MAX) {
        at_ = start;
        return false;
    }
    value = static_cast<uint32_t>(wide);
    return true;
}

bool RspReader::pair(uint32_t& first, uint32_t& second) {
    const uint8_t* const start = at_;
    if (number(first) && take(',') && number(second)) {
        return true;
    }
    at_ = start;
    return false;
}

bool RspReader::hexBytes(uint8_t* out, size_t size) {
    if (rest().size / 2 < size) {
        return false;
    }
    for (size_t i = 0; i < size; ++i) {
        const int high = hexDigit(at_[2 * i]);
        const int low = hexDigit(at_[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = static_cast<uint8_t>(high << 4 | low);
    }
    at_ += 2 * size;
    return true;
}

bool RspReader::binary(uint8_t* out, size_t size) {
    const uint8_t* at = at_;
    for (size_t i = 0; i < size; ++i) {
        uint8_t flip = 0;
        if (at != end_ && *at == kEscape) {
            ++at;
            flip = kEscapeFlip;
        }
        if (at == end_) {
            return false;
        }
        out[i] = *at++ ^ flip;
    }
    at_ = at;
    return true;
}

Bytes RspReader::until(char stop) {
    const Bytes all = rest();
    const void* found = all.size == 0 ? nullptr : memchr(at_, stop, all.size);
    if (found == nullptr) {
        at_ = end_;
        return all;
    }
    const Bytes part{at_, static_cast<size_t>(static_cast<const uint8_t*>(found) - at_)};
    at_ += part.size + 1;
    return part;
}

bool RspWriter::fits(size_t size) {
    overflowed_ = overflowed_ || size > capacity_ - size_;
    return !overflowed_;
}

RspWriter& RspWriter::put(char character) {
    if (fits(1)) {
        buffer_[size_++] = static_cast<uint8_t>(character);
    }
    return *this;
}

RspWriter& RspWriter::text(const char* text) {
    if (fits(strlen(text))) {
        while (*text != '\0') {
            buffer_[size_++] = static_cast<uint8_t>(*text++);
        }
    }
    return *this;
}

RspWriter& RspWriter::number(uint64_t value) {
    unsigned digits = 1;
    while (digits < 16 && value >> (4 * digits) != 0) {
        ++digits;
    }
    if (fits(digits)) {
        while (digits-- != 0) {
            buffer_[size_++] = static_cast<uint8_t>(digit(static_cast<unsigned>(value >> (4 * digits)) & 15));
        }
    }
    return *this;
}

RspWriter& RspWriter::hexBytes(const void* bytes, size_t size) {
    const uint8_t* each = static_cast<const uint8_t*>(bytes);
    if (fits(2 * size)) {
        for (; size != 0; --size, ++each) {
            buffer_[size_++] = static_cast<uint8_t>(digit(*each >> 4));
            buffer_[size_++] = static_cast<uint8_t>(digit(*each & 15));
        }
    }
    return *this;
}

RspWriter& RspWriter::binary(const void* bytes, size_t size) {
    const uint8_t* each = static_cast<const uint8_t*>(bytes);
    size_t need = size;
    for (size_t i = 0; i < size; ++i) {
        need += needsEscape(each[i]) ? 1 : 0;
    }
    if (fits(need)) {
        for (; size != 0; --size, ++each) {
            const bool escape = needsEscape(*each);
            if (escape) {
                buffer_[size_++] = kEscape;
            }
            buffer_[size_++] = escape ? *each ^ kEscapeFlip : *each;
        }
    }
    return *this;
}

} // namespace rbpf::wire
