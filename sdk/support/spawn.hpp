// SPDX-License-Identifier: GPL-3.0-or-later
// Starting a program without a shell, for process.hpp and child.hpp.
#pragma once

#include <sys/types.h>

#include "sdk/support/process.hpp"

namespace rbpf::support {

/// A file descriptor and its end.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    void take(int number) {
        close();
        number_ = number;
    }
    void close();
    [[nodiscard]] int release() { return std::exchange(number_, -1); }
    [[nodiscard]] int number() const { return number_; }

private:
    int number_ = -1;
};

/// What the program gets as its standard streams; -1: nothing (/dev/null).
struct StandardStreams {
    int in = -1, out = -1, err = -1;
};

/// The process's id, which leads a group of its own. An Error (kind Io): it could not be started.
[[nodiscard]] Result<pid_t> spawn(const ProcessCommand& command, const StandardStreams& streams);

} // namespace rbpf::support
