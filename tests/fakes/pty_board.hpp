// SPDX-License-Identifier: GPL-3.0-or-later
// A FakeBoard behind a real PTY, served by a thread.
#pragma once

#include <mutex>
#include <string>
#include <thread>

#include "debugger/transport/fd.hpp"
#include "tests/fakes/fake_board.hpp"

namespace rbpf::test {

class PtyBoard {
public:
    PtyBoard();
    ~PtyBoard();
    PtyBoard(const PtyBoard&) = delete;
    PtyBoard& operator=(const PtyBoard&) = delete;

    /// The PTY's path, as a user would give it.
    [[nodiscard]] const std::string& path() const { return path_; }
    /// Starts to serve. Before that a test may fork.
    void start();
    /// Ends and closes the PTY, as a board that is unplugged.
    void unplug();
    /// For a process forked before start(): gives up its copies of the line, so that unplug() is felt.
    void disown();
    /// Sends console text.
    void print(const std::string& text);
    /// Runs `look` while the board is not served.
    template <typename Look>
    auto locked(Look look) {
        const std::lock_guard<std::mutex> lock(mutex_);
        return look(board_);
    }

private:
    void serve();
    void send(std::uint8_t type, const Buffer& payload);

    FakeBoard board_;
    std::mutex mutex_;
    transport::Fd master_;
    transport::Fd slave_; ///< kept open, as boards do, so that the line survives a client's leaving
    transport::Fd wake_;
    std::string path_;
    std::thread thread_;
};

} // namespace rbpf::test
