// SPDX-License-Identifier: GPL-3.0-or-later
// What an editor's user can set: initializationOptions, and the section "rbpf" of workspace/didChangeConfiguration.
#pragma once

#include <string>

#include "sdk/language/json_fields.hpp"

namespace rbpf::language {

struct Settings {
    std::string board;        ///< that scripts are for; "": as rbpf.json says
    bool inlayCosts = true;   ///< bytes behind every line
    bool codeLens = true;     ///< costs over every function
    bool clientCommands = false; ///< the editor has commands rbpf.… of its own; only at the start

    /// What is given; the rest stays.
    void read(const nlohmann::json& given) {
        board = field(given, "board").is_string() ? text(field(given, "board")) : board;
        inlayCosts = truth(field(given, "inlayCosts"), inlayCosts);
        codeLens = truth(field(given, "codeLens"), codeLens);
        clientCommands = truth(field(given, "clientCommands"), clientCommands);
    }
};

} // namespace rbpf::language
