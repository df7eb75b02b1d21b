// SPDX-License-Identifier: GPL-3.0-or-later
// What the language server needs of debug information and boards.
#pragma once

#include "sdk/language/server_hooks.hpp"

namespace rbpf::cli {

[[nodiscard]] language::ServerHooks lspHooks();

} // namespace rbpf::cli
