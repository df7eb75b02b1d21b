// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/riot_build.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <regex>
#include <sstream>
#include <thread>
#include <vector>

#include "sdk/project/sdk_folders.hpp"
#include "sdk/support/process.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::cli {

namespace {

namespace fs = std::filesystem;
using support::ErrorKind;
using support::Result;

constexpr std::chrono::hours kDeadline{2};
constexpr std::chrono::minutes kSilence{20}; // a package's download

std::vector<std::string> lines(std::string_view text) {
    std::vector<std::string> all;
    std::istringstream stream{std::string(text)};
    for (std::string line; std::getline(stream, line);) {
        all.push_back(line);
    }
    return all;
}

Result<fs::path> findRiot(const RiotBuild& build) {
    const char* base = std::getenv("RIOTBASE");
    const std::string given = !build.riot.empty() ? build.riot : base != nullptr ? base : "";
    if (given.empty()) {
        return support::fail(ErrorKind::Usage, "which RIOT? Neither --riot nor the environment's RIOTBASE names one",
                             "get it: `git clone --branch 2026.07 https://github.com/RIOT-OS/RIOT`, then --riot RIOT");
    }
    std::error_code code;
    const fs::path folder = fs::absolute(given, code);
    if (!fs::is_regular_file(folder / "Makefile.include", code) || !fs::is_directory(folder / "boards", code)) {
        return support::fail(ErrorKind::Usage, given + " is no RIOT checkout: it has no Makefile.include and boards/",
                             "--riot takes the folder that `git clone https://github.com/RIOT-OS/RIOT` made");
    }
    return folder;
}

/// Names of boards, and older names that RIOT still takes.
std::vector<std::string> boardsOf(const fs::path& riot) {
    std::vector<std::string> names;
    std::error_code code;
    for (const fs::directory_entry& entry : fs::directory_iterator(riot / "boards", code)) {
        if (entry.is_directory(code) && entry.path().filename() != "common") {
            names.push_back(entry.path().filename().string());
        }
    }
    std::ifstream aliases(riot / "makefiles" / "board_alias.inc.mk");
    const std::regex alias(R"(^BOARD_ALIAS \+= ([^:\s]+):)");
    std::smatch found;
    for (std::string line; std::getline(aliases, line);) {
        if (std::regex_search(line, found, alias)) {
            names.push_back(found[1]);
        }
    }
    return names;
}

Result<void> checkBoard(const fs::path& riot, const std::string& board) {
    const std::vector<std::string> names = boardsOf(riot);
    if (std::find(names.begin(), names.end(), board) != names.end()) {
        return {};
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    const auto meant = support::closest(board, views);
    return support::fail(ErrorKind::Usage, "RIOT has no board \"" + board + "\"",
                         meant ? "did you mean \"" + *meant + "\"?"
                               : "boards are the folders of " + (riot / "boards").string());
}

/// make's words as a sentence with a next step, where we know one.
support::Error explain(const std::string& output, const std::string& board) {
    const std::string error = firstError(output);
    std::smatch found;
    if (std::regex_search(output, found, std::regex(R"((\S+): (?:command )?not found)")) &&
        found.str(1).find("gcc") != std::string::npos) {
        return {ErrorKind::Io, fmt::format("the compiler for {}, {}, is not installed", board, found.str(1)),
                found.str(1).starts_with("arm-none-eabi")
                    ? "apt install gcc-arm-none-eabi picolibc-arm-none-eabi"
                    : "RIOT's documentation says which toolchain the board's processor needs"};
    }
    if (output.find("unable to access") != std::string::npos ||
        output.find("Could not resolve host") != std::string::npos) {
        return {ErrorKind::Io, "RIOT could not download a package that " + board + " needs: " + error,
                "try again with a network, or give local copies by PKG_SOURCE_LOCAL_… in the environment"};
    }
    return {ErrorKind::Io, fmt::format("RIOT's build for {} failed: {}", board, error),
            "--verbose shows all of make's output"};
}

} // namespace

std::string withoutColours(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\x1b' || i + 1 == text.size() || text[i + 1] != '[') {
            plain += text[i];
            continue;
        }
        i += 2;
        while (i < text.size() && (text[i] < '@' || text[i] > '~')) {
            ++i;
        }
    }
    return plain;
}

std::string firstError(std::string_view output) {
    static const std::regex isError(
        R"((\berror: |\*\*\* |undefined reference|overflowed by|: not found|command not found|^fatal: ))");
    std::string last;
    for (const std::string& line : lines(output)) {
        if (std::regex_search(line, isError)) {
            return line;
        }
        last = line.empty() ? last : line;
    }
    return last.empty() ? "make said nothing" : last;
}

std::optional<RiotFirmware> readSizes(std::string_view output) {
    static const std::regex row(R"(^\s*(\d+)\s+(\d+)\s+(\d+)\s+\d+\s+[0-9a-f]+\s+(\S+)$)");
    std::optional<RiotFirmware> firmware;
    std::smatch found;
    for (const std::string& line : lines(output)) {
        // Numbers that do not fit into 64 bits are none of a size.
        if (std::regex_match(line, found, row) && std::max({found.length(1), found.length(2), found.length(3)}) < 18) {
            const std::uint64_t data = std::stoull(found[2]);
            firmware = RiotFirmware{found.str(4), std::stoull(found[1]) + data, data + std::stoull(found[3])};
        }
    }
    return firmware;
}

Result<RiotFirmware> buildRiotFirmware(const RiotBuild& build) {
    const auto riot = findRiot(build);
    if (!riot) {
        return tl::unexpected(riot.error());
    }
    if (const auto known = checkBoard(*riot, build.board); !known) {
        return tl::unexpected(known.error());
    }
    std::error_code code;
    const fs::path modules = project::riotFolder();
    const fs::path application = build.application.empty() ? modules / "app" : fs::path(build.application);
    if (!fs::is_regular_file(application / "Makefile", code)) {
        return support::fail(ErrorKind::Usage, application.string() + " is no RIOT application: it has no Makefile",
                             "--app takes the folder of one; RBPF_RIOT names the folder of rBPF's RIOT modules");
    }
    if (!support::findProgram("make")) {
        return support::fail(ErrorKind::Io, "make is not installed", "apt install build-essential");
    }
    const fs::path output = fs::absolute(build.output, code);
    const unsigned jobs = build.jobs != 0 ? build.jobs : std::max(std::thread::hardware_concurrency(), 1u);

    support::ProcessCommand command;
    command.arguments = {"make",
                         "--no-print-directory",
                         "-C",
                         fs::absolute(application, code).string(),
                         "BOARD=" + build.board,
                         "RIOTBASE=" + riot->string(),
                         "BINDIRBASE=" + output.string(),
                         "BUILD_DIR=" + (output / "packages").string(),
                         fmt::format("-j{}", jobs)};
    command.environment = {{"EXTERNAL_MODULE_DIRS", modules.string()}};
    command.isJoined = true;
    support::ProcessOptions options;
    options.deadline = kDeadline;
    options.silence = kSilence;
    options.stop = build.stop;
    options.output = [&build](support::OutputStream, std::string_view piece) {
        if (build.progress) {
            build.progress(piece);
        }
    };
    const auto end = support::runProcess(command, options);
    if (!end) {
        return tl::unexpected(end.error());
    }
    if (end->isStopped) {
        return support::fail(ErrorKind::Cancelled, "cancelled", "what has been built so far is kept");
    }
    if (end->isLate) {
        return support::fail(ErrorKind::Io, "make did not come to an end", "try again with --jobs 1 --verbose");
    }
    const std::string said = withoutColours(end->out);
    if (end->exitCode != 0) {
        return tl::unexpected(explain(said, build.board));
    }
    auto firmware = readSizes(said);
    if (!firmware || !fs::is_regular_file(firmware->elf, code)) {
        return support::fail(ErrorKind::Io, "make ended well but told of no program: " + firstError(said),
                             "--verbose shows all of make's output");
    }
    return *firmware;
}

} // namespace rbpf::cli
