// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/size_against.hpp"

#include <fmt/format.h>

#include "sdk/support/process.hpp"

namespace rbpf::cli {

namespace {

namespace fs = std::filesystem;
using support::ErrorKind;
using support::Result;

constexpr std::string_view kGitPrefix = "git:";

std::string firstLine(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

/// A program's output; what it said where it failed is the Error's message.
Result<std::string> run(std::vector<std::string> arguments, const std::stop_token& stop) {
    support::ProcessOptions options;
    options.stop = stop;
    const std::string program = arguments[0];
    const auto end = support::runProcess({std::move(arguments), {{"LC_ALL", "C"}}}, options);
    if (!end) {
        return support::fail(ErrorKind::Io, fmt::format("{} could not be started: {}", program, end.error().message),
                             "--against git:REV needs the programs git and tar");
    }
    if (end->isStopped) {
        return support::fail(ErrorKind::Cancelled, "cancelled");
    }
    if (end->exitCode != 0) {
        return support::fail(ErrorKind::Io, fmt::format("{}: {}", program,
                                                        end->err.empty() ? "it failed without a word" : firstLine(end->err)));
    }
    return end->out;
}

bool isCancelled(const Result<std::string>& result) {
    return !result && result.error().kind == ErrorKind::Cancelled;
}

/// The project's folder below `to`, with everything the repository had at `revision`.
Result<fs::path> checkOut(const fs::path& project, const std::string& revision, const fs::path& to,
                          const std::stop_token& stop) {
    const auto git = [&](const fs::path& folder, std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"git", "-C", folder.string()});
        return run(std::move(arguments), stop);
    };
    const auto top = git(project, {"rev-parse", "--show-toplevel"});
    if (!top) {
        return isCancelled(top) || top.error().message.find("not a git repository") == std::string::npos
                   ? tl::unexpected(top.error())
                   : support::fail(ErrorKind::Usage, project.string() + " lies in no git repository",
                                   "compare with an image or a folder, or `git init` and commit");
    }
    const auto prefix = git(project, {"rev-parse", "--show-prefix"});
    const auto commit = git(project, {"rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"});
    if (isCancelled(prefix) || isCancelled(commit)) {
        return support::fail(ErrorKind::Cancelled, "cancelled");
    }
    if (!prefix || !commit) {
        return support::fail(ErrorKind::Usage, fmt::format("git knows no revision \"{}\" in {}", revision, firstLine(*top)),
                             "a commit, a branch or a tag, as in git:HEAD~1; in a shallow clone `git fetch --unshallow`");
    }
    const fs::path archive = to / "sources.tar";
    const fs::path sources = to / "sources";
    std::error_code code;
    fs::create_directory(sources, code);
    if (const auto made = git(firstLine(*top), {"archive", "--format=tar", "-o", archive.string(), firstLine(*commit)}); !made) {
        return tl::unexpected(made.error());
    }
    if (const auto unpacked = run({"tar", "-xf", archive.string(), "-C", sources.string()}, stop); !unpacked) {
        return tl::unexpected(unpacked.error());
    }
    const fs::path folder = sources / firstLine(*prefix);
    if (!fs::exists(folder / "rbpf.json", code)) {
        return support::fail(ErrorKind::Usage, fmt::format("there is no project in {} at {}", project.string(), revision),
                             "choose a later revision: `git log -- rbpf.json`");
    }
    return folder;
}

} // namespace

Result<Against> measureAgainst(const Console& console, const std::string& against, const fs::path& project,
                               const std::stop_token& stop) {
    if (!against.starts_with(kGitPrefix)) {
        auto measured = measureWhat(console, against);
        return measured ? Result<Against>({std::move(*measured), nullptr}) : tl::unexpected(measured.error());
    }
    const std::string revision = against.substr(kGitPrefix.size());
    if (revision.empty()) {
        return support::fail(ErrorKind::Usage, "git: names no revision", "as in git:HEAD~1 or git:main");
    }
    auto temporary = TemporaryFolder::make();
    if (!temporary) {
        return tl::unexpected(temporary.error());
    }
    const auto folder = checkOut(project, revision, (*temporary)->path(), stop);
    if (!folder) {
        return tl::unexpected(folder.error());
    }
    auto measured = measureWhat(console, folder->string());
    if (!measured) {
        return support::fail(measured.error().kind,
                             measured.error().kind == ErrorKind::Script ? "the script does not build at " + revision
                                                                        : measured.error().message,
                             measured.error().hint);
    }
    return Against{std::move(*measured), std::move(*temporary)};
}

} // namespace rbpf::cli
