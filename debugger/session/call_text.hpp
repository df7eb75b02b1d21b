// SPDX-License-Identifier: GPL-3.0-or-later
// A binding call in words, from bindings.def: names of parameters, strings as text.
#pragma once

#include <cstdint>
#include <string>

#include "debugger/session/history.hpp"

namespace rbpf::session {

/// "bpf_store_local(key 5, value 7)"; `view` is the state before the call.
[[nodiscard]] std::string callText(std::uint32_t binding, const History::StepView& view);

/// The world saw the call's effect: going back does not undo it.
[[nodiscard]] bool seenOutside(std::uint32_t binding);

} // namespace rbpf::session
