// SPDX-License-Identifier: GPL-3.0-or-later
// The loop around an Adapter: an editor's requests and the session's events, until either has ended.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "debugger/dap/environment.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::dap {

/// Serves the editor at two descriptors (not owned) until it disconnects or `stop` is asked for. An Error: it did not
/// speak the protocol, or it has gone without a word in the middle of a message.
[[nodiscard]] support::Result<void> serve(int in, int out, Environment& environment, const std::stop_token& stop);

/// Serves one editor after another on a TCP port ("127.0.0.1:4711", "[::1]:0"; port 0 = any) until `stop`. `listening`
/// is told the port, `problem` what ended an editor's connection.
[[nodiscard]] support::Result<void> listenAndServe(const std::string& address, Environment& environment,
                                                   const std::function<void(std::uint16_t port)>& listening,
                                                   const std::function<void(const support::Error&)>& problem,
                                                   const std::stop_token& stop);

} // namespace rbpf::dap
