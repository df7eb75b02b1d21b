// SPDX-License-Identifier: GPL-3.0-or-later
// Where our own firmware for a board lies.
#pragma once

#include <filesystem>
#include <string>

#include "sdk/support/error.hpp"

namespace rbpf::cli {

/// rbpf-BOARD.elf in $RBPF_FIRMWARE, else where a build leaves it (build/firmware/bin, beside build/bin), else where an
/// installation has it (share/rbpf/firmware). The Error says where it was looked for and how to build it.
[[nodiscard]] support::Result<std::filesystem::path> firmwareFile(const std::string& board);

} // namespace rbpf::cli
