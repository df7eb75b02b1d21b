// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/measured.hpp"

#include <set>

#include "ide/cli/project_build.hpp"
#include "ide/cli/source_text.hpp"
#include "sdk/analyse/explain.hpp"
#include "sdk/analyse/lines.hpp"
#include "sdk/analyse/source_limits.hpp"
#include "sdk/project/config.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::cli {

namespace {

/// With places as they are shown, and the limits of rbpf.json and of the sources.
analyse::CostOptions costOptions(const Measured& measured) {
    const OpenedImage& opened = measured.opened;
    analyse::CostOptions options;
    std::set<std::string> files;
    for (const dwarf::SourceLine& line : opened.lines()) {
        options.places.push_back({shownPath(line.file, opened.sourceFolder), line.line});
        files.insert(line.file);
    }
    for (const std::string& file : files) {
        const auto text = support::readText(opened.sourceFolder / file);
        for (const analyse::TurnLimit& limit : analyse::limitsInSource(text.value_or(""), shownPath(file, opened.sourceFolder))) {
            options.limits.push_back(limit);
        }
    }
    const auto config = support::readText(opened.sourceFolder / project::kConfigName);
    if (const auto parsed = project::parseConfig(config.value_or("{}"), project::kConfigName); parsed.config) {
        options.limits.insert(options.limits.end(), parsed.config->bounds.begin(), parsed.config->bounds.end());
    }
    return options;
}

} // namespace

Measured measure(OpenedImage opened, const std::vector<analyse::DefinedFunction>& defined) {
    Measured measured{std::move(opened), {}, {}};
    const image::Image& image = measured.opened.image;
    measured.report = analyse::measure(image, measured.opened.functions);
    std::vector<image::SourcePlace> places;
    for (const dwarf::SourceLine& line : measured.opened.lines()) {
        places.push_back({line.file, line.line});
    }
    measured.code = analyse::placedCode(image, places);
    analyse::measureCosts(measured.report, image, costOptions(measured));
    analyse::explain(measured.report, image, measured.code, defined);
    return measured;
}

support::Result<Measured> measureWhat(const Console& console, const std::string& what) {
    std::error_code code;
    if (!std::filesystem::is_directory(what, code)) {
        auto opened = openImage(what);
        return opened ? support::Result<Measured>(measure(std::move(*opened))) : tl::unexpected(opened.error());
    }
    auto built = buildGood(console, what);
    if (!built) {
        return tl::unexpected(built.error());
    }
    auto opened = openImage(built->project->image());
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    return measure(std::move(*opened), built->defined);
}

} // namespace rbpf::cli
