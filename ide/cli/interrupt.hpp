// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl-C as a stop_token: long work ends in order instead of in the middle.
#pragma once

#include <stop_token>
#include <thread>

namespace rbpf::cli {

/// While one lives, SIGINT and SIGTERM ask to stop; a second one ends the program at once. Make it before any thread.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

private:
    void wait();

    int signals_;
    int wake_;
    std::stop_source source_;
    std::thread thread_;
};

} // namespace rbpf::cli
