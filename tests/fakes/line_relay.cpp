// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/line_relay.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <rbpf/wire.h>

namespace rbpf::test {

using transport::Clock;
using transport::Fd;

namespace {

constexpr unsigned kBitsPerByte = 10;
/// A real line has no more under way than its buffers take: what is behind waits on the board.
constexpr std::chrono::milliseconds kMostUnderWay{50};
/// A tty whose buffer is full is tried again after this.
constexpr std::chrono::milliseconds kFullTty{1};
/// Behind the first END; the FCS and an END come last.
constexpr std::size_t kTypeOffset = 1, kPayloadOffset = 2, kTrailerBytes = 3;

void makeRaw(int fd) {
    termios settings{};
    tcgetattr(fd, &settings);
    cfmakeraw(&settings);
    tcsetattr(fd, TCSANOW, &settings);
}

} // namespace

std::string debugPayload(std::span<const std::uint8_t> frame) {
    if (frame.size() < kPayloadOffset + kTrailerBytes || frame[kTypeOffset] != RBPF_FRAME_DEBUG) {
        return "";
    }
    return {frame.begin() + kPayloadOffset, frame.end() - kTrailerBytes};
}

LineRelay::LineRelay(const std::string& boardTty, unsigned baud) : baud_(baud), wake_(eventfd(0, EFD_CLOEXEC)) {
    openEnd();
    connect(boardTty);
    thread_ = std::thread([this] { serve(); });
}

LineRelay::~LineRelay() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        stop_ = true;
    }
    wake();
    thread_.join();
    std::error_code ignored;
    std::filesystem::remove(record_, ignored);
}

void LineRelay::wake() {
    const std::uint64_t one = 1;
    (void)!write(wake_.get(), &one, sizeof one);
}

void LineRelay::openEnd() {
    end_ = Fd(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    std::array<char, 64> name{};
    if (!end_ || grantpt(end_.get()) != 0 || unlockpt(end_.get()) != 0 ||
        ptsname_r(end_.get(), name.data(), name.size()) != 0) {
        throw std::runtime_error("no PTY");
    }
    path_ = name.data();
    held_ = Fd(open(path_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    makeRaw(held_.get());
}

void LineRelay::writeRecord() const {
    if (record_.empty()) {
        return;
    }
    const std::string whole = record_.string() + ".new"; // appears in one step
    std::ofstream(whole) << R"({"id": ")" << name_ << R"(", "board": "native", "serial": ")" << path_
                         << R"(", "coap": )" << coap_ << R"(, "pid": )" << getpid() << "}\n";
    std::filesystem::rename(whole, record_);
}

void LineRelay::publish(const std::filesystem::path& record, const std::string& name, std::uint16_t coap) {
    const std::lock_guard<std::mutex> lock(mutex_);
    record_ = record;
    name_ = name;
    coap_ = coap;
    writeRecord();
}

std::string LineRelay::path() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return path_;
}

void LineRelay::cut() {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::error_code ignored;
    std::filesystem::remove(record_, ignored);
    held_.reset();
    end_.reset();
    toBoard_ = {};
    toWorkstation_ = {};
    wake();
}

void LineRelay::plug() {
    const std::lock_guard<std::mutex> lock(mutex_);
    openEnd();
    writeRecord();
    wake();
}

void LineRelay::connect(const std::string& boardTty) {
    const std::lock_guard<std::mutex> lock(mutex_);
    board_ = Fd(open(boardTty.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    wake();
}

void LineRelay::judge(Judge judge) {
    const std::lock_guard<std::mutex> lock(mutex_);
    judge_ = std::move(judge);
}

void LineRelay::noise(const std::vector<std::uint8_t>& bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    toWorkstation_.queue.emplace_back(Clock::now(), bytes);
    wake();
}

LineRelay::Traffic LineRelay::traffic(Towards towards) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange((towards == Towards::Board ? toBoard_ : toWorkstation_).traffic, {});
}

void LineRelay::serve() {
    for (bool stop = false; !stop;) {
        round();
        const std::lock_guard<std::mutex> lock(mutex_);
        stop = stop_;
    }
}

/// Waits until there is something to do, and does it.
void LineRelay::round() {
    pollfd ready[3];
    timespec wait{};
    bool timed = false;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto now = Clock::now();
        const auto reads = [&](const Fd& fd, const Way& way) { // poll passes over -1
            return way.free > now + kMostUnderWay ? -1 : fd.get();
        };
        ready[0] = {wake_.get(), POLLIN, 0};
        ready[1] = {reads(board_, toWorkstation_), POLLIN, 0};
        ready[2] = {reads(end_, toBoard_), POLLIN, 0};
        auto next = Clock::time_point::max();
        for (const Way* way : {&toBoard_, &toWorkstation_}) {
            if (!way->queue.empty()) {
                next = std::min(next, way->queue.front().first);
            }
        }
        timed = next != Clock::time_point::max();
        const auto left = std::max<std::int64_t>(
            timed ? std::chrono::duration_cast<std::chrono::nanoseconds>(next - now).count() : 0, 0);
        wait = {left / 1'000'000'000, left % 1'000'000'000};
    }
    ppoll(ready, 3, timed ? &wait : nullptr, nullptr);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (ready[0].revents != 0) {
        std::uint64_t count = 0;
        (void)!read(wake_.get(), &count, sizeof count);
    }
    if (ready[1].revents != 0 && ready[1].fd == board_.get()) {
        take(Towards::Workstation, board_.get());
    }
    if (ready[2].revents != 0 && ready[2].fd == end_.get()) {
        take(Towards::Board, end_.get());
    }
    deliver(toBoard_, board_.get());
    deliver(toWorkstation_, end_.get());
}

void LineRelay::take(Towards towards, int from) {
    std::array<std::uint8_t, 4096> bytes{};
    const ssize_t got = read(from, bytes.data(), bytes.size());
    if (got <= 0) {
        if (towards == Towards::Workstation && !(got < 0 && errno == EAGAIN)) {
            board_.reset(); // the board is gone; the workstation hears nothing of it
        }
        return;
    }
    Way& way = towards == Towards::Board ? toBoard_ : toWorkstation_;
    way.splitter.put({bytes.data(), static_cast<std::size_t>(got)}, [&](std::span<const std::uint8_t> frame) {
        const Fate fate = judge_ ? judge_(towards, frame) : Fate::Passes;
        ++way.traffic.frames;
        way.traffic.bytes += frame.size();
        std::vector<std::uint8_t> copy(frame.begin(), frame.end());
        if (fate == Fate::Damaged) {
            copy[copy.size() / 2] ^= 1;
        }
        way.free = std::max(way.free, Clock::now());
        if (baud_ != 0) {
            way.free += std::chrono::nanoseconds(1'000'000'000ULL * kBitsPerByte * copy.size() / baud_);
        }
        if (fate != Fate::Lost) {
            way.queue.emplace_back(way.free, std::move(copy));
        }
    });
}

void LineRelay::deliver(Way& way, int to) {
    while (!way.queue.empty() && way.queue.front().first <= Clock::now()) {
        auto& [at, bytes] = way.queue.front();
        const ssize_t put = to < 0 ? static_cast<ssize_t>(bytes.size()) : write(to, bytes.data(), bytes.size());
        if (put < static_cast<ssize_t>(bytes.size()) && (put >= 0 || errno == EAGAIN)) {
            bytes.erase(bytes.begin(), bytes.begin() + std::max<ssize_t>(put, 0));
            at = Clock::now() + kFullTty;
            return;
        }
        way.queue.pop_front();
    }
}

} // namespace rbpf::test
