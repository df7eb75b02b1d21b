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
    Result<void> result;
    while (result && !session.over() && !options.stop.stop_requested()) {
        wait(gdb.descriptor(), listener, board);
        result = session.serveBoard();
        if (result && !session.over()) {
            result = session.serveGdb();
        }
        if (Fd second = acceptFrom(listener)) {
            options.tell("a second GDB was turned away");
            GdbSocket socket(std::move(second));
            turnAway(socket, "another GDB is attached here");
        }
    }
    if (!result) {
        session.boardLost(result.error().message);
        return result;
    }
    session.end();
    options.tell("GDB has left; the script goes on");
    return {};
}

} // namespace

Result<void> serve(const Listener& listener, rsp::RspClient& board, const Options& options) {
    while (!options.stop.stop_requested()) {
        wait(-1, listener, board);
        const auto event = board.receive(std::chrono::milliseconds(0)); // nobody to tell, but a lost line is noticed
        if (!event) {
            return tl::unexpected(event.error());
        }
        if (Fd fd = acceptFrom(listener)) {
            if (auto served = serveOne(listener, board, options, std::move(fd)); !served) {
                return served;
            }
        }
    }
    return {};
}

} // namespace rbpf::gdbserver
