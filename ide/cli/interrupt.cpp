// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/interrupt.hpp"

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace rbpf::cli {

namespace {

sigset_t stopSignals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

constexpr int kExitByInterrupt = 130;

} // namespace

Interrupt::Interrupt() {
    const sigset_t set = stopSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signals_ = signalfd(-1, &set, SFD_CLOEXEC);
    wake_ = eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread([this] { wait(); });
}

Interrupt::~Interrupt() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_, &one, sizeof one);
    thread_.join();
    ::close(signals_);
    ::close(wake_);
    const sigset_t set = stopSignals();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void Interrupt::wait() {
    for (;;) {
        pollfd descriptors[] = {{signals_, POLLIN, 0}, {wake_, POLLIN, 0}};
        if (::poll(descriptors, 2, -1) < 0) {
            continue;
        }
        if (descriptors[1].revents != 0) {
            return;
        }
        signalfd_siginfo info{};
        if (::read(signals_, &info, sizeof info) == static_cast<ssize_t>(sizeof info) && !source_.request_stop()) {
            std::_Exit(kExitByInterrupt);
        }
    }
}

} // namespace rbpf::cli
