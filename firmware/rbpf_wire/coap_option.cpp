// SPDX-License-Identifier: LGPL-2.1-or-later
// The option encoding of RFC 7252 section 3.1: a half byte each for delta and length, 13 and 14 announcing more.
#include "rbpf_wire/coap_option.hpp"

#include <string.h>

namespace rbpf::wire {

namespace {

constexpr uint8_t kPayloadMarker = 0xFF;
constexpr uint32_t kOneByteFrom = 13;
constexpr uint32_t kTwoBytesFrom = 269;

uint8_t nibbleFor(uint32_t value) {
    return static_cast<uint8_t>(value < kOneByteFrom ? value : value < kTwoBytesFrom ? 13 : 14);
}

size_t extensionBytes(uint32_t value) {
    return value < kOneByteFrom ? 0 : value < kTwoBytesFrom ? 1 : 2;
}

uint8_t* writeExtension(uint8_t* out, uint32_t value) {
    if (value >= kTwoBytesFrom) {
        *out++ = static_cast<uint8_t>((value - kTwoBytesFrom) >> 8);
        *out++ = static_cast<uint8_t>(value - kTwoBytesFrom);
    } else if (value >= kOneByteFrom) {
        *out++ = static_cast<uint8_t>(value - kOneByteFrom);
    }
    return out;
}

} // namespace

bool optionUint(Bytes value, uint32_t& number) {
    if (value.size > 4) {
        return false;
    }
    number = 0;
    for (size_t i = 0; i < value.size; ++i) {
        number = number << 8 | value.data[i];
    }
    return true;
}

size_t writeOption(uint8_t* out, size_t capacity, uint16_t previous, uint16_t number, Bytes value) {
    if (number < previous || value.size > 0xFFFF) {
        return 0;
    }
    uint32_t delta = static_cast<uint32_t>(number - previous);
    uint32_t length = static_cast<uint32_t>(value.size);
    size_t needed = 1 + extensionBytes(delta) + extensionBytes(length) + length;
    if (needed > capacity) {
        return 0;
    }
    *out++ = static_cast<uint8_t>(nibbleFor(delta) << 4 | nibbleFor(length));
    out = writeExtension(out, delta);
    out = writeExtension(out, length);
    if (length != 0) {
        memcpy(out, value.data, length);
    }
    return needed;
}

bool CoapOptionReader::fail() {
    malformed_ = true;
    rest_ = {};
    return false;
}

bool CoapOptionReader::extended(uint8_t nibble, uint32_t& value) {
    size_t more = nibble < 13 ? 0 : nibble - 12u;
    if (nibble == 15 || rest_.size < more) {
        return false;
    }
    value = nibble;
    if (more == 1) {
        value = kOneByteFrom + rest_.data[0];
    } else if (more == 2) {
        value = kTwoBytesFrom + (static_cast<uint32_t>(rest_.data[0]) << 8 | rest_.data[1]);
    }
    rest_ = {rest_.data + more, rest_.size - more};
    return true;
}

bool CoapOptionReader::next(CoapOption& option) {
    if (rest_.size == 0) {
        return false;
    }
    uint8_t head = rest_.data[0];
    rest_ = {rest_.data + 1, rest_.size - 1};
    if (head == kPayloadMarker) {
        if (rest_.size == 0) {
            return fail(); // a marker without payload is a message format error
        }
        payload_ = rest_;
        rest_ = {};
        return false;
    }
    uint32_t delta = 0;
    uint32_t length = 0;
    if (!extended(head >> 4, delta) || !extended(head & 15, length) || length > rest_.size) {
        return fail();
    }
    number_ += delta;
    if (number_ > 0xFFFF) {
        return fail();
    }
    option.number = static_cast<uint16_t>(number_);
    option.value = {rest_.data, length};
    rest_ = {rest_.data + length, rest_.size - length};
    return true;
}

} // namespace rbpf::wire
