// SPDX-License-Identifier: GPL-3.0-or-later
// What a call of a binding may change of a script's registers and stack.
#pragma once

#include "sdk/analyse/abstract_state.hpp"

namespace rbpf::analyse {

/// Registers 0 … 5 and what bindings.def says is written; all of the stack for a binding that is not in it, or that
/// follows pointers of its own.
void callBinding(State& state, const image::Instruction& call);

} // namespace rbpf::analyse
