// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/gdbserver/server.hpp"

#include <poll.h>

#include <fmt/format.h>

#include "debugger/gdbserver/gdb_session.hpp"

namespace rbpf::gdbserver {

using support::Result;
using transport::Fd;

namespace {

/// A request to stop is looked for that often.
constexpr int kPollMs = 100;
constexpr std::chrono::milliseconds kTurnAwayTime{500};

/// Waits until GDB, somebody who knocks, or the board has something to say.
void wait(int gdb, const Listener& listener, const rsp::RspClient& board) {
    pollfd ready[] = {{gdb, POLLIN, 0}, {listener.fd.get(), POLLIN, 0}, {board.descriptor(), POLLIN, 0}};
    if (!board.hasInput()) {
        poll(ready, 3, kPollMs);
    }
}

/// Words for a GDB that cannot be served: the answer to its first request, which it shows.
void turnAway(GdbSocket& gdb, const std::string& sentence) {
    const auto until = rsp::RspClient::Clock::now() + kTurnAwayTime;
    while (!gdb.closed() && rsp::RspClient::Clock::now() < until) {
        if (gdb.receive() == GdbDecoder::Item::Packet) {
            gdb.send("E." + sentence);
            gdb.finish();
            return;
        }
        pollfd ready{gdb.descriptor(), POLLIN, 0};
        poll(&ready, 1, kPollMs);
    }
}

/// One attempt; false if the board is not there.
bool reconnect(rsp::RspClient& board, const Options& options) {
    auto found = options.connect();
    if (found) {
        board = std::move(**found);
    }
    return found.has_value();
}

/// GDB is answered while the board is looked for.
void seek(GdbSocket& gdb, GdbSession& session, rsp::RspClient& board, const Options& options) {
    if (!options.connect) {
        session.giveUp("there is no way back to the board");
        return;
    }
    pollfd ready{gdb.descriptor(), POLLIN, 0};
    poll(&ready, 1, kPollMs);
    if (reconnect(board, options)) {
        (void)session.found(); // or tried again
    }
}

Result<void> serveOne(const Listener& listener, rsp::RspClient& board, const Options& options, Fd fd) {
    GdbSocket gdb(std::move(fd));
    GdbSession session(gdb, board, options);
    if (auto begun = session.begin(); !begun) {
        options.tell(begun.error().message);
        turnAway(gdb, begun.error().message);
        session.end();
        return begun.error().kind == support::ErrorKind::Link ? begun : Result<void>();
    }
    options.tell("GDB is attached");
    while (!session.over() && !options.stop.stop_requested()) {
        if (session.lost()) {
            seek(gdb, session, board, options);
        } else {
            wait(gdb.descriptor(), listener, board);
            if (auto served = session.serveBoard(); !served) {
                session.lose(served.error());
            }
        }
        if (!session.over()) {
            (void)session.serveGdb();
        }
        if (Fd second = acceptFrom(listener)) {
            options.tell("a second GDB was turned away");
            GdbSocket socket(std::move(second));
            turnAway(socket, "another GDB is attached here");
        }
    }
    const bool lost = session.lost();
    session.end();
    options.tell(lost ? "GDB has left" : "GDB has left; the script goes on");
    return lost ? support::fail(support::ErrorKind::Link, "the board was lost while GDB was attached") : Result<void>();
}

} // namespace

Result<void> serve(const Listener& listener, rsp::RspClient& board, const Options& options) {
    Result<void> line; // an Error while the board is away
    while (!options.stop.stop_requested()) {
        if (!line) {
            if (!options.connect) {
                return line;
            }
            poll(nullptr, 0, kPollMs);
            if (reconnect(board, options)) {
                line = {};
                options.tell("the board is connected again");
            }
            continue;
        }
        wait(-1, listener, board);
        // Nobody to tell, but a lost line is noticed.
        if (const auto event = board.receive(std::chrono::milliseconds(0)); !event) {
            line = tl::unexpected(event.error());
            options.tell(line.error().message + "; it is looked for");
        } else if (Fd fd = acceptFrom(listener)) {
            line = serveOne(listener, board, options, std::move(fd));
        }
    }
    return {};
}

} // namespace rbpf::gdbserver
