// SPDX-License-Identifier: GPL-3.0-or-later
// One process's offer of its line to others: frames from the board go to every client, whole frames from each client go
// to the board. Runs a thread, because the owner may be busy with something else while others wait for the line.
#pragma once

#include <atomic>
#include <deque>
#include <filesystem>
#include <thread>
#include <vector>

#include "debugger/transport/fd.hpp"
#include "debugger/transport/frame_splitter.hpp"

namespace rbpf::transport {

class LineBroker {
public:
    /// `line`: non-blocking; locked by us. `listener`: a listening SOCK_SEQPACKET socket bound to `socketPath`, or
    /// empty. `local`: the owner's own connection. All clients are equal and send and receive one frame in each packet.
    LineBroker(Fd line, Fd listener, std::filesystem::path socketPath, Fd local);
    /// Sends what clients have given and leaves the line; clients then see the end of their connection.
    ~LineBroker();
    LineBroker(const LineBroker&) = delete;
    LineBroker& operator=(const LineBroker&) = delete;

    /// True when the line is gone; errorNumber() then says why (0 = hung up).
    [[nodiscard]] bool lineGone() const { return lineGone_; }
    [[nodiscard]] int errorNumber() const { return errorNumber_; }

private:
    void run();
    bool pump(int timeoutMs);
    void readLine();
    void writeLine();
    void readClients(const std::vector<short>& events);
    void lose(int errorNumber);
    void retire();

    Fd line_;
    Fd listener_;
    Fd wake_; ///< eventfd that stops the thread
    std::filesystem::path socketPath_;
    std::vector<Fd> clients_;
    FrameSplitter splitter_;
    std::deque<std::uint8_t> pending_; ///< bytes for the board
    std::atomic<bool> stop_{false};
    std::atomic<bool> lineGone_{false};
    std::atomic<int> errorNumber_{0};
    std::thread thread_;
};

} // namespace rbpf::transport
