// SPDX-License-Identifier: GPL-3.0-or-later
// A board's numbers in words: statuses of status.def, CoAP codes, virtual addresses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "debugger/link/board_client.hpp"

namespace rbpf::link {

/// "WRITE_FAULT"; "UNKNOWN" for a number that these tools do not know.
[[nodiscard]] std::string_view statusName(int status);
/// "the script wrote outside of every region it may write".
[[nodiscard]] std::string_view statusSentence(int status);

/// Rejections come from loader and verifier, faults from a run, the rest from the agent.
[[nodiscard]] bool isRejection(int status);
[[nodiscard]] bool isFault(int status);

/// "0x20000004 (rodata + 4)".
[[nodiscard]] std::string addressText(std::uint32_t address);

/// "fault WRITE_FAULT: the script wrote … (instruction 12, address 0x20000004 (rodata + 4))".
[[nodiscard]] std::string faultText(const BoardFault& fault);

/// "4.04 Not Found".
[[nodiscard]] std::string codeText(std::uint8_t code);

/// rbpf_halt_t in a word: "exited", "fault", "budget", …
[[nodiscard]] std::string_view haltName(int halt);

} // namespace rbpf::link
