// SPDX-License-Identifier: GPL-3.0-or-later
// Which image file a build id came from: written by deploy, so that a fault on a board days later still finds its
// source line.
#pragma once

#include <optional>

#include "ide/cli/opened_image.hpp"

namespace rbpf::cli {

/// Not being able to remember is no failure.
void rememberBuild(const OpenedImage& opened);
/// The image with this build id, if its file still is that build.
[[nodiscard]] std::optional<OpenedImage> findBuild(const std::vector<std::uint8_t>& buildId);

} // namespace rbpf::cli
