// SPDX-License-Identifier: GPL-3.0-or-later
// A build, or an image, with all that its debug information tells of its costs.
#pragma once

#include "sdk/image/listing.hpp"
#include "sdk/project/build.hpp"

namespace rbpf::cli {

/// By slot; empty if the debug ELF does not tell.
[[nodiscard]] std::vector<image::SourcePlace> placesOf(const std::vector<std::uint8_t>& debugElf);

/// Completes the size report of a build that is ok, and tells its hints as diagnostics.
void explain(project::BuildResult& result);

} // namespace rbpf::cli
