// SPDX-License-Identifier: GPL-3.0-or-later
// A real GDB for bpf on one side, the debug agent of a board on the other, recorded time in between.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "debugger/gdbserver/gdb_socket.hpp"
#include "debugger/rsp/rsp_client.hpp"

namespace rbpf::gdbserver {

struct Options {
    std::uint32_t slot = 0;
    bool history = true; ///< offer reverse execution
    bool take = false;   ///< take the seat from another debugger
    /// The image in the slot, when history begins. Not called without history.
    std::function<support::Result<std::vector<std::uint8_t>>()> readImage;
    /// A new line to the same board after one was lost, wherever it is plugged in now. Without it a loss is the end.
    std::function<support::Result<std::unique_ptr<rsp::RspClient>>()> connect;
    /// What a person should know: who connected, what went wrong. One sentence each.
    std::function<void(const std::string&)> tell;
    std::stop_token stop;
};

/// Serves one GDB after the other until asked to stop (then no Error) or until the board is lost for good (kind Link).
[[nodiscard]] support::Result<void> serve(const Listener& listener, rsp::RspClient& board, const Options& options);

} // namespace rbpf::gdbserver
