// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/measured.hpp"

#include "ide/cli/project_build.hpp"
#include "sdk/analyse/lines.hpp"
#include "sdk/image/instruction.hpp"

namespace rbpf::cli {

Measured measure(OpenedImage opened) {
    Measured measured{std::move(opened), {}, {}};
    const image::Image& image = measured.opened.image;
    measured.report = analyse::measure(image, measured.opened.functions);
    const auto& lines = measured.opened.lines();
    for (const image::Instruction& in : image::decode(image.text())) {
        if (in.index < lines.size()) {
            measured.code.push_back({in.index * 8, in.slots * 8, lines[in.index].file, lines[in.index].line});
        }
    }
    analyse::addLines(measured.report, measured.code);
    return measured;
}

support::Result<Measured> measureWhat(const Console& console, const std::string& what) {
    auto opened = openWhat(console, what);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    return measure(std::move(*opened));
}

} // namespace rbpf::cli
