// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/profile_board.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <future>

#include "debugger/session/history.hpp"
#include "debugger/session/session.hpp"
#include "ide/cli/board_shot.hpp"
#include "ide/cli/progress.hpp"
#include "ide/cli/temporary_folder.hpp"

namespace rbpf::cli {

namespace {

using support::ErrorKind;
using support::Result;
using std::chrono::milliseconds;

constexpr milliseconds kPatience{60000}; ///< for a run
constexpr milliseconds kTick{50};
/// The board tells the debugger of a run's end about when it answers who fired it.
constexpr milliseconds kAfterAnswer{5000};

Shot shotFor(const Launched& launched, const RunRequest& request) {
    Shot shot;
    if (request.coap) {
        shot.method = request.coap->method;
        shot.path = "/" + request.coap->path.substr(request.coap->path.starts_with('/') ? 1 : 0);
        shot.payload = request.coap->payload;
        return shot;
    }
    shot.kind = Shot::Kind::Invocation;
    shot.slot = launched.slot;
    for (const image::Entry& entry : launched.opened.image.entries) {
        if (entry.insnIndex == request.insnIndex) {
            shot.entry = entry.name;
        }
    }
    shot.payload = request.context;
    return shot;
}

/// Takes what the session tells until a run has ended and the one who fired it has its answer.
Result<void> awaitRun(session::Session& session, std::future<Result<ShotAnswer>>& shot, const std::stop_token& stop) {
    bool hasEnded = false;
    bool isAnswered = false;
    auto deadline = std::chrono::steady_clock::now() + kPatience + kAfterAnswer;
    while (!hasEnded || !isAnswered) {
        if (stop.stop_requested()) {
            return support::fail(ErrorKind::Cancelled, "cancelled");
        }
        if (std::chrono::steady_clock::now() > deadline) {
            return support::fail(ErrorKind::Board, "the board did not tell the end of the run",
                                 "`rbpf stats` tells what it is doing");
        }
        const auto event = session.wait(kTick);
        if (!event) {
            return tl::unexpected(event.error());
        }
        if (*event) {
            if (const auto* ended = std::get_if<session::Ended>(&**event)) {
                return support::fail(ErrorKind::Board, ended->sentence);
            }
            if (const auto* notice = std::get_if<session::Notice>(&**event);
                notice != nullptr && notice->kind != session::Notice::Kind::Resumed) {
                return support::fail(ErrorKind::Board, notice->sentence, "a profile needs runs that are recorded whole");
            }
            hasEnded = hasEnded || std::holds_alternative<session::RunEnded>(**event);
            if (std::holds_alternative<session::Stop>(**event)) { // a fault, a spent budget
                if (auto resumed = session.resume(); !resumed) {
                    return resumed;
                }
            }
        }
        if (!isAnswered && shot.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
            isAnswered = true;
            deadline = std::chrono::steady_clock::now() + kAfterAnswer;
            if (const auto answer = shot.get(); !answer) {
                return tl::unexpected(answer.error());
            }
        }
    }
    return {};
}

Result<void> fireAll(const Console& console, session::Session& session, const Launched& launched, const RunRequest& request,
                     std::uint32_t runs) {
    if (auto resumed = session.resume(); !resumed) {
        return resumed;
    }
    const Shot shot = shotFor(launched, request);
    Progress progress(console, "running", "runs");
    for (std::uint32_t run = 0; run < runs; ++run) {
        progress.show(run, runs);
        std::stop_source end; // or the thread would keep us for as long as its patience
        auto answer = std::async(std::launch::async,
                                 [&] { return shoot(launched.board, shot, kPatience, end.get_token()); });
        const auto done = awaitRun(session, answer, request.stop);
        end.request_stop();
        if (!done) {
            return done;
        }
    }
    return {};
}

Result<void> countRecorded(session::History& history, const RunRequest& request, analyse::ExecutionCounter& counter) {
    for (std::uint32_t run = 1; run <= history.runs().size(); ++run) {
        const session::RecordedRun& record = history.runs()[run - 1];
        if (!record.end || record.entryPc != request.insnIndex * 8) {
            continue;
        }
        counter.beginRun();
        const std::uint64_t before = counter.total();
        const auto walked = history.walk(run, 0, record.end->instructions, [&](const session::History::StepView& view) {
            counter.step(view.pc / 8);
            return !request.stop.stop_requested();
        });
        if (!walked) {
            return walked;
        }
        if (request.stop.stop_requested()) {
            return support::fail(ErrorKind::Cancelled, "cancelled");
        }
        if (counter.total() - before != record.end->instructions) {
            return support::fail(ErrorKind::Board,
                                 fmt::format("run {} took {} instructions on the board, {} of them can be told", run,
                                             record.end->instructions, counter.total() - before));
        }
    }
    return {};
}

} // namespace

Result<void> countOnBoard(const Console& console, const Launched& launched, const RunRequest& request, std::uint32_t runs,
                          analyse::ExecutionCounter& counter) {
    session::Options options;
    options.board = launched.board.id;
    options.slot = launched.slot;
    options.image = launched.opened.image.bytes;
    options.debugElf = launched.opened.debugElf;
    options.sourceRoot = launched.opened.sourceFolder;
    options.stop = request.stop;
    const auto folder = TemporaryFolder::make();
    if (!folder) {
        return tl::unexpected(folder.error());
    }
    auto session = session::Session::attach(options);
    if (!session) {
        return tl::unexpected(session.error());
    }
    const auto fired = fireAll(console, **session, launched, request, runs);
    const std::filesystem::path file = (*folder)->path() / "runs.rbpfrec";
    const auto saved = fired ? (*session)->save(file) : fired;
    const auto detached = (*session)->detach(!fired); // a cancelled run is not left behind
    if (!saved || !detached) {
        return saved ? detached : saved;
    }
    auto loaded = session::History::load(file);
    return loaded ? countRecorded(loaded->history, request, counter) : tl::unexpected(loaded.error());
}

} // namespace rbpf::cli
