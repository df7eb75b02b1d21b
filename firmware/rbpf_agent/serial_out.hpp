// SPDX-License-Identifier: LGPL-2.1-or-later
// What waits to go out on the serial line: whole slipmux frames in a ring. Text is taken only while the largest CoAP
// frame would still fit behind it, so that congestion costs log text and never an answer.
#pragma once

#include "rbpf_port/port.hpp"
#include "rbpf_wire/bytes.hpp"

namespace rbpf::agent {

class SerialOut {
public:
    /// `reserve`: line bytes of the largest CoAP frame; the ring must be larger than that.
    SerialOut(port::Port& port, uint8_t* ring, size_t capacity, size_t reserve)
        : port_(port), ring_(ring), capacity_(capacity), reserve_(reserve) {}

    /// Takes a CoAP message whole, or not at all.
    bool coap(wire::Bytes message);
    /// Takes text whole, or not at all.
    bool text(wire::Bytes text);
    /// Takes a debug packet whole, or not at all; a notification only where text would be taken.
    bool debug(const uint8_t* packet, size_t size, unsigned reply);
    /// Gives the port what it takes.
    void pump();
    [[nodiscard]] bool empty() const { return used_ == 0; }

private:
    bool put(uint8_t type, wire::Bytes payload, size_t leave);

    port::Port& port_;
    uint8_t* ring_;
    size_t capacity_;
    size_t reserve_;
    size_t first_ = 0;
    size_t used_ = 0;
};

} // namespace rbpf::agent
