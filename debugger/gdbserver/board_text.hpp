// SPDX-License-Identifier: GPL-3.0-or-later
// What GDB asks for as text and every board would answer alike: the target's description, the map of its memory, and
// the commands that a person types behind `monitor` for the settings that GDB has no command for.
#pragma once

#include <string>
#include <string_view>

#include "debugger/rsp/rsp_client.hpp"

namespace rbpf::gdbserver {

/// The answer to what follows "qXfer:": a piece of a document; "" for documents that there are not, "E01" for nonsense.
[[nodiscard]] std::string transferred(std::string_view text);

/// What `monitor` set last; after attaching to a script: as it is here.
struct MonitorState {
    std::uint32_t slot = 0;
    std::uint32_t stops = RBPF_STOP_FAULT | RBPF_STOP_BUDGET;
};

/// Does a command; what is to be printed. `stop` is the last one, of a container that is halted.
[[nodiscard]] support::Result<std::string> monitor(std::string_view command, rsp::RspClient& board,
                                                   const rsp::StopReply& stop, MonitorState& state);

} // namespace rbpf::gdbserver
