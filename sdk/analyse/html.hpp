// SPDX-License-Identifier: GPL-3.0-or-later
// A size report as one page that stands by itself: no script, nothing from elsewhere, light or dark as the reader has it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sdk/analyse/place.hpp"
#include "sdk/analyse/size.hpp"
#include "sdk/image/disassemble.hpp"
#include "sdk/image/image.hpp"

namespace rbpf::analyse {

struct PageContents {
    const SizeReport& report;
    const image::Image& image;
    const std::vector<image::Symbol>& symbols;
    const std::vector<PlacedCode>& code;
    std::function<std::string(const std::string& file, unsigned line)> sourceText; ///< "" = not at hand
};

/// Names and source text come from whoever wrote the script: they are escaped, and the page forbids scripts.
[[nodiscard]] std::string sizePage(const PageContents& contents);

/// Text that is safe between tags and in quoted attributes.
[[nodiscard]] std::string htmlEscaped(const std::string& text);

} // namespace rbpf::analyse
