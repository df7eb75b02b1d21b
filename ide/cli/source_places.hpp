// SPDX-License-Identifier: GPL-3.0-or-later
// Where code comes from, as a build (project::BuildOptions::places) wants to know it.
#pragma once

#include <cstdint>
#include <vector>

#include "sdk/image/listing.hpp"

namespace rbpf::cli {

/// By slot; empty if the debug ELF does not tell. Any thread.
[[nodiscard]] std::vector<image::SourcePlace> placesOf(const std::vector<std::uint8_t>& debugElf);

} // namespace rbpf::cli
