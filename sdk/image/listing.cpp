// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/image/listing.hpp"

#include <cctype>
#include <fmt/format.h>
#include <iterator>

namespace rbpf::image {

namespace {

using Out = std::back_insert_iterator<std::string>;

/// Sixteen bytes a line, address first, text behind.
void dump(std::string& text, const char* title, std::uint32_t address, std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) {
        return;
    }
    Out out(text);
    fmt::format_to(out, "\n{} ({} bytes)\n", title, bytes.size());
    for (std::size_t row = 0; row < bytes.size(); row += 16) {
        fmt::format_to(out, "{:08x}: ", address + row);
        std::string readable;
        for (std::size_t i = row; i < row + 16; ++i) {
            if (i < bytes.size()) {
                fmt::format_to(out, " {:02x}", bytes[i]);
                readable += std::isprint(bytes[i]) != 0 ? static_cast<char>(bytes[i]) : '.';
            } else {
                text += "   ";
            }
        }
        fmt::format_to(out, "  |{}|\n", readable);
    }
}

void header(std::string& text, const Image& image) {
    Out out(text);
    if (image.format == Format::Femto) {
        text += "Femto-Container image\n";
    } else {
        fmt::format_to(out, "{} {}\n", image.name, image.version);
    }
    for (const Entry& entry : image.entries) {
        fmt::format_to(out, "entry {} at {}{}{}\n", entry.name.empty() ? "(unnamed)" : entry.name, entry.insnIndex,
                       entry.trigger.empty() ? "" : ", trigger ", entry.trigger);
    }
}

void source(std::string& text, const ListingOptions& options, const SourcePlace& place) {
    const std::string line = options.sourceText ? options.sourceText(place) : std::string();
    const std::size_t start = line.find_first_not_of(" \t");
    fmt::format_to(Out(text), "; {}:{}{}{}\n", place.file, place.line, start == std::string::npos ? "" : ": ",
                   start == std::string::npos ? "" : line.substr(start));
}

std::string slotBytes(const Image& image, const Instruction& in) {
    std::string hex;
    for (const std::uint8_t byte : image.text().subspan(in.index * std::size_t{8}, 8)) {
        fmt::format_to(Out(hex), "{:02x} ", byte);
    }
    return hex;
}

} // namespace

std::string listing(const Image& image, const ListingOptions& options) {
    std::string text;
    header(text, image);
    std::string function;
    SourcePlace shown;
    for (const Line& line : disassemble(image, options.symbols)) {
        const std::uint32_t index = line.instruction.index;
        if (line.function != function || index == 0) {
            function = line.function;
            fmt::format_to(Out(text), "\n{:08x} <{}>:\n", index * 8, function.empty() ? "text" : function);
            shown = {};
        }
        if (!line.label.empty()) {
            fmt::format_to(Out(text), "{}:\n", line.label);
        }
        if (index < options.places.size()) {
            const SourcePlace& place = options.places[index];
            if (place.line != 0 && (place.line != shown.line || place.file != shown.file)) {
                source(text, options, place);
                shown = place;
            }
        }
        fmt::format_to(Out(text), "{:8}:  {}{}{}{}\n", index,
                       options.bytes ? slotBytes(image, line.instruction) + " " : "", line.text,
                       line.comment.empty() ? "" : "  ; ", line.comment);
    }
    dump(text, "rodata", RBPF_ADDRESS(RBPF_REGION_RODATA, 0), image.rodata());
    dump(text, "data", RBPF_ADDRESS(RBPF_REGION_DATA, 0), image.data());
    if (image.bssBytes != 0) {
        fmt::format_to(Out(text), "\nbss ({} bytes of zeroes at {:08x})\n", image.bssBytes,
                       RBPF_ADDRESS(RBPF_REGION_DATA, image.dataBytes));
    }
    return text;
}

} // namespace rbpf::image
