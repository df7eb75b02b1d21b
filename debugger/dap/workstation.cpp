// SPDX-License-Identifier: GPL-3.0-or-later
// Build, deploy, attach: the same functions that the command line uses.
#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <mutex>
#include <thread>

#include "debugger/dap/environment.hpp"
#include "debugger/link/deploy.hpp"
#include "debugger/transport/shared_port.hpp"
#include "sdk/project/build.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::dap {

namespace {

using support::ErrorKind;
using support::Result;
namespace fs = std::filesystem;

/// The folder with an rbpf.json that `file` lies in.
std::optional<fs::path> projectOf(const fs::path& file) {
    std::error_code code;
    for (fs::path folder = file.parent_path(); !folder.empty(); folder = folder.parent_path()) {
        if (fs::exists(folder / project::kConfigName, code)) {
            return folder;
        }
        if (folder == folder.root_path()) {
            break;
        }
    }
    return std::nullopt;
}

/// The session compares the build ids; here a missing file only means that there are no sources to show.
std::vector<std::uint8_t> debugElfBeside(fs::path image) {
    auto bytes = support::readBytes(image.replace_extension(".debug.elf"));
    return bytes ? std::move(*bytes) : std::vector<std::uint8_t>();
}

Result<Program> readImage(const fs::path& path) {
    auto image = image::readFile(path);
    if (!image) {
        return tl::unexpected(image.error());
    }
    const fs::path folder = projectOf(path).value_or(path.parent_path());
    return Program{std::move(*image), debugElfBeside(path), folder};
}

Result<Program> buildProject(const fs::path& folder, const Report& report) {
    auto built = project::build(folder);
    if (!built) {
        return tl::unexpected(built.error());
    }
    for (const support::Diagnostic& diagnostic : built->diagnostics) {
        report.diagnostic(diagnostic);
    }
    if (!built->ok) {
        return support::fail(ErrorKind::Script, "the build failed", "the debug console shows what the compiler says");
    }
    return Program{std::move(built->image), debugElfBeside(built->project->image()), built->project->folder};
}

class BackgroundInvocation : public Invocation {
public:
    BackgroundInvocation(std::string serial, std::uint32_t slot, std::string entry, std::vector<std::uint8_t> context)
        : thread_([this, serial = std::move(serial), slot, entry = std::move(entry),
                   context = std::move(context)](std::stop_token stop) { run(serial, slot, entry, context, stop); }) {}

    std::optional<std::string> failure() override {
        const std::lock_guard lock(mutex_);
        return std::exchange(failure_, std::nullopt);
    }

private:
    void run(const std::string& serial, std::uint32_t slot, const std::string& entry,
             const std::vector<std::uint8_t>& context, std::stop_token stop) {
        auto line = transport::openShared(serial);
        if (!line) {
            return fail(line.error());
        }
        link::BoardClient client(std::move(*line));
        link::Options options;
        options.deadline = std::chrono::hours(24); // the run waits as long as its debugger does
        options.stop = stop;
        const auto done = client.invoke(slot, entry, context, options);
        if (!done && done.error().kind != ErrorKind::Cancelled) {
            fail(done.error());
        }
    }

    void fail(const support::Error& error) {
        const std::lock_guard lock(mutex_);
        failure_ = error.message;
    }

    std::mutex mutex_;
    std::optional<std::string> failure_;
    std::jthread thread_; // last: it uses the others
};

class Workstation : public Environment {
public:
    explicit Workstation(WorkstationHooks hooks) : hooks_(std::move(hooks)) {}

    Result<Program> load(const Settings& settings, const Report& report) override {
        std::error_code code;
        const fs::path& path = settings.program;
        if (path.empty()) {
            return Program{};
        }
        if (fs::is_directory(path, code)) {
            return buildProject(path, report);
        }
        if (!fs::exists(path, code)) {
            return support::fail(ErrorKind::Usage, fmt::format("there is no {}", path.string()),
                                 "\"program\" is a project's folder or an image (.rbpf)");
        }
        if (path.extension() == ".rbpf" || path.extension() == ".rbf") {
            return readImage(path);
        }
        const auto folder = projectOf(path);
        if (!folder) {
            return support::fail(ErrorKind::Usage, fmt::format("{} is not inside of a project", path.string()),
                                 "\"program\" is a project's folder or an image (.rbpf)");
        }
        return buildProject(*folder, report);
    }

    Result<Target> place(const Settings& settings, Program program, const Report& report) override {
        auto board = hooks_.findBoard(settings.board, report.stop);
        if (!board) {
            return tl::unexpected(board.error());
        }
        auto line = transport::openShared(board->serial);
        if (!line) {
            return tl::unexpected(line.error());
        }
        link::BoardClient client(std::move(*line));
        Target target{std::move(*board), 0, {}, std::move(program), {}};
        const auto placed = settings.launch && settings.deployOnStart ? deploy(target, client, settings, report)
                                                                      : find(target, client, settings, report);
        if (!placed) {
            return tl::unexpected(placed.error());
        }
        if (target.program.image) {
            const auto answers = link::coapAddresses(*target.program.image, target.board.coap);
            target.howToRun =
                answers.empty() ? "" : fmt::format("a request for {} runs it", fmt::join(answers, " or "));
        }
        return target;
    }

    Result<std::unique_ptr<session::Session>> attach(const session::Options& options) override {
        return session::Session::attach(options);
    }

    std::unique_ptr<Invocation> invoke(const Target& target, const std::string& entry,
                                       const std::vector<std::uint8_t>& context) override {
        return std::make_unique<BackgroundInvocation>(target.board.serial, target.slot, entry, context);
    }

private:
    static Result<void> deploy(Target& target, link::BoardClient& client, const Settings& settings,
                               const Report& report) {
        if (!target.program.image) {
            return support::fail(ErrorKind::Usage, "nothing to deploy", "name a project or an image in \"program\"");
        }
        link::DeployOptions options;
        options.slot = settings.slot;
        options.stop = report.stop;
        options.progress = [&](std::uint32_t, std::size_t done, std::size_t total) { report.progress(done, total); };
        const auto done = link::deploy(client, *target.program.image, options);
        if (!done) {
            return tl::unexpected(done.error());
        }
        target.slot = done->slot;
        target.script = target.program.image->name;
        report.say(fmt::format("deployed {} {} to {} slot {} in {} ms\n", target.script, target.program.image->version,
                               target.board.id, target.slot, done->took.count()));
        return {};
    }

    /// Which slot the settings mean; without a program, what these tools know of the script in it.
    Result<void> find(Target& target, link::BoardClient& client, const Settings& settings, const Report& report) const {
        link::Options options;
        options.stop = report.stop;
        const auto slots = client.slots(options);
        if (!slots) {
            return tl::unexpected(slots.error());
        }
        const auto& image = target.program.image;
        const auto slot = std::find_if(slots->begin(), slots->end(), [&](const link::SlotInfo& one) {
            const bool meant = settings.slot ? one.slot == *settings.slot : !image || one.name == image->name;
            return meant && !one.buildId.empty();
        });
        if (slot == slots->end()) {
            return support::fail(ErrorKind::Board,
                                 settings.slot ? fmt::format("slot {} of {} is empty", *settings.slot, target.board.id)
                                 : image       ? fmt::format("{} is not on {}", image->name, target.board.id)
                                               : fmt::format("there is no script on {}", target.board.id),
                                 "`rbpf list` lists the scripts on a board; \"launch\" deploys one");
        }
        target.slot = slot->slot;
        target.script = slot->name.empty() ? fmt::format("slot {}", slot->slot) : slot->name;
        if (!image && hooks_.findBuild) {
            if (const auto path = hooks_.findBuild(slot->buildId)) {
                if (auto known = readImage(*path)) {
                    target.program = std::move(*known);
                }
            }
        }
        return {};
    }

    WorkstationHooks hooks_;
};

} // namespace

std::unique_ptr<Environment> makeWorkstation(WorkstationHooks hooks) {
    return std::make_unique<Workstation>(std::move(hooks));
}

} // namespace rbpf::dap
