// SPDX-License-Identifier: LGPL-2.1-or-later
// Building of RFC 7252 section 3.
#include "rbpf_wire/coap_builder.hpp"

#include <string.h>

namespace rbpf::wire {

namespace {

void writeHeader(uint8_t* out, CoapType type, uint8_t code, uint16_t messageId, size_t tokenBytes) {
    out[0] = static_cast<uint8_t>(1u << 6 | static_cast<unsigned>(type) << 4 | tokenBytes);
    out[1] = code;
    out[2] = static_cast<uint8_t>(messageId >> 8);
    out[3] = static_cast<uint8_t>(messageId);
}

} // namespace

void CoapBuilder::begin(CoapType type, uint8_t code, uint16_t messageId, Bytes token) {
    size_ = 0;
    lastOption_ = 0;
    failed_ = token.size > kCoapTokenMax || kCoapHeaderBytes + token.size > capacity_;
    if (failed_) {
        return;
    }
    writeHeader(buffer_, type, code, messageId, token.size);
    if (token.size != 0) {
        memmove(buffer_ + kCoapHeaderBytes, token.data, token.size); // a reply may be built over its request
    }
    size_ = kCoapHeaderBytes + token.size;
}

void CoapBuilder::beginResponse(const CoapMessage& request, uint8_t code, uint16_t freshId) {
    bool confirmable = request.type == CoapType::Confirmable;
    begin(confirmable ? CoapType::Acknowledgement : CoapType::NonConfirmable, code,
          confirmable ? request.messageId : freshId, request.token);
}

void CoapBuilder::option(uint16_t number, Bytes value) {
    if (failed_) {
        return;
    }
    size_t written = writeOption(buffer_ + size_, capacity_ - size_, lastOption_, number, value);
    failed_ = written == 0;
    size_ += written;
    lastOption_ = number;
}

void CoapBuilder::optionUint(uint16_t number, uint32_t value) {
    uint8_t bytes[4];
    size_t size = 0;
    for (int shift = 24; shift >= 0; shift -= 8) {
        uint8_t byte = static_cast<uint8_t>(value >> shift);
        if (size != 0 || byte != 0) {
            bytes[size++] = byte; // leading zeroes are left out, so that 0 has no bytes
        }
    }
    option(number, {bytes, size});
}

void CoapBuilder::path(const char* path) {
    while (*path != 0) {
        const char* end = path;
        while (*end != 0 && *end != '/') {
            ++end;
        }
        if (end != path) {
            option(kOptionUriPath, {reinterpret_cast<const uint8_t*>(path), static_cast<size_t>(end - path)});
        }
        path = *end == 0 ? end : end + 1;
    }
}

void CoapBuilder::payload(Bytes bytes) {
    if (bytes.size == 0) {
        return;
    }
    size_t room = 0;
    uint8_t* out = payloadRoom(room);
    if (out == nullptr || room < bytes.size) {
        failed_ = true;
        return;
    }
    memmove(out, bytes.data, bytes.size);
    payloadWritten(bytes.size);
}

uint8_t* CoapBuilder::payloadRoom(size_t& room) {
    if (failed_ || capacity_ - size_ < 2) {
        room = 0;
        return nullptr;
    }
    room = capacity_ - size_ - 1;
    return buffer_ + size_ + 1;
}

void CoapBuilder::payloadWritten(size_t bytes) {
    if (failed_ || bytes == 0) {
        return;
    }
    if (bytes > capacity_ - size_ - 1) {
        failed_ = true;
        return;
    }
    buffer_[size_] = 0xFF;
    size_ += 1 + bytes;
    lastOption_ = 0xFFFF; // nothing may follow
}

void writeEmpty(uint8_t out[kCoapHeaderBytes], CoapType type, uint16_t messageId) {
    writeHeader(out, type, kCoapEmpty, messageId, 0);
}

} // namespace rbpf::wire
