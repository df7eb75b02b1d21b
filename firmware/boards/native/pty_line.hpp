// SPDX-License-Identifier: LGPL-2.1-or-later
// A pseudo-terminal that stands in for a board's USB serial line.
#pragma once

#include <tl/expected.hpp>

#include "boards/native/serial_line.hpp"

namespace rbpf::native {

/// Keeps the clients' side open as well, so that they may come and go without the line hanging up.
class PtyLine final : public SerialLine {
public:
    static tl::expected<PtyLine, std::string> open();
    PtyLine(PtyLine&& other) noexcept;
    PtyLine& operator=(PtyLine&&) = delete;
    ~PtyLine() override;

    [[nodiscard]] const std::string& path() const override { return path_; }
    [[nodiscard]] int descriptor() const override { return board_; }
    std::size_t read(std::span<std::uint8_t> buffer) override;
    std::size_t write(std::span<const std::uint8_t> bytes) override;

private:
    PtyLine(int board, int client, std::string path) : board_(board), client_(client), path_(std::move(path)) {}

    int board_;
    int client_;
    std::string path_;
};

} // namespace rbpf::native
