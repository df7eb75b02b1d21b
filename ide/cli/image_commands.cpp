// SPDX-License-Identifier: GPL-3.0-or-later
// disasm, verify
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ide/cli/opened_image.hpp"
#include "ide/cli/registry.hpp"
#include "ide/cli/source_text.hpp"
#include "sdk/image/status_text.hpp"
#include "sdk/image/verify.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::cli {

namespace {

nlohmann::json disassemblyJson(const OpenedImage& opened) {
    nlohmann::json list = nlohmann::json::array();
    const auto& places = opened.lines();
    for (const image::Line& line : image::disassemble(opened.image, opened.symbols())) {
        const std::uint32_t index = line.instruction.index;
        const std::size_t bytes = line.instruction.slots * std::size_t{8};
        nlohmann::json one{{"index", index},
                           {"bytes", support::toHex(opened.image.text().subspan(index * std::size_t{8}, bytes))},
                           {"text", line.text},
                           {"function", line.function},
                           {"label", line.label},
                           {"comment", line.comment}};
        if (index < places.size() && places[index].line != 0) {
            one["file"] = shownPath(places[index].file, opened.sourceFolder);
            one["line"] = places[index].line;
        }
        list.push_back(std::move(one));
    }
    return list;
}

int disasm(Console& console, const std::string& path, bool withoutSource) {
    const auto opened = openImage(path);
    if (!opened) {
        return console.fail(opened.error());
    }
    if (console.json) {
        console.printJson(disassemblyJson(*opened));
        return kFine;
    }
    image::ListingOptions options;
    options.symbols = opened->symbols();
    if (!withoutSource) {
        for (const dwarf::SourceLine& line : opened->lines()) {
            options.places.push_back({line.file, line.line});
        }
        options.sourceText = [&](const image::SourcePlace& place) {
            return sourceLine(place.file, place.line, opened->sourceFolder);
        };
    }
    console.print(image::listing(opened->image, options));
    return kFine;
}

int verify(Console& console, const std::string& path) {
    const auto opened = openImage(path);
    if (!opened) {
        return console.fail(opened.error());
    }
    const auto rejection = image::verify(opened->image);
    if (!rejection) {
        if (console.json) {
            console.printJson({{"ok", true}});
        } else {
            console.print(fmt::format("{}: a firmware with every binding takes this image\n", path));
        }
        return kFine;
    }
    const std::string place = rejection->insnIndex ? opened->place(*rejection->insnIndex) : std::string();
    if (!console.json) {
        return console.fail({support::ErrorKind::Script,
                             fmt::format("{}: {}{}", path, place.empty() ? "" : place + ": ", rejection->sentence),
                             ""});
    }
    nlohmann::json json{{"ok", false},
                        {"status", rejection->status},
                        {"name", image::statusName(rejection->status)},
                        {"sentence", rejection->sentence},
                        {"place", place}};
    if (rejection->insnIndex) {
        json["instruction"] = *rejection->insnIndex;
        json["text"] = rejection->instruction;
        json["detail"] = rejection->detail;
    }
    console.printJson(json);
    return kScriptFault;
}

} // namespace

void addImageCommands(Registry& registry) {
    struct Options {
        std::string image;
        bool withoutSource = false;
    };
    const auto options = std::make_shared<Options>();

    CLI::App* listing = registry.add("disasm", "Show an image's instructions, with the source lines they come from",
                                     "rbpf disasm demo/build/demo.rbpf");
    listing->add_option("image", options->image, "An image: build/NAME.rbpf, or a Femto-Container's")->required();
    listing->add_flag("--no-source", options->withoutSource, "Without source lines");
    registry.json(listing);
    registry.run(listing,
                 [options](Console& console) { return disasm(console, options->image, options->withoutSource); });

    CLI::App* check = registry.add("verify", "Ask the firmware's verifier whether it takes an image",
                                   "rbpf verify demo/build/demo.rbpf");
    check->add_option("image", options->image, "An image")->required();
    registry.json(check);
    registry.run(check, [options](Console& console) { return verify(console, options->image); });
}

} // namespace rbpf::cli
