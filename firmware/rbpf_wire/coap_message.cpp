// SPDX-License-Identifier: LGPL-2.1-or-later
// Parsing of RFC 7252 section 3 and what is commonly asked of a parsed message.
#include "rbpf_wire/coap_message.hpp"

#include <string.h>

namespace rbpf::wire {

CoapParse parseCoap(CoapMessage& message, Bytes bytes) {
    message = CoapMessage{};
    if (bytes.size < kCoapHeaderBytes || bytes.data[0] >> 6 != 1) {
        return CoapParse::Ignore;
    }
    message.type = static_cast<CoapType>(bytes.data[0] >> 4 & 3);
    message.code = bytes.data[1];
    message.messageId = static_cast<uint16_t>(bytes.data[2] << 8 | bytes.data[3]);
    size_t tokenBytes = bytes.data[0] & 15;
    if (tokenBytes > kCoapTokenMax || bytes.size < kCoapHeaderBytes + tokenBytes) {
        return CoapParse::Malformed;
    }
    if (message.code == kCoapEmpty) {
        return bytes.size == kCoapHeaderBytes ? CoapParse::Ok : CoapParse::Malformed;
    }
    const uint8_t* options = bytes.data + kCoapHeaderBytes + tokenBytes;
    message.token = {bytes.data + kCoapHeaderBytes, tokenBytes};
    message.options = {options, bytes.size - kCoapHeaderBytes - tokenBytes};
    CoapOptionReader reader(message.options);
    CoapOption option;
    while (reader.next(option)) {
    }
    message.payload = reader.payload();
    return reader.malformed() ? CoapParse::Malformed : CoapParse::Ok;
}

bool findOption(const CoapMessage& message, uint16_t number, Bytes& value) {
    CoapOptionReader reader(message.options);
    CoapOption option;
    while (reader.next(option)) {
        if (option.number == number) {
            value = option.value;
            return true;
        }
    }
    return false;
}

bool findUint(const CoapMessage& message, uint16_t number, uint32_t& value) {
    Bytes bytes;
    return findOption(message, number, bytes) && optionUint(bytes, value);
}

int joinOptions(const CoapMessage& message, uint16_t number, char separator, char* out, size_t capacity) {
    size_t length = 0;
    bool first = true;
    CoapOptionReader reader(message.options);
    CoapOption option;
    while (reader.next(option)) {
        if (option.number != number) {
            continue;
        }
        if (!first) {
            if (length + 1 >= capacity) {
                return -1;
            }
            out[length++] = separator;
        }
        first = false;
        for (size_t i = 0; i < option.value.size; ++i) {
            char c = static_cast<char>(option.value.data[i]);
            if (c == separator || c == 0 || length + 1 >= capacity) {
                return -1;
            }
            out[length++] = c;
        }
    }
    if (length >= capacity) {
        return -1;
    }
    out[length] = 0;
    return static_cast<int>(length);
}

bool findQuery(const CoapMessage& message, const char* name, Bytes& value) {
    size_t nameBytes = strlen(name);
    CoapOptionReader reader(message.options);
    CoapOption option;
    while (reader.next(option)) {
        if (option.number == kOptionUriQuery && option.value.size > nameBytes &&
            memcmp(option.value.data, name, nameBytes) == 0 && option.value.data[nameBytes] == '=') {
            value = {option.value.data + nameBytes + 1, option.value.size - nameBytes - 1};
            return true;
        }
    }
    return false;
}

uint16_t unknownCriticalOption(const CoapMessage& message, const uint16_t* known, size_t count) {
    CoapOptionReader reader(message.options);
    CoapOption option;
    while (reader.next(option)) {
        bool isKnown = !optionIsCritical(option.number);
        for (size_t i = 0; i < count && !isKnown; ++i) {
            isKnown = known[i] == option.number;
        }
        if (!isKnown) {
            return option.number;
        }
    }
    return 0;
}

} // namespace rbpf::wire
