// SPDX-License-Identifier: GPL-3.0-or-later
// A project as it stands in the editor, built in process: what is wrong with it, and what it costs.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sdk/analyse/worst_case.hpp"
#include "sdk/language/server_hooks.hpp"
#include "sdk/project/build.hpp"

namespace rbpf::language {

struct CheckRequest {
    std::string folder;
    std::map<std::string, std::string> unsaved; ///< by absolute path
    std::map<std::string, std::size_t> edits;   ///< of each text when this was asked for
    std::string board;                          ///< "": as rbpf.json says
};

struct LineCost {
    std::uint32_t instructions = 0, bytes = 0;
};

/// Files are absolute.
struct Check {
    CheckRequest request;
    std::vector<support::Diagnostic> diagnostics;
    bool ok = false;
    // Where ok:
    project::BuildResult built;
    std::map<std::string, std::map<unsigned, LineCost>> lines;
    std::map<std::string, analyse::WorstCase> worst; ///< by function
};

/// Any thread; one at a time.
[[nodiscard]] std::shared_ptr<const Check> check(CheckRequest request, const ServerHooks& hooks);

} // namespace rbpf::language
