// SPDX-License-Identifier: LGPL-2.1-or-later
// The board's serial line: a pseudo-terminal of its own, or a tty that it is given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace rbpf::native {

class SerialLine {
public:
    virtual ~SerialLine() = default;
    /// Where clients open it; of a given tty, the tty itself.
    [[nodiscard]] virtual const std::string& path() const = 0;
    /// True if the line is there. One that hung up is tried again, once a call.
    virtual bool ready() { return true; }
    /// For poll(); -1 while the line is lost.
    [[nodiscard]] virtual int descriptor() const = 0;
    /// Bytes read; 0 if there are none now.
    virtual std::size_t read(std::span<std::uint8_t> buffer) = 0;
    /// Bytes taken, fewer than given when nobody reads the line.
    virtual std::size_t write(std::span<const std::uint8_t> bytes) = 0;
};

} // namespace rbpf::native
