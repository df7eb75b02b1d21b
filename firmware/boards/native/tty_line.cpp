// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/native/tty_line.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace rbpf::native {

tl::expected<TtyLine, std::string> TtyLine::open(const std::string& path) {
    TtyLine line(path);
    if (!line.ready()) {
        return tl::unexpected("cannot open " + path + " as a serial line: " + std::strerror(errno));
    }
    return line;
}

TtyLine::TtyLine(TtyLine&& other) noexcept : path_(std::move(other.path_)), tty_(std::exchange(other.tty_, -1)) {}

TtyLine::~TtyLine() {
    lose();
}

bool TtyLine::ready() {
    if (tty_ >= 0) {
        return true;
    }
    tty_ = ::open(path_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    termios settings{};
    if (tty_ < 0 || ::tcgetattr(tty_, &settings) != 0) {
        lose();
        return false;
    }
    ::cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    settings.c_cc[VMIN] = 1; // so that nothing read means hung up
    settings.c_cc[VTIME] = 0;
    ::cfsetspeed(&settings, B115200);
    if (::tcsetattr(tty_, TCSANOW, &settings) != 0) {
        lose();
        return false;
    }
    return true;
}

std::size_t TtyLine::read(std::span<std::uint8_t> buffer) {
    const ssize_t got = ::read(tty_, buffer.data(), buffer.size());
    if (got > 0) {
        return static_cast<std::size_t>(got);
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        lose();
    }
    return 0;
}

std::size_t TtyLine::write(std::span<const std::uint8_t> bytes) {
    if (tty_ < 0) {
        return bytes.size(); // as a UART without a cable: the bytes are gone
    }
    const ssize_t taken = ::write(tty_, bytes.data(), bytes.size());
    return taken > 0 ? static_cast<std::size_t>(taken) : 0;
}

void TtyLine::lose() {
    if (tty_ >= 0) {
        const int reason = errno;
        ::close(tty_);
        errno = reason;
        tty_ = -1;
    }
}

} // namespace rbpf::native
