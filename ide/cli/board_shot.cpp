// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/board_shot.hpp"

#include <fmt/format.h>

#include "debugger/link/status_text.hpp"
#include "debugger/transport/shared_port.hpp"
#include "ide/cli/payload_text.hpp"

namespace rbpf::cli {

using support::Result;

namespace {

/// The board may acknowledge late; it knows a repeated request by its number.
constexpr link::CoapTiming kTiming{std::chrono::seconds(2), 1.5, 20};

std::string runWords(const link::RunInfo& run) {
    return run.fault ? ": " + link::faultText(*run.fault)
                     : fmt::format(" answers {} after {} instructions", run.result, run.instructions);
}

Result<void> ask(link::BoardClient& client, const Shot& shot, const link::Options& options, ShotAnswer& answer) {
    const auto keep = [](auto&& from, auto& into) -> Result<void> {
        if (!from) {
            return tl::unexpected(from.error());
        }
        into = std::move(*from);
        return {};
    };
    switch (shot.kind) {
    case Shot::Kind::Request:
        return keep(client.request(shot.method, shot.path, shot.payload, options, shot.format), answer.response);
    case Shot::Kind::Invocation:
        return keep(client.invoke(shot.slot, shot.entry, shot.payload, options), answer.runs.emplace_back());
    case Shot::Kind::Trigger:
        break;
    }
    return keep(client.fire(shot.trigger, shot.payload, options), answer.runs);
}

} // namespace

Result<ShotAnswer> shoot(const link::BoardRecord& board, const Shot& shot, std::chrono::milliseconds patience,
                         std::stop_token stop) {
    auto line = transport::openShared(board.serial);
    if (!line) {
        return tl::unexpected(line.error());
    }
    link::BoardClient client(std::move(*line), kTiming);
    link::Options options;
    options.deadline = patience;
    options.stop = std::move(stop);
    ShotAnswer answer;
    const auto start = std::chrono::steady_clock::now();
    if (const auto asked = ask(client, shot, options, answer); !asked) {
        return tl::unexpected(asked.error());
    }
    answer.took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
    return answer;
}

std::string shotWords(const Shot& shot) {
    constexpr const char* kMethods[] = {"?", "GET", "POST", "PUT", "DELETE"};
    switch (shot.kind) {
    case Shot::Kind::Request:
        return fmt::format("{} {}", kMethods[shot.method <= 4 ? shot.method : 0], shot.path);
    case Shot::Kind::Invocation:
        return shot.entry.empty() ? "the entry" : "entry " + shot.entry;
    case Shot::Kind::Trigger:
        break;
    }
    return "trigger " + shot.trigger;
}

std::string answerWords(const ShotAnswer& answer) {
    if (answer.response) {
        const link::Response& response = *answer.response;
        const std::string text = payloadText(response.format, response.payload);
        return fmt::format(" answers {}{}{}", link::codeText(response.code), text.empty() ? "" : ": ", text);
    }
    if (answer.runs.empty()) {
        return ": no script has this trigger";
    }
    std::string words;
    for (const link::RunInfo& run : answer.runs) {
        words += (words.empty() ? "" : ";") + runWords(run);
    }
    return words;
}

} // namespace rbpf::cli
