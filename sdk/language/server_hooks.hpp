// SPDX-License-Identifier: GPL-3.0-or-later
// What the language server needs of what stands below it in the order of include, given by the front end that runs it.
// Each may be left out; then its part is not offered.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "sdk/analyse/size.hpp"
#include "sdk/image/listing.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::language {

/// What a board has said of itself.
struct BoardFacts {
    std::string name; ///< "native (firmware 0.1.0)"
    std::vector<std::uint16_t> bindings;
    std::uint32_t imageBytes = 0, stackBytes = 0;
    std::uint32_t budget = 0; ///< of an image that asks for none
};

struct ServerHooks {
    std::string version;
    /// Where each slot of the text comes from, by a debug ELF. Any thread.
    std::function<std::vector<image::SourcePlace>(const std::vector<std::uint8_t>& debugElf)> places;
    /// `rbpf size --json`.
    std::function<nlohmann::json(const analyse::SizeReport&)> sizes;
    /// Of a board that is attached or runs; nothing where it cannot be asked. Starts none. Any thread.
    std::function<std::optional<BoardFacts>(const std::string& board)> board;
    /// Builds and deploys a project; a sentence about it. Any thread.
    std::function<support::Result<std::string>(const std::string& folder, const std::string& board, const std::stop_token&)>
        deploy;
};

} // namespace rbpf::language
