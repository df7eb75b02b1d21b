// SPDX-License-Identifier: GPL-3.0-or-later
// Several programs on one serial line: `rbpf log --follow` goes on while `rbpf deploy` runs.
//
// The first process that opens a tty or a network line locks it and offers it to later ones on a socket in the runtime
// folder (LineBroker). When the owner leaves or is killed, one of the others takes the line over without its user
// noticing; a frame that was on its way is lost, as on any noisy line. Processes of other users, and programs that are
// not ours, are not let in: they, or we, hear who holds the port.
#pragma once

#include <memory>
#include <string>

#include "debugger/transport/transport.hpp"

namespace rbpf::transport {

/// As open(), but the line is shared with other processes that open it in this way. The stream must consist of slipmux
/// frames in both directions: only whole frames are passed on. descriptor() changes when the
/// line is taken over. As owner it runs a thread of its own, until it is destroyed.
[[nodiscard]] support::Result<std::unique_ptr<Transport>> openShared(const std::string& address);

} // namespace rbpf::transport
