// SPDX-License-Identifier: GPL-3.0-or-later
// A native board with a script, and the session that debugs it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "tests/unit/debugger/session/live_board.hpp"

namespace rbpf::test {

/// Fails the test if it did not work.
void ok(const support::Result<void>& done);

struct Rig {
    /// `change`: what is different from the board's own options.
    explicit Rig(const Script& script, const std::function<void(session::Options&)>& change = {});

    session::Session* operator->() { return session.get(); }
    session::Session& operator*() { return *session; }

    /// A breakpoint at the first line with `text`; its id.
    int breakAt(const std::string& text, const std::string& condition = "");
    /// Goes on to the next stop. `fires`: somebody asks the script for something.
    session::Stop go(bool fires = false);
    /// An expression's value as people see it, or why there is none.
    std::string show(const std::string& expression, int level = 0);

    const Script& script;
    LiveBoard board;
    std::unique_ptr<session::Session> session;
};

/// Waits for a stop (true) or the run's end (false).
bool stopped(session::Session& session);

} // namespace rbpf::test
