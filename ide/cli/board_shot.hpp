// SPDX-License-Identifier: GPL-3.0-or-later
// One thing that makes scripts run, with its answer: a CoAP request to a script, the invocation of an entry, or the
// firing of a trigger. The answer may take as long as somebody thinks in front of a halted script.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "debugger/link/board_client.hpp"
#include "debugger/link/boards.hpp"

namespace rbpf::cli {

struct Shot {
    enum class Kind {
        Request,
        Invocation,
        Trigger
    };
    Kind kind = Kind::Request;
    std::uint8_t method = 1;             ///< of a request: 1 GET, 2 POST, 3 PUT, 4 DELETE
    std::string path;                    ///< of a request, with its query
    std::optional<std::uint16_t> format; ///< of a request's payload
    std::uint32_t slot = 0;              ///< of an invocation
    std::string entry;                   ///< of an invocation; "" = the first
    std::string trigger;                 ///< "timer/1000", "packet", …
    std::vector<std::uint8_t> payload;   ///< of a request; else the context

    bool operator==(const Shot&) const = default;
};

struct ShotAnswer {
    std::optional<link::Response> response; ///< to a request
    std::vector<link::RunInfo> runs;        ///< else
    std::chrono::microseconds took{};
};

/// On a line of its own. Errors: no answer within `patience`, the line is lost, the board refuses; kind Cancelled.
[[nodiscard]] support::Result<ShotAnswer> shoot(const link::BoardRecord& board, const Shot& shot,
                                                std::chrono::milliseconds patience, std::stop_token stop);

/// "GET /sensor", "entry run", "trigger timer/1000".
[[nodiscard]] std::string shotWords(const Shot& shot);

/// Behind shotWords(): " answers 2.05 Content: 21.5", " answers 3 after 12 instructions", ": fault …".
[[nodiscard]] std::string answerWords(const ShotAnswer& answer);

} // namespace rbpf::cli
