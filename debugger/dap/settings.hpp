// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of launch.json, checked.
#pragma once

#include "debugger/dap/arguments.hpp"
#include "debugger/dap/environment.hpp"

namespace rbpf::dap {

/// Errors name the field.
[[nodiscard]] support::Result<Settings> readSettings(const Arguments& arguments, bool launch);

} // namespace rbpf::dap
