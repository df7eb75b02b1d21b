// SPDX-License-Identifier: GPL-3.0-or-later
// What the session answers, as lines of text.
#pragma once

#include <string>
#include <vector>

#include "debugger/session/session.hpp"
#include "ide/cli/debug_source.hpp"

namespace rbpf::cli::debug {

/// "phydat_t m", "int a[3]", "int (*f)(void)"; only the name where the type is unknown.
[[nodiscard]] std::string declaration(const dwarf::Type* type, const std::string& name);
/// "coap_resp at src/coap_sensor.c:17", "instruction 0x48".
[[nodiscard]] std::string placeText(const Sources& sources, const session::Location& location);
/// "0x48  call bpf_saul_reg_read", marked if `current`.
[[nodiscard]] std::string instructionText(const session::Instruction& instruction, bool current);
/// One breakpoint with its places, conditions and hits; ends with a newline.
[[nodiscard]] std::string breakpointText(const Sources& sources, const session::Breakpoint& breakpoint);
/// What stops there: "src/coap_sensor.c:17", "a write to store key 7", ….
[[nodiscard]] std::string specText(const Sources& sources, const session::BreakpointSpec& spec);
/// "run 2 step 117".
[[nodiscard]] std::string positionText(const session::Position& position);
/// "1 byte", "3 bytes".
[[nodiscard]] std::string counted(std::uint64_t count, const char* noun);

} // namespace rbpf::cli::debug
