// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/explain.hpp"

#include "sdk/analyse/hints.hpp"
#include "sdk/analyse/lines.hpp"
#include "sdk/analyse/reached.hpp"

namespace rbpf::analyse {

void explain(SizeReport& report, const image::Image& image, const std::vector<PlacedCode>& code,
             const std::vector<DefinedFunction>& defined) {
    addLines(report, code);
    report.mix = mixOf(image, code);
    report.libraries = libraryUses(image, report, code);
    report.unseen = unseenFunctions(report, defined, code);
    report.hints = hints(image, report, code);
}

} // namespace rbpf::analyse
