// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/flash_answer.hpp"

#include <condition_variable>
#include <mutex>

#include "debugger/transport/shared_port.hpp"

namespace rbpf::cli {

using support::ErrorKind;
using support::Result;
using Clock = std::chrono::steady_clock;

namespace {

/// An attempt: a board that starts now answers within a fraction of it.
constexpr std::chrono::milliseconds kAttempt{1500};
/// Between attempts where there is no port to wait on.
constexpr std::chrono::milliseconds kLookAgain{100};

Result<link::BoardInfo> ask(const std::string& port, std::chrono::milliseconds deadline, std::stop_token stop) {
    if (port.empty()) {
        return support::fail(ErrorKind::Link, "the board has no serial port");
    }
    auto line = transport::openShared(port);
    if (!line) {
        return tl::unexpected(line.error());
    }
    link::Options options;
    options.deadline = deadline;
    options.stop = std::move(stop);
    return link::BoardClient(std::move(*line)).info(options);
}

} // namespace

Result<link::BoardInfo> waitForAnswer(const std::function<std::string()>& findPort, std::chrono::milliseconds within,
                                      std::stop_token stop) {
    const auto end = Clock::now() + within;
    std::mutex mutex;
    std::condition_variable_any stopped;
    for (;;) {
        const auto started = Clock::now();
        auto info = ask(findPort(), kAttempt, stop);
        if (info || info.error().kind == ErrorKind::Cancelled || Clock::now() >= end) {
            return info;
        }
        std::unique_lock lock(mutex);
        if (Clock::now() - started < kLookAgain) {
            stopped.wait_for(lock, stop, kLookAgain, [] { return false; });
        }
        if (stop.stop_requested()) {
            return support::fail(ErrorKind::Cancelled, "cancelled");
        }
    }
}

} // namespace rbpf::cli
