// SPDX-License-Identifier: GPL-3.0-or-later
// rbpf.json: what a project says about its script. All but the name may be left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/analyse/worst_case.hpp"
#include "sdk/compile/compile.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::project {

inline constexpr const char* kConfigName = "rbpf.json";

struct EntrySetting {
    std::string function;
    std::optional<std::string> trigger; ///< absent: what the source says
    support::SourceRange place;         ///< of the function's name in rbpf.json
};

/// A word of rbpf.json with its place, for errors that show only later.
struct Placed {
    std::string text;
    support::SourceRange place;
};

struct Config {
    std::string name;
    std::string version = "0.1.0";
    std::vector<Placed> sources{{"src/*.c", {}}}; ///< patterns, relative to the project's folder
    std::vector<Placed> include{};                ///< folders; none given: "include", if there is one
    std::vector<std::string> defines;
    std::vector<EntrySetting> entries;
    std::uint32_t stackBytes = 512;
    std::uint32_t budget = 0; ///< 0 = the device's default
    std::vector<analyse::TurnLimit> bounds; ///< most turns of loops, as the user says
    compile::Optimise optimise = compile::Optimise::Size;
    std::string board = "native";
};

struct ParsedConfig {
    std::optional<Config> config; ///< nothing if there are errors
    std::vector<support::Diagnostic> diagnostics;
};

/// `file` is the name that diagnostics carry. Every mistake is told, each "expected …, found …" at its line and column.
[[nodiscard]] ParsedConfig parseConfig(std::string_view text, const std::string& file);

} // namespace rbpf::project
