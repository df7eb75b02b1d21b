// SPDX-License-Identifier: GPL-3.0-or-later
// "Who wrote this?" of whatever a person can name.
#pragma once

#include <optional>
#include <string>

#include "debugger/session/session.hpp"

namespace rbpf::session {

/// `what`: "r3" or "$r3", or a C expression in the frame `level`. Of what lies in several places, the first counts.
[[nodiscard]] support::Result<std::optional<Writer>> whoWrote(Session& session, const std::string& what, int level);

} // namespace rbpf::session
