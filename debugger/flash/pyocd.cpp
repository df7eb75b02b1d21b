// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/flash/pyocd.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "debugger/flash/pyocd_words.hpp"

namespace rbpf::flash {

using support::ErrorKind;
using support::ProcessCommand;
using support::ProcessEnd;
using support::Result;

namespace {

/// Long enough for a loaded machine to start Python and look at all of USB.
constexpr std::chrono::seconds kAnswerDeadline{60};
/// What a board without a chip of its own is listed with.
constexpr const char* kGenericTarget = "cortex_m";

ProcessCommand command(std::vector<std::string> arguments) {
    // Words as they come, in a character set that has pyOCD's check marks, without colours.
    return {std::move(arguments),
            {{"PYTHONUNBUFFERED", "1"}, {"PYTHONIOENCODING", "utf-8"}, {"PYOCD_COLOR", "never"}},
            true};
}

/// Runs a command that only asks. Standard output alone: warnings go to the other stream.
Result<std::string> ask(std::vector<std::string> arguments, std::stop_token stop) {
    ProcessCommand asking = command(std::move(arguments));
    asking.isJoined = false;
    support::ProcessOptions options;
    options.deadline = options.silence = kAnswerDeadline;
    options.stop = std::move(stop);
    const auto end = support::runProcess(asking, options);
    if (!end) {
        return tl::unexpected(end.error());
    }
    if (end->isStopped) {
        return support::fail(ErrorKind::Cancelled, "cancelled");
    }
    if (end->isLate) {
        return support::fail(
            ErrorKind::Io,
            fmt::format("{} gave no answer within {} s", fmt::join(asking.arguments, " "), kAnswerDeadline.count()),
            "run it by hand to see why; unplugging the probe and plugging it in again may help");
    }
    // Both generations tell a failed list in their JSON and exit 0 or 1.
    if (end->exitCode != 0 && end->out.find('{') == std::string::npos) {
        return support::fail(ErrorKind::Io,
                             fmt::format("{} failed: {}", asking.arguments.front(), usefulLine(end->out + end->err)),
                             "its installation may be broken; run it by hand to see all that it says");
    }
    return end->out;
}

std::string trimmed(std::string text) {
    const auto isBlank = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
    while (!text.empty() && isBlank(text.back())) {
        text.pop_back();
    }
    text.erase(text.begin(), std::ranges::find_if_not(text, isBlank));
    return text;
}

bool isTools(const Pyocd& pyocd) {
    return pyocd.generation == Generation::Tools;
}

std::string textOf(const nlohmann::json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// The array `key` of a document as both generations print them.
Result<nlohmann::json> listOf(const std::string& text, const char* key) {
    const nlohmann::json document = nlohmann::json::parse(text, nullptr, false);
    if (!document.is_object()) {
        return support::fail(ErrorKind::Io, "pyOCD's answer is not JSON: " + usefulLine(text));
    }
    if (const std::string error = textOf(document, "error"); !error.empty()) {
        return support::fail(ErrorKind::Io, "pyOCD could not look: " + usefulLine(error));
    }
    const auto list = document.find(key);
    if (list == document.end() || !list->is_array()) {
        return support::fail(ErrorKind::Io, fmt::format("pyOCD's answer has no list \"{}\"", key));
    }
    return *list;
}

} // namespace

Result<Pyocd> findPyocd(std::stop_token stop) {
    Pyocd pyocd;
    const char* program = "pyocd";
    if (!support::findProgram(program)) {
        program = "pyocd-flashtool";
        pyocd.generation = Generation::Tools;
        for (const char* needed : {program, "pyocd-tool", "pyocd-gdbserver"}) {
            if (!support::findProgram(needed)) {
                return support::fail(ErrorKind::Io, "pyOCD, which drives debug probes, is not installed",
                                     "install it with `sudo apt install python3-pyocd` or, for J-Link probes and newer "
                                     "chips, `pipx install pyocd`");
            }
        }
    }
    auto version = ask({program, "--version"}, std::move(stop));
    if (!version) {
        return tl::unexpected(version.error());
    }
    pyocd.version = trimmed(std::move(*version));
    return pyocd;
}

Result<std::vector<Probe>> detail::parseProbes(const std::string& json) {
    const auto list = listOf(json, "boards");
    if (!list) {
        return tl::unexpected(list.error());
    }
    std::vector<Probe> probes;
    for (const nlohmann::json& entry : *list) {
        Probe probe{textOf(entry, "unique_id"),
                    trimmed(textOf(entry, "vendor_name") + " " + textOf(entry, "product_name")),
                    textOf(entry, "board_name"), textOf(entry, "target")};
        if (probe.uniqueId.empty()) {
            continue;
        }
        if (probe.target == kGenericTarget) {
            probe.target.clear();
        }
        if (probe.board == "generic" || probe.board == "Generic") {
            probe.board.clear();
        }
        probes.push_back(std::move(probe));
    }
    return probes;
}

Result<std::vector<std::string>> detail::parseTargets(const std::string& json) {
    const auto list = listOf(json, "targets");
    if (!list) {
        return tl::unexpected(list.error());
    }
    std::vector<std::string> names;
    for (const nlohmann::json& entry : *list) {
        std::string name = textOf(entry, "name");
        if (!name.empty() && name != kGenericTarget) {
            names.push_back(std::move(name));
        }
    }
    std::ranges::sort(names);
    return names;
}

Result<std::vector<Probe>> listProbes(const Pyocd& pyocd, std::stop_token stop) {
    return ask(isTools(pyocd) ? std::vector<std::string>{"pyocd-gdbserver", "--list", "--json"}
                              : std::vector<std::string>{"pyocd", "json", "--probes"},
               std::move(stop))
        .and_then(detail::parseProbes);
}

Result<std::vector<std::string>> listTargets(const Pyocd& pyocd, std::stop_token stop) {
    return ask(isTools(pyocd) ? std::vector<std::string>{"pyocd-gdbserver", "--list-targets", "--json"}
                              : std::vector<std::string>{"pyocd", "json", "--targets"},
               std::move(stop))
        .and_then(detail::parseTargets);
}

ProcessCommand flashCommand(const Pyocd& pyocd, const Chosen& chosen, const std::filesystem::path& hexFile) {
    if (isTools(pyocd)) {
        return command({"pyocd-flashtool", "-b", chosen.probe, "-t", chosen.target, "--sector_erase", hexFile, "hex"});
    }
    // -v tells which core answers. By default pyOCD would unlock a protected chip, and thereby erase it, without a
    // question.
    return command({"pyocd", "flash", "-v", "-u", chosen.probe, "-t", chosen.target, "--no-wait", "--erase", "sector",
                    "--format", "hex", "-O", "auto_unlock=false", hexFile});
}

ProcessCommand unlockCommand(const Pyocd& pyocd, const Chosen& chosen) {
    if (isTools(pyocd)) {
        return command({"pyocd-flashtool", "-b", chosen.probe, "-t", chosen.target, "--mass-erase"});
    }
    return command({"pyocd", "erase", "-u", chosen.probe, "-t", chosen.target, "--no-wait", "--mass"});
}

std::vector<ProcessCommand> readCommands(const Pyocd& pyocd, const Chosen& chosen,
                                         const std::vector<ReadRange>& ranges) {
    std::vector<ProcessCommand> commands;
    if (isTools(pyocd)) {
        const std::vector<std::string> tool{"pyocd-tool", "-b", chosen.probe, "-t", chosen.target};
        const auto add = [&](std::vector<std::string> words) {
            words.insert(words.begin(), tool.begin(), tool.end());
            commands.push_back(command(std::move(words)));
        };
        for (const ReadRange& range : ranges) {
            add({"savemem", fmt::format("{:#x}", range.address), fmt::format("{:#x}", range.size), range.file});
        }
        add({"reset"});
        return commands;
    }
    std::vector<std::string> words{"pyocd", "commander", "-u", chosen.probe, "-t", chosen.target, "--no-wait"};
    for (const ReadRange& range : ranges) {
        words.insert(words.end(),
                     {"-c", fmt::format("savemem {:#x} {:#x} \"{}\"", range.address, range.size, range.file.string())});
    }
    words.insert(words.end(), {"-c", "reset"});
    commands.push_back(command(std::move(words)));
    return commands;
}

} // namespace rbpf::flash
