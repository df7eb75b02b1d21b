// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/server_check.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "sdk/analyse/lines.hpp"
#include "sdk/image/bindings.hpp"
#include "sdk/image/instruction.hpp"

namespace rbpf::language {

namespace {

namespace fs = std::filesystem;
using support::Diagnostic;
using support::Severity;

/// As an editor knows it; what belongs to no file stands in rbpf.json.
std::string absolute(const std::string& folder, const std::string& file) {
    return (file.empty() ? fs::path(folder) / project::kConfigName : fs::path(folder) / file).lexically_normal();
}

void makeAbsolute(const std::string& folder, Diagnostic& diagnostic) {
    diagnostic.range.file = absolute(folder, diagnostic.range.file);
    for (support::FixIt& fix : diagnostic.fixIts) {
        fix.range.file = absolute(folder, fix.range.file);
    }
    for (Diagnostic& note : diagnostic.notes) {
        makeAbsolute(folder, note);
    }
}

Diagnostic at(const support::SourceRange& place, Severity severity, std::string message, std::string hint) {
    return {severity, place, std::move(message), std::move(hint), {}, {}};
}

void addCosts(Check& check) {
    const auto placed = analyse::placedCode(check.built.image, check.built.places);
    for (const analyse::PlacedCode& one : placed) {
        if (one.line > 0) {
            LineCost& cost = check.lines[absolute(check.request.folder, one.file)][one.line];
            ++cost.instructions;
            cost.bytes += one.bytes;
        }
    }
    analyse::CostOptions options{.places = check.built.places, .limits = check.built.limits};
    for (const analyse::FunctionSize& function : check.built.size.functions) {
        options.functions.push_back({function.name, function.offset});
    }
    for (const analyse::FunctionSize& function : check.built.size.functions) {
        const auto entry = std::ranges::find(check.built.size.entries, function.name, &analyse::EntryCost::name);
        if (entry != check.built.size.entries.end()) {
            check.worst[function.name] = entry->worst;
        } else if (!function.file.empty()) {
            check.worst[function.name] = analyse::worstCase(check.built.image, function.offset / 8, options);
        }
    }
}

/// Calls of what the board's firmware does not have, each line once.
void checkBindings(Check& check, const BoardFacts& board) {
    for (const image::Instruction& in : image::decode(check.built.image.text())) {
        const auto id = static_cast<std::uint32_t>(in.imm);
        if (!in.isBindingCall() || std::ranges::find(board.bindings, id) != board.bindings.end()) {
            continue;
        }
        support::SourceRange place;
        if (in.index < check.built.places.size()) {
            place.file = check.built.places[in.index].file;
            place.line = check.built.places[in.index].line;
        }
        place.file = absolute(check.request.folder, place.file);
        const auto name = image::bindingName(id);
        std::string message = fmt::format("{} does not have {}", board.name, name ? std::string(*name) : fmt::format("binding 0x{:02x}", id));
        const bool isTold = std::ranges::any_of(check.diagnostics, [&](const Diagnostic& one) {
            return one.message == message && one.range.file == place.file && one.range.line == place.line;
        });
        if (!isTold) {
            check.diagnostics.push_back(at(place, Severity::Error, std::move(message), "update the board's firmware, or do without"));
        }
    }
}

void checkLimits(Check& check, const BoardFacts& board) {
    const support::SourceRange config{absolute(check.request.folder, ""), 0, 0, 0, 0};
    const image::Image& image = check.built.image;
    if (image.stackBytes > board.stackBytes) {
        check.diagnostics.push_back(at(config, Severity::Error,
                                       fmt::format("the script asks for a stack of {} bytes, {} has {}", image.stackBytes,
                                                   board.name, board.stackBytes),
                                       fmt::format("\"stack\" in rbpf.json; its functions need {}", check.built.size.stack)));
    }
    if (image.bytes.size() > board.imageBytes) {
        check.diagnostics.push_back(at(config, Severity::Error,
                                       fmt::format("the image has {} bytes, {} takes {}", image.bytes.size(), board.name,
                                                   board.imageBytes),
                                       "`rbpf size` tells what takes room"));
    }
}

/// Entries that may execute more instructions than the board gives to an image that asks for none; what it asks for is
/// the analyser's to check.
void checkBudget(Check& check, const BoardFacts& board) {
    for (const analyse::FunctionSize& function : check.built.size.functions) {
        const auto& entries = check.built.size.entries;
        const auto worst = check.worst.find(function.name);
        const bool isEntry = std::ranges::find(entries, function.name, &analyse::EntryCost::name) != entries.end();
        if (isEntry && worst != check.worst.end() && worst->second.kind != analyse::WorstCase::Kind::Unbounded && board.budget > 0 &&
            worst->second.instructions > board.budget) {
            check.diagnostics.push_back(at({absolute(check.request.folder, function.file), function.line, 0, 0, 0}, Severity::Warning,
                                           fmt::format("a run of `{}` may take {} instructions, {} gives it {}", function.name,
                                                       worst->second.instructions, board.name, board.budget),
                                           fmt::format("it would be stopped in the middle: do less, or set \"budget\": {} in rbpf.json",
                                                       worst->second.instructions)));
        }
    }
}

} // namespace

std::shared_ptr<const Check> check(CheckRequest request, const ServerHooks& hooks) {
    auto result = std::make_shared<Check>();
    Check& check = *result;
    check.request = std::move(request);
    const std::string& folder = check.request.folder;
    project::BuildOptions options;
    options.write = false;
    options.unsaved = check.request.unsaved;
    options.places = hooks.places;
    auto built = project::build(folder, options);
    if (!built) {
        check.diagnostics.push_back(at({absolute(folder, ""), 0, 0, 0, 0}, Severity::Error, built.error().message, built.error().hint));
        return result;
    }
    check.built = std::move(*built);
    check.ok = check.built.ok;
    check.diagnostics = check.built.diagnostics;
    for (Diagnostic& one : check.diagnostics) {
        makeAbsolute(folder, one);
    }
    if (!check.ok) {
        return result;
    }
    if (hooks.places) {
        addCosts(check);
    }
    const project::Config& config = check.built.project->config;
    const std::string board = check.request.board.empty() ? config.board : check.request.board;
    const auto facts = hooks.board ? hooks.board(board) : std::nullopt;
    if (facts) {
        checkBindings(check, *facts);
        checkLimits(check, *facts);
    }
    if (facts && config.budget == 0) {
        checkBudget(check, *facts);
    }
    return result;
}

} // namespace rbpf::language
