// SPDX-License-Identifier: GPL-3.0-or-later
// Why code is in an image, and what of the sources is not: library functions with their callers, and functions that no
// entry reaches.
#pragma once

#include <string>
#include <vector>

#include "sdk/analyse/origin.hpp"
#include "sdk/analyse/size.hpp"

namespace rbpf::analyse {

[[nodiscard]] std::vector<LibraryUse> libraryUses(const image::Image& image, const SizeReport& report,
                                                  const std::vector<PlacedCode>& code);

/// Of what is defined, what is no function of the image by itself; in the sources' order.
[[nodiscard]] std::vector<UnseenFunction> unseenFunctions(const SizeReport& report, const std::vector<DefinedFunction>& defined,
                                                          const std::vector<PlacedCode>& code);

} // namespace rbpf::analyse
