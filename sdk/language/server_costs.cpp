// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/server_costs.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "sdk/image/listing.hpp"
#include "sdk/language/json_fields.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::language {

namespace {

using nlohmann::json;

std::size_t editsOf(const Check& check, const std::string& file) {
    const auto known = check.request.edits.find(file);
    return known != check.request.edits.end() ? known->second : 0;
}

std::string instructions(std::uint64_t count) {
    return fmt::format("{} instruction{}", count, count == 1 ? "" : "s");
}

/// A lens has room for some words.
constexpr std::size_t kMostWords = 60;

std::string worstOf(const analyse::WorstCase& worst) {
    switch (worst.kind) {
    case analyse::WorstCase::Kind::Proven: return fmt::format("runs at most {}", worst.instructions);
    case analyse::WorstCase::Kind::Assumed: return fmt::format("runs at most {} by your bounds", worst.instructions);
    default: break;
    }
    const auto loop = std::find_if(worst.loops.begin(), worst.loops.end(), [](const auto& one) { return !one.turns; });
    if (loop != worst.loops.end() && loop->line > 0) {
        return fmt::format("no bound: the loop in line {}", loop->line);
    }
    return worst.because.size() <= kMostWords && !worst.because.empty() ? "no bound: " + worst.because : "no bound";
}

json lens(const json& range, const std::string& title, const char* command, const std::string& folder,
          const std::string& function) {
    return {{"range", range}, {"command", {{"title", title}, {"command", command}, {"arguments", {folder, function}}}}};
}

} // namespace

json lensesOf(const Check& check, const Text& text, Encoding encoding) {
    json lenses = json::array();
    const std::string& folder = check.request.folder;
    for (const analyse::FunctionSize& function : check.built.size.functions) {
        const std::string file = (std::filesystem::path(folder) / function.file).lexically_normal();
        if (function.file.empty() || file != text.file || function.line == 0) {
            continue;
        }
        const unsigned line = movedLine(text, editsOf(check, file), function.line);
        const json range = rangeIn(text.text, {file, line, 0, 0, 0}, encoding);
        std::string title = fmt::format("{} · {} B · stack {} B", instructions(function.instructions), function.bytes, function.frameBytes);
        const auto& entries = check.built.size.entries;
        const auto entry = std::find_if(entries.begin(), entries.end(), [&](const auto& one) { return one.name == function.name; });
        if (const auto worst = check.worst.find(function.name); worst != check.worst.end()) {
            title += " · " + worstOf(worst->second);
        }
        lenses.push_back(lens(range, title, "rbpf.showCosts", folder, function.name));
        if (entry != entries.end()) {
            lenses.push_back(lens(range, "Deploy", "rbpf.deploy", folder, function.name));
            lenses.push_back(lens(range, "Debug", "rbpf.debug", folder, function.name));
        }
    }
    return lenses;
}

json inlaysOf(const Check& check, const Text& text, const json& range, Encoding encoding) {
    json inlays = json::array();
    const auto lines = check.lines.find(text.file);
    if (lines == check.lines.end()) {
        return inlays;
    }
    const unsigned first = number(field(field(range, "start"), "line")) + 1;
    const unsigned last = number(field(field(range, "end"), "line"), 1u << 30) + 1;
    for (const auto& [line, cost] : lines->second) {
        const unsigned now = movedLine(text, editsOf(check, text.file), line);
        if (now < first || now > last) {
            continue;
        }
        const std::size_t end = lineEnd(text.text, lineStart(text.text, now - 1));
        inlays.push_back({{"position", positionAt(text.text, end, encoding)},
                          {"label", fmt::format("{} B", cost.bytes)},
                          {"paddingLeft", true},
                          {"tooltip", fmt::format("{}, {} bytes", instructions(cost.instructions), cost.bytes)}});
    }
    return inlays;
}

std::string disassemblyOf(const Check& check) {
    image::ListingOptions options;
    for (const linker::Function& function : check.built.functions) {
        options.symbols.push_back({function.name, function.offset});
    }
    options.places = check.built.places;
    std::map<std::string, std::string> texts;
    options.sourceText = [&](const image::SourcePlace& place) {
        const std::string file = (std::filesystem::path(check.request.folder) / place.file).lexically_normal();
        const auto [known, isNew] = texts.try_emplace(file);
        if (isNew) {
            const auto unsaved = check.request.unsaved.find(file);
            known->second = unsaved != check.request.unsaved.end() ? unsaved->second : support::readText(file).value_or("");
        }
        const std::size_t start = lineStart(known->second, place.line - 1);
        return known->second.substr(start, lineEnd(known->second, start) - start);
    };
    return image::listing(check.built.image, options);
}

} // namespace rbpf::language
