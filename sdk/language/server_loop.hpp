// SPDX-License-Identifier: GPL-3.0-or-later
// The loop around a Server: an editor at two descriptors, until it says exit or has gone.
#pragma once

#include <stop_token>

#include "sdk/language/server_hooks.hpp"

namespace rbpf::language {

/// Descriptors are not owned. The exit code that the protocol asks for. An Error: the editor did not speak the protocol,
/// or it has gone without a word.
[[nodiscard]] support::Result<int> serve(int in, int out, ServerHooks hooks, const std::stop_token& stop);

} // namespace rbpf::language
