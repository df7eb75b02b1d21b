// SPDX-License-Identifier: GPL-3.0-or-later
// How clangd is found and started, and what it is told at the start.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sdk/language/positions.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::language {

/// $RBPF_CLANGD, else clangd-19 or clangd on PATH. An Error says what to install.
[[nodiscard]] support::Result<std::string> findClangd();

/// Leaves nothing behind in the user's folders, and no more than two threads at work.
[[nodiscard]] std::vector<std::string> clangdCommand(const std::string& program, Encoding encoding);

/// The parameters of the request initialize.
[[nodiscard]] nlohmann::json initializeParameters(const std::string& folder);

/// The parameters of didChangeConfiguration that give a file its command line.
[[nodiscard]] nlohmann::json compileParameters(const std::string& file, const std::string& folder,
                                               const std::vector<std::string>& command);

} // namespace rbpf::language
