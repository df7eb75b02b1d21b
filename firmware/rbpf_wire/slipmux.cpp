// SPDX-License-Identifier: LGPL-2.1-or-later
// Slipmux framing; the byte values are those of RFC 1055.
#include "rbpf_wire/slipmux.hpp"

#include <rbpf/wire.h>

#include "rbpf_wire/fcs.hpp"

namespace rbpf::wire {

namespace {

constexpr uint8_t kEnd = 0xC0;
constexpr uint8_t kEsc = 0xDB;
constexpr uint8_t kEscEnd = 0xDC;
constexpr uint8_t kEscEsc = 0xDD;

} // namespace

bool frameHasFcs(uint8_t type) {
    return type == RBPF_FRAME_COAP || type == RBPF_FRAME_DEBUG;
}

void SlipmuxEncoder::start(uint8_t type, Bytes payload) {
    payload_ = payload;
    type_ = type;
    position_ = 0;
    escaped_ = 0;
    total_ = 1 + payload.size;
    stage_ = Stage::Begin;
    if (frameHasFcs(type)) {
        fcs_ = fcsAdd(kFcsInit, type);
        for (size_t i = 0; i < payload.size; ++i) {
            fcs_ = fcsAdd(fcs_, payload.data[i]);
        }
        fcs_ ^= 0xFFFF;
        total_ += kFcsBytes;
    }
}

uint8_t SlipmuxEncoder::unescaped() const {
    if (position_ == 0) {
        return type_;
    }
    size_t at = position_ - 1;
    if (at < payload_.size) {
        return payload_.data[at];
    }
    return static_cast<uint8_t>(at == payload_.size ? fcs_ & 0xFF : fcs_ >> 8);
}

size_t SlipmuxEncoder::read(uint8_t* out, size_t capacity) {
    size_t written = 0;
    while (written < capacity && stage_ != Stage::Done) {
        if (stage_ == Stage::Begin || stage_ == Stage::End) {
            out[written++] = kEnd;
            stage_ = stage_ == Stage::Begin ? Stage::Body : Stage::Done;
            continue;
        }
        if (escaped_ != 0) {
            out[written++] = escaped_;
            escaped_ = 0;
        } else {
            uint8_t byte = unescaped();
            if (byte == kEnd || byte == kEsc) {
                out[written++] = kEsc;
                escaped_ = byte == kEnd ? kEscEnd : kEscEsc;
                continue;
            }
            out[written++] = byte;
        }
        if (++position_ == total_) {
            stage_ = Stage::End;
        }
    }
    return written;
}

size_t slipmuxEncode(uint8_t type, Bytes payload, uint8_t* out, size_t capacity) {
    SlipmuxEncoder encoder;
    encoder.start(type, payload);
    size_t size = encoder.read(out, capacity);
    return encoder.done() ? size : 0;
}

bool SlipmuxDecoder::put(uint8_t byte) {
    if (byte == kEnd) {
        bool good = finish();
        state_ = State::Frame;
        size_ = 0;
        fcs_ = kFcsInit;
        return good;
    }
    switch (state_) {
    case State::Unknown:
    case State::Drop:
        break;
    case State::Frame:
        if (byte == kEsc) {
            state_ = State::Escape;
        } else {
            store(byte);
        }
        break;
    case State::Escape:
        state_ = State::Frame;
        if (byte == kEscEnd || byte == kEscEsc) {
            store(byte == kEscEnd ? kEnd : kEsc);
        } else {
            state_ = State::Drop;
            ++errors_.damaged;
        }
        break;
    }
    return false;
}

void SlipmuxDecoder::store(uint8_t byte) {
    if (size_ == capacity_) {
        state_ = State::Drop;
        ++errors_.oversize;
        return;
    }
    buffer_[size_++] = byte;
    fcs_ = fcsAdd(fcs_, byte);
}

bool SlipmuxDecoder::finish() {
    if (state_ == State::Escape) {
        ++errors_.damaged;
        return false;
    }
    if (state_ != State::Frame || size_ == 0) {
        return false;
    }
    uint8_t type = buffer_[0];
    size_t payloadBytes = size_ - 1;
    if (frameHasFcs(type)) {
        if (payloadBytes < kFcsBytes || fcs_ != kFcsGood) {
            ++errors_.damaged;
            return false;
        }
        payloadBytes -= kFcsBytes;
    } else if (type != RBPF_FRAME_DIAGNOSTIC) {
        ++errors_.unknown;
        return false;
    }
    frame_ = {type, {buffer_ + 1, payloadBytes}};
    return true;
}

} // namespace rbpf::wire
