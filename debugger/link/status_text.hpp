// SPDX-License-Identifier: GPL-3.0-or-later
// A board's numbers in words: its failures, CoAP codes, virtual addresses. Statuses: sdk/image/status_text.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "debugger/link/board_client.hpp"

namespace rbpf::link {

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
