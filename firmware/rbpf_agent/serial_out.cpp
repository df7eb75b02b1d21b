// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rbpf_agent/serial_out.hpp"

#include <rbpf/wire.h>

#include "rbpf_wire/slipmux.hpp"

namespace rbpf::agent {

bool SerialOut::put(uint8_t type, wire::Bytes payload, size_t leave) {
    uint8_t piece[32];
    wire::SlipmuxEncoder encoder;
    size_t need = 0;
    encoder.start(type, payload);
    while (!encoder.done()) {
        need += encoder.read(piece, sizeof piece);
    }
    if (need + leave > capacity_ - used_) {
        return false;
    }
    encoder.start(type, payload);
    while (!encoder.done()) {
        const size_t size = encoder.read(piece, sizeof piece);
        for (size_t i = 0; i < size; ++i) {
            ring_[(first_ + used_++) % capacity_] = piece[i];
        }
    }
    return true;
}

bool SerialOut::coap(wire::Bytes message) {
    const bool taken = put(RBPF_FRAME_COAP, message, 0);
    pump();
    return taken;
}

bool SerialOut::text(wire::Bytes text) {
    const bool taken = put(RBPF_FRAME_DIAGNOSTIC, text, reserve_);
    pump();
    return taken;
}

bool SerialOut::debug(const uint8_t* packet, size_t size, unsigned reply) {
    const bool taken = put(RBPF_FRAME_DEBUG, {packet, size}, reply != 0 ? 0 : reserve_);
    pump();
    return taken;
}

void SerialOut::pump() {
    while (used_ != 0) {
        const size_t run = first_ + used_ <= capacity_ ? used_ : capacity_ - first_;
        const size_t taken = port_.serialWrite(ring_ + first_, run);
        first_ = (first_ + taken) % capacity_;
        used_ -= taken;
        if (taken < run) {
            return;
        }
    }
}

} // namespace rbpf::agent
