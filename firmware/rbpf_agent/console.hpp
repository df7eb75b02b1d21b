// SPDX-License-Identifier: LGPL-2.1-or-later
// The board's console: gathers text of scripts and of the firmware into diagnostic frames, a line each where possible.
#pragma once

#include "rbpf_agent/serial_out.hpp"

namespace rbpf::agent {

class Console {
public:
    Console(SerialOut& out, uint8_t* buffer, size_t capacity) : out_(out), buffer_(buffer), capacity_(capacity) {}

    void write(const char* text, size_t size);
    /// Sends what is there, also without an end of line.
    void flush();
    /// Characters that the line had no room for, since the start; wraps.
    [[nodiscard]] uint32_t lost() const { return lost_; }

private:
    SerialOut& out_;
    uint8_t* buffer_;
    size_t capacity_;
    size_t size_ = 0;
    uint32_t lost_ = 0;
    uint32_t told_ = 0;
};

} // namespace rbpf::agent
