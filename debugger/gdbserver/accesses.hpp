// SPDX-License-Identifier: GPL-3.0-or-later
// Which memory an instruction touches: what watchpoints ask for while history is walked (RFC 9669, section 5.3).
#pragma once

#include <cstdint>
#include <optional>

namespace rbpf::gdbserver {

struct Access {
    std::uint32_t address = 0, size = 0;
    bool reads = false, writes = false;
};

/// The access of the instruction whose 8 bytes are at `instruction`, with the registers before it; nullopt if it is no
/// load, store or atomic operation. What a binding writes is told by its record, not here.
[[nodiscard]] std::optional<Access> accessOf(const std::uint8_t* instruction, const std::uint64_t* registers);

} // namespace rbpf::gdbserver
