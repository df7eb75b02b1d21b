// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/run_text.hpp"

#include <fmt/format.h>

#include "debugger/link/status_text.hpp"
#include "ide/cli/fault_text.hpp"
#include "ide/cli/known_builds.hpp"
#include "sdk/image/status_text.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::cli {

namespace {

/// The image in a slot: this workstation's build of it, else read back from the board.
std::optional<OpenedImage> imageOf(OpenBoard& board, std::uint32_t slot, const link::Options& options) {
    const auto slots = board.client.slots(options);
    if (!slots) {
        return std::nullopt;
    }
    for (const link::SlotInfo& one : *slots) {
        if (one.slot == slot) {
            if (auto known = findBuild(one.buildId)) {
                return known;
            }
        }
    }
    auto bytes = board.client.readBack(slot, options);
    auto image = bytes ? image::read(std::move(*bytes)) : support::fail(support::ErrorKind::Board, "");
    if (!image) {
        return std::nullopt;
    }
    OpenedImage opened;
    opened.image = std::move(*image);
    return opened;
}

} // namespace

std::string asIntText(std::int64_t result) {
    const bool isNegative = result > INT32_MAX && result <= UINT32_MAX;
    return isNegative ? fmt::format(" ({} as int)", static_cast<std::int32_t>(result)) : "";
}

std::string boardFaultSentence(OpenBoard& board, const link::BoardFault& fault, const link::Options& options) {
    const auto opened = fault.slot ? imageOf(board, *fault.slot, options) : std::nullopt;
    const auto regions = opened ? regionsOf(opened->image) : std::vector<Region>();
    return faultSentence({fault.status, fault.insnIndex, fault.detail}, opened ? &*opened : nullptr, regions);
}

nlohmann::json runJson(const link::RunInfo& run, const std::string& sentence) {
    nlohmann::json json{{"halt", link::haltName(run.halt)},
                        {"result", run.result},
                        {"instructions", run.instructions},
                        {"context", support::toHex(run.context)}};
    if (run.slot) {
        json["slot"] = *run.slot;
    }
    if (run.fault) {
        json["fault"] = {
            {"status", run.fault->status}, {"name", image::statusName(run.fault->status)}, {"sentence", sentence}};
        if (run.fault->insnIndex) {
            json["fault"]["instruction"] = *run.fault->insnIndex;
        }
        if (run.fault->detail) {
            json["fault"]["detail"] = *run.fault->detail;
        }
    }
    return json;
}

int reportRun(Console& console, OpenBoard& board, const link::RunInfo& run, const link::Options& options,
              const std::string& hint) {
    const std::string sentence = run.fault ? boardFaultSentence(board, *run.fault, options) : std::string();
    if (console.json) {
        console.printJson(runJson(run, sentence));
    } else if (run.fault) {
        return console.fail(
            {support::ErrorKind::Script, fmt::format("{} after {} instructions", sentence, run.instructions), hint});
    } else {
        console.print(fmt::format("{}{}result {}{} after {} instructions\n",
                                  run.context.empty() ? "" : "context " + support::toHex(run.context) + "\n",
                                  run.slot ? fmt::format("slot {}: ", *run.slot) : "", run.result,
                                  asIntText(run.result), run.instructions));
    }
    return run.fault ? kScriptFault : kFine;
}

} // namespace rbpf::cli
