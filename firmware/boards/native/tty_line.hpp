// SPDX-License-Identifier: LGPL-2.1-or-later
// A tty that somebody else made as the board's line: the device side of a USB gadget, one end of a cable.
#pragma once

#include <tl/expected.hpp>

#include "boards/native/serial_line.hpp"

namespace rbpf::native {

/// A line that hangs up (a gadget's cable was pulled) is opened again as soon as it is there.
class TtyLine final : public SerialLine {
public:
    static tl::expected<TtyLine, std::string> open(const std::string& path);
    TtyLine(TtyLine&& other) noexcept;
    TtyLine& operator=(TtyLine&&) = delete;
    ~TtyLine() override;

    [[nodiscard]] const std::string& path() const override { return path_; }
    bool ready() override;
    [[nodiscard]] int descriptor() const override { return tty_; }
    std::size_t read(std::span<std::uint8_t> buffer) override;
    std::size_t write(std::span<const std::uint8_t> bytes) override;

private:
    explicit TtyLine(std::string path) : path_(std::move(path)) {}
    void lose();

    std::string path_;
    int tty_ = -1;
};

} // namespace rbpf::native
