// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/native/pty_line.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace rbpf::native {

tl::expected<PtyLine, std::string> PtyLine::open() {
    const auto failed = [](const char* what) {
        return tl::unexpected(std::string(what) + ": " + std::strerror(errno));
    };
    const int board = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (board < 0) {
        return failed("cannot open a pseudo-terminal");
    }
    PtyLine line(board, -1, "");
    if (::grantpt(board) != 0 || ::unlockpt(board) != 0) {
        return failed("cannot set up the pseudo-terminal");
    }
    char name[128];
    if (::ptsname_r(board, name, sizeof name) != 0) {
        return failed("cannot name the pseudo-terminal");
    }
    line.path_ = name;
    line.client_ = ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios settings{};
    if (line.client_ < 0 || ::tcgetattr(line.client_, &settings) != 0) {
        return failed("cannot open the pseudo-terminal's other side");
    }
    ::cfmakeraw(&settings);
    ::cfsetspeed(&settings, B115200);
    if (::tcsetattr(line.client_, TCSANOW, &settings) != 0 || ::fcntl(board, F_SETFL, O_RDWR | O_NONBLOCK) != 0) {
        return failed("cannot set up the pseudo-terminal");
    }
    return line;
}

PtyLine::PtyLine(PtyLine&& other) noexcept
    : board_(std::exchange(other.board_, -1)), client_(std::exchange(other.client_, -1)),
      path_(std::move(other.path_)) {}

PtyLine::~PtyLine() {
    if (client_ >= 0) {
        ::close(client_);
    }
    if (board_ >= 0) {
        ::close(board_);
    }
}

std::size_t PtyLine::read(std::span<std::uint8_t> buffer) {
    const ssize_t got = ::read(board_, buffer.data(), buffer.size());
    return got > 0 ? static_cast<std::size_t>(got) : 0;
}

std::size_t PtyLine::write(std::span<const std::uint8_t> bytes) {
    const ssize_t taken = ::write(board_, bytes.data(), bytes.size());
    return taken > 0 ? static_cast<std::size_t>(taken) : 0;
}

} // namespace rbpf::native
