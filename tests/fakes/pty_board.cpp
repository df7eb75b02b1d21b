// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/pty_board.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <rbpf/wire.h>

#include "rbpf_wire/slipmux.hpp"

namespace rbpf::test {

PtyBoard::PtyBoard() : master_(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)), wake_(eventfd(0, EFD_CLOEXEC)) {
    std::array<char, 64> name{};
    if (!master_ || grantpt(master_.get()) != 0 || unlockpt(master_.get()) != 0 ||
        ptsname_r(master_.get(), name.data(), name.size()) != 0) {
        throw std::runtime_error("no PTY");
    }
    path_ = name.data();
    slave_ = transport::Fd(open(path_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    termios settings{};
    tcgetattr(slave_.get(), &settings);
    cfmakeraw(&settings);
    tcsetattr(slave_.get(), TCSANOW, &settings);
}

PtyBoard::~PtyBoard() {
    unplug();
}

void PtyBoard::start() {
    thread_ = std::thread([this] { serve(); });
}

void PtyBoard::unplug() {
    if (thread_.joinable()) {
        const std::uint64_t one = 1;
        (void)!write(wake_.get(), &one, sizeof one);
        thread_.join();
    }
    disown();
}

void PtyBoard::disown() {
    slave_.reset();
    master_.reset();
}

void PtyBoard::print(const std::string& text) {
    send(RBPF_FRAME_DIAGNOSTIC, Buffer(text.begin(), text.end()));
}

void PtyBoard::send(std::uint8_t type, const Buffer& payload) {
    Buffer line(wire::slipmuxBound(payload.size()));
    line.resize(wire::slipmuxEncode(type, {payload.data(), payload.size()}, line.data(), line.size()));
    (void)!write(master_.get(), line.data(), line.size());
}

void PtyBoard::serve() {
    Buffer storage(4096);
    wire::SlipmuxDecoder decoder(storage.data(), storage.size());
    for (;;) {
        pollfd ready[] = {{wake_.get(), POLLIN, 0}, {master_.get(), POLLIN, 0}};
        poll(ready, 2, -1);
        if (ready[0].revents != 0) {
            return;
        }
        std::array<std::uint8_t, 512> bytes{};
        const ssize_t got = read(master_.get(), bytes.data(), bytes.size());
        const std::lock_guard<std::mutex> lock(mutex_);
        for (ssize_t i = 0; i < got; ++i) {
            if (!decoder.put(bytes[static_cast<std::size_t>(i)]) || decoder.frame().type != RBPF_FRAME_COAP) {
                continue;
            }
            const wire::Bytes payload = decoder.frame().payload;
            for (const Buffer& reply : board_.handle(Buffer(payload.data, payload.data + payload.size))) {
                send(RBPF_FRAME_COAP, reply);
            }
        }
    }
}

} // namespace rbpf::test
