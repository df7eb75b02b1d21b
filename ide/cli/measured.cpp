// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/measured.hpp"

#include "ide/cli/project_build.hpp"
#include "ide/cli/source_places.hpp"
#include "ide/cli/source_text.hpp"
#include "sdk/analyse/explain.hpp"
#include "sdk/analyse/lines.hpp"
#include "sdk/project/loop_limits.hpp"

namespace rbpf::cli {

namespace {

/// With places as they are shown, and the limits of rbpf.json and of the sources.
analyse::CostOptions costOptions(const OpenedImage& opened, std::vector<image::SourcePlace> places) {
    analyse::CostOptions options;
    if (const auto loaded = project::load(opened.sourceFolder); loaded && loaded->project) {
        options.limits = project::loopLimits(*loaded->project, places);
    }
    for (image::SourcePlace& place : places) {
        place.file = shownPath(place.file, opened.sourceFolder);
    }
    options.places = std::move(places);
    return options;
}

} // namespace

Measured measure(OpenedImage opened, const std::vector<analyse::DefinedFunction>& defined) {
    Measured measured{std::move(opened), {}, {}};
    const image::Image& image = measured.opened.image;
    measured.report = analyse::measure(image, measured.opened.functions);
    std::vector<image::SourcePlace> places = placesOf(measured.opened.debugElf);
    measured.code = analyse::placedCode(image, places);
    analyse::measureCosts(measured.report, image, costOptions(measured.opened, std::move(places)));
    analyse::explain(measured.report, image, measured.code, defined);
    return measured;
}

support::Result<Measured> measureWhat(const Console& console, const std::string& what) {
    std::error_code code;
    if (!std::filesystem::is_directory(what, code)) {
        auto opened = openImage(what);
        return opened ? support::Result<Measured>(measure(std::move(*opened))) : tl::unexpected(opened.error());
    }
    auto built = buildGood(console, what, {}); // analysed below, with paths as they are shown
    if (!built) {
        return tl::unexpected(built.error());
    }
    auto opened = openImage(built->project->image());
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    Measured measured = measure(std::move(*opened), built->defined);
    console.diagnostics(measured.report.hints, what);
    return measured;
}

} // namespace rbpf::cli
