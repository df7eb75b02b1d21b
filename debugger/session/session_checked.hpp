// SPDX-License-Identifier: GPL-3.0-or-later
// Every answer of the board passes here: a lost link is noticed wherever it shows.
#pragma once

#include "debugger/session/debug_session.hpp"

namespace rbpf::session {

template <typename T>
support::Result<T> DebugSession::checked(support::Result<T> result) {
    if (!result && result.error().kind == support::ErrorKind::Link) {
        lost(result.error());
    }
    return result;
}

} // namespace rbpf::session
