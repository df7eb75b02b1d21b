// SPDX-License-Identifier: GPL-3.0-or-later
// Another program that runs beside this one and is spoken with through its standard input and output. Passive: the
// caller waits on descriptor().
#pragma once

#include <memory>

#include "sdk/support/spawn.hpp"

namespace rbpf::support {

class Child {
public:
    /// What it says on its standard error is dropped. An Error (kind Io): it could not be started.
    [[nodiscard]] static Result<std::unique_ptr<Child>> start(const ProcessCommand& command);
    /// Kills it and its group.
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Both directions, never waiting.
    [[nodiscard]] int descriptor() const { return stream_.number(); }
    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Appends what has arrived, some hundred kilobytes at a time; false: it has closed its side.
    [[nodiscard]] bool receive(std::string& bytes);
    /// Takes away from the front what could be sent; false: it has closed its side.
    [[nodiscard]] bool send(std::string& bytes);
    /// Kills it, if it still runs, and says in words how it ended: "was ended by signal 9 (Killed)".
    std::string end();

private:
    Child(pid_t pid, int stream);

    pid_t pid_;
    Descriptor stream_;
    std::string ending_;
};

} // namespace rbpf::support
