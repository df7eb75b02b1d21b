// SPDX-License-Identifier: GPL-3.0-or-later
// The way to the board: attaching, losing it, finding it again with everything set as it was.
#include <fmt/format.h>

#include "debugger/link/board_client.hpp"
#include "debugger/link/boards.hpp"
#include "debugger/session/debug_session.hpp"
#include "debugger/session/session_checked.hpp"
#include "debugger/transport/shared_port.hpp"

namespace rbpf::session {

using support::ErrorKind;
using support::fail;

DebugSession::DebugSession(Options options, Program program, History history)
    : options_(std::move(options)), program_(std::move(program)), history_(std::move(history)) {
    entryOnce_ = options_.stopOnEntry;
}

support::Result<std::unique_ptr<Session>> Session::attach(const Options& options) {
    const auto board = link::resolveBoard(options.board);
    if (!board) {
        return tl::unexpected(board.error());
    }
    Options kept = options;
    kept.board = board->id;
    if (kept.image.empty()) {
        auto line = transport::openShared(board->serial);
        if (!line) {
            return tl::unexpected(line.error());
        }
        link::BoardClient reader(std::move(*line));
        link::Options reading;
        reading.deadline = options.deadline;
        reading.stop = options.stop;
        auto image = reader.readBack(options.slot, reading);
        if (!image) {
            return tl::unexpected(image.error());
        }
        kept.image = std::move(*image);
    }
    auto program = Program::create(kept.image, kept.debugElf);
    if (!program) {
        return tl::unexpected(program.error());
    }
    auto history = History::create(kept.image);
    if (!history) {
        return tl::unexpected(history.error());
    }
    auto session = std::make_unique<DebugSession>(kept, std::move(*program), std::move(*history));
    // A board is found again by its name: a native board's process and a port's path may have changed.
    const auto connect = [name = kept.board]() -> support::Result<std::unique_ptr<rsp::RspClient>> {
        const auto found = link::resolveBoard(name);
        if (!found) {
            return tl::unexpected(found.error());
        }
        return rsp::RspClient::open(found->serial);
    };
    if (auto begun = session->begin(connect); !begun) {
        return tl::unexpected(begun.error());
    }
    return session;
}

support::Result<void> DebugSession::begin(Connect connect) {
    connect_ = std::move(connect);
    if (auto attached = attachNow(true); !attached) {
        client_.reset();
        return attached;
    }
    tellUnrecorded();
    if (!program_.warning().empty()) {
        events_.emplace_back(Notice{Notice::Kind::BreakpointChanged, program_.warning()});
    }
    return {};
}

/// Connects, takes the seat, halts the script and makes sure that it is the one we know.
support::Result<void> DebugSession::attachNow(bool first) {
    auto client = connect_();
    if (!client) {
        return tl::unexpected(client.error());
    }
    (*client)->setDeadline(options_.deadline);
    if (auto connected = (*client)->connect(options_.take || !first); !connected) {
        return tl::unexpected(connected.error());
    }
    auto reply = (*client)->attach(options_.slot);
    if (!reply) {
        return reply.error().message.find("slot is empty") != std::string::npos
                   ? fail(ErrorKind::Board, fmt::format("slot {} is empty", options_.slot), "deploy a script there")
                   : tl::unexpected(reply.error());
    }
    const auto image = (*client)->image();
    if (!image) {
        return tl::unexpected(image.error());
    }
    if (image->buildId != program_.image().buildId) {
        (void)(*client)->detach(false);
        return fail(ErrorKind::Board,
                    fmt::format("slot {} holds build {}, not build {} that is to be debugged", options_.slot,
                                shortBuildId(image->buildId), shortBuildId(program_.image().buildId)),
                    "deploy it first, or debug what the board has without an image");
    }
    points_.forget();
    if (options_.history) {
        if (auto on = (*client)->setHistory(true); !on) {
            return on;
        }
    }
    if (options_.holdMs != 0) {
        if (auto hold = (*client)->setHold(options_.holdMs, options_.holdAborts); !hold) {
            return hold;
        }
    }
    client_ = std::move(*client);
    showLive(*reply);
    return {};
}

/// After attaching in the middle of a run.
void DebugSession::tellUnrecorded() {
    if (options_.history && liveStop_.cause != RBPF_CAUSE_IDLE) {
        events_.emplace_back(Notice{Notice::Kind::HistoryIncomplete,
                                    "a run was in progress already: it can be followed forwards only, history begins "
                                    "with the next run"});
    }
}

bool isHeldByOther(const support::Error& error) {
    return error.kind == ErrorKind::Board && error.message.find("held") != std::string::npos;
}

void DebugSession::lost(const support::Error& error) {
    if (ended_ || lost_) {
        return;
    }
    if (isHeldByOther(error)) {
        end("another debugger has taken the board over");
        return;
    }
    lost_ = true;
    pause_ = halting_ = false;
    client_.reset();
    live_.reset();
    if (!inPast()) {
        target_.reset();
        stack_.reset();
    }
    recorder_.interrupted();
    points_.forget();
    events_.emplace_back(Notice{Notice::Kind::LinkLost, fmt::format("the link to the board is lost ({}); it is looked "
                                                                    "for under the name {}",
                                                                    error.message, options_.board)});
}

/// One attempt; wait() calls it again and again.
void DebugSession::reconnect() {
    const bool wasRunning = running_;
    const std::chrono::milliseconds patience = std::exchange(options_.deadline, std::chrono::milliseconds(1000));
    const auto attached = attachNow(false);
    options_.deadline = patience;
    if (!attached) {
        if (attached.error().kind == ErrorKind::Board) {
            if (attached.error().message.find("holds build") != std::string::npos) {
                events_.emplace_back(Notice{Notice::Kind::Replaced, attached.error().message});
            }
            end(fmt::format("the board is back, but cannot be debugged as before: {}", attached.error().message));
        }
        return;
    }
    client_->setDeadline(options_.deadline);
    lost_ = false;
    events_.emplace_back(Notice{Notice::Kind::Reconnected,
                                fmt::format("the board is connected again{}; {} breakpoints are set again",
                                            wasRunning ? " and the script goes on" : " and the script is halted",
                                            breakpoints_.entries().size())});
    tellUnrecorded();
    if (wasRunning) {
        if (auto gone = goOn(); !gone) {
            lost(gone.error());
        }
        return;
    }
    task_.reset();
    announce(liveStop_);
}

support::Result<void> DebugSession::detach(bool abortRun) {
    if (ended_) {
        return {};
    }
    if (running_ && client_) {
        // Requests other than the interrupt wait for the stop.
        if (auto sent = checked(client_->interrupt()); !sent) {
            return sent;
        }
        const auto until = transport::Clock::now() + options_.deadline;
        while (client_ && client_->running() && transport::Clock::now() < until) {
            auto event = checked(client_->receive(std::chrono::milliseconds(100)));
            if (!event) {
                return tl::unexpected(event.error());
            }
            if (*event && options_.history) {
                recorder_.take(**event);
            }
        }
    }
    support::Result<void> done;
    if (client_) {
        done = checked(client_->detach(abortRun));
    }
    end(done ? "the debugger has detached" : done.error().message);
    return done;
}

} // namespace rbpf::session
