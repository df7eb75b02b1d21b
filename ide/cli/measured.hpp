// SPDX-License-Identifier: GPL-3.0-or-later
// What `rbpf size` looks at: an image, opened and measured down to its lines.
#pragma once

#include <string>
#include <vector>

#include "ide/cli/console.hpp"
#include "ide/cli/opened_image.hpp"
#include "sdk/analyse/place.hpp"
#include "sdk/analyse/size.hpp"

namespace rbpf::cli {

struct Measured {
    OpenedImage opened;
    analyse::SizeReport report;
    std::vector<analyse::PlacedCode> code; ///< empty without debug information
};

/// `defined`: by the sources, where they are known.
[[nodiscard]] Measured measure(OpenedImage opened, const std::vector<analyse::DefinedFunction>& defined = {});
/// Of an image's path, or of a project's folder, built if needed.
[[nodiscard]] support::Result<Measured> measureWhat(const Console& console, const std::string& what);

} // namespace rbpf::cli
