// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/html.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "sdk/analyse/squarify.hpp"

namespace rbpf::analyse {

namespace {

constexpr const char* kHead = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
:root { color-scheme: light dark; --text: #1f2328; --faint: #5f6b76; --back: #fff; --box: #f3f4f6; --line: #d5d9de; --accent: #1f6feb; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e9ed; --faint: #9aa4b0; --back: #16191d; --box: #22272e; --line: #3a414a; --accent: #6cb2ff; }
}
body { color: var(--text); background: var(--back); font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 0 auto; padding: 1.5rem; }
h1 { margin: 0; font-size: 1.6rem; } h2 { margin: 2rem 0 .6rem; font-size: 1.15rem; }
p { margin: .3rem 0; } .faint { color: var(--faint); }
.totals { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; padding: 0; list-style: none; }
.totals li { background: var(--box); border-radius: 6px; padding: .5rem .9rem; }
.totals b { display: block; font-size: 1.25rem; }
.map { position: relative; height: 17rem; }
.map > * { position: absolute; box-sizing: border-box; overflow: hidden; padding: .2rem .45rem; color: var(--text); text-decoration: none;
  border: 1px solid var(--back); background: var(--box); font-size: .85rem; line-height: 1.3; white-space: nowrap; text-overflow: ellipsis; }
.map a { background: hsl(var(--hue) 65% 84%); } .map a:hover { text-decoration: underline; }
@media (prefers-color-scheme: dark) { .map a { background: hsl(var(--hue) 35% 27%); } }
:focus-visible { outline: 3px solid var(--accent); outline-offset: -3px; }
table { border-collapse: collapse; width: 100%; } td, th { padding: .2rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
.n { text-align: right; font-variant-numeric: tabular-nums; } a { color: var(--accent); }
.code td { font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; } .code td:first-child { width: 45%; }
section:target h2 { color: var(--accent); }
</style>
)";

std::string amount(std::uint64_t value, const char* what) {
    return fmt::format("<li><b>{}</b>{}</li>", value, what);
}

std::string anchor(const FunctionSize& function) {
    return fmt::format("at-{}", function.offset);
}

/// A tile of the map; those of functions lead to their code.
struct Tile {
    std::string name;
    std::uint32_t bytes = 0;
    std::string link; ///< "" = none
};

std::string mapOf(const SizeReport& report) {
    std::vector<Tile> tiles;
    for (const FunctionSize& function : report.functions) {
        tiles.push_back({function.name, function.bytes, anchor(function)});
    }
    for (const image::Part& part : report.parts) {
        if (part.name != "text") {
            tiles.push_back({part.name, part.size, {}});
        }
    }
    std::erase_if(tiles, [](const Tile& tile) { return tile.bytes == 0; });
    std::ranges::stable_sort(tiles, std::greater<>(), &Tile::bytes);
    std::vector<double> weights;
    for (const Tile& tile : tiles) {
        weights.push_back(tile.bytes);
    }
    // As wide as the page is against the map's height, so that squares look like squares; told in per cent.
    constexpr double kWidth = 440;
    constexpr double kHeight = 100;
    const auto areas = squarify(weights, {0, 0, kWidth, kHeight});
    std::string text = "<div class=\"map\">";
    for (std::size_t i = 0; i < tiles.size(); ++i) {
        const std::string style =
            fmt::format("left:{:.3f}%;top:{:.3f}%;width:{:.3f}%;height:{:.3f}%;--hue:{}", areas[i].left / kWidth * 100,
                        areas[i].top, areas[i].width / kWidth * 100, areas[i].height, (210 + i * 47) % 360);
        const std::string name = htmlEscaped(tiles[i].name);
        const std::string tip = fmt::format("{}: {} bytes", name, tiles[i].bytes);
        text += tiles[i].link.empty()
                    ? fmt::format("<div style=\"{}\" title=\"{}\">{}<br>{} B</div>", style, tip, name, tiles[i].bytes)
                    : fmt::format("<a href=\"#{}\" style=\"{}\" title=\"{}\">{}<br>{} B</a>", tiles[i].link, style, tip,
                                  name, tiles[i].bytes);
    }
    return text + "</div>";
}

std::string worstText(const EntryCost& entry) {
    const std::string because = htmlEscaped(entry.worst.because);
    switch (entry.worst.kind) {
    case WorstCase::Kind::Proven:
        return fmt::format("{} instructions, proven", entry.worst.instructions);
    case WorstCase::Kind::Assumed:
        return fmt::format("{} instructions, assumed: {}", entry.worst.instructions, because);
    case WorstCase::Kind::Unbounded:
        break;
    }
    return "unbounded: " + because;
}

std::string functionsOf(const SizeReport& report) {
    std::string text = "<table><tr><th>function<th class=\"n\">instructions<th class=\"n\">bytes<th class=\"n\">frame<th "
                       "class=\"n\">share<th>source</tr>";
    for (const FunctionSize& function : report.functions) {
        text += fmt::format("<tr><td><a href=\"#{}\">{}</a><td class=\"n\">{}<td class=\"n\">{}<td class=\"n\">{}<td "
                            "class=\"n\">{:.1f} %<td>{}</tr>",
                            anchor(function), htmlEscaped(function.name), function.instructions, function.bytes,
                            function.frameBytes, function.share * 100,
                            function.file.empty() ? "" : fmt::format("{}:{}", htmlEscaped(function.file), function.line));
    }
    return text + "</table>";
}

/// Source on the left, the instructions that come from it on the right, in the order of the instructions.
std::string codeOf(const PageContents& contents, const FunctionSize& function, const std::vector<image::Line>& listing) {
    std::string text = fmt::format("<section id=\"{}\"><h2>{}</h2><p class=\"faint\">{} instructions, {} bytes, frame {} bytes"
                                   "</p><table class=\"code\"><tr><th>source<th>bytecode</tr>",
                                   anchor(function), htmlEscaped(function.name), function.instructions, function.bytes,
                                   function.frameBytes);
    std::string source;
    std::string rows;
    std::string last = "-";
    std::uint32_t bytes = 0;
    const auto close = [&] {
        if (!rows.empty()) {
            text += fmt::format("<tr><td>{}<td><span class=\"faint\">{} bytes</span>\n{}</tr>", source, bytes, rows);
        }
        rows.clear();
        bytes = 0;
    };
    for (const image::Line& line : listing) {
        const std::uint32_t offset = line.instruction.index * 8;
        if (offset < function.offset || offset >= function.offset + function.bytes) {
            continue;
        }
        const CodePlace place = placeOf(contents.code, offset);
        const std::string key = place.line == 0 ? std::string() : fmt::format("{}:{}", place.file, place.line);
        if (key != last) {
            close();
            last = key;
            source = place.line == 0 ? "<span class=\"faint\">no source line</span>"
                                     : fmt::format("<span class=\"faint\">{}</span>\n{}", htmlEscaped(key),
                                                   contents.sourceText ? htmlEscaped(contents.sourceText(place.file, place.line))
                                                                       : std::string());
        }
        bytes += line.instruction.slots * 8;
        rows += fmt::format("{:>4}  {}{}\n", line.instruction.index, htmlEscaped(line.text),
                            line.comment.empty() ? "" : "  <span class=\"faint\">" + htmlEscaped(line.comment) + "</span>");
    }
    close();
    return text + "</table></section>\n";
}

} // namespace

std::string htmlEscaped(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '>':
            safe += "&gt;";
            break;
        case '"':
            safe += "&quot;";
            break;
        case '\'':
            safe += "&#39;";
            break;
        default:
            safe += static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' ? ' ' : c;
        }
    }
    return safe;
}

std::string sizePage(const PageContents& contents) {
    const SizeReport& report = contents.report;
    const std::string name = htmlEscaped(report.name.empty() ? std::string("image") : report.name + " " + report.version);
    std::string text = kHead;
    text += fmt::format("<title>{0}: size</title></head><body><main><h1>{0}</h1>"
                        "<p class=\"faint\">What it costs, by function, line and instruction</p><ul class=\"totals\">",
                        name);
    text += amount(report.image, "bytes of image") + amount(report.text, "bytes of text") +
            amount(report.rodata, "bytes of rodata") + amount(report.data + report.bss, "bytes of data and bss") +
            amount(report.instructions, "instructions") + amount(report.stack, "bytes of stack") + "</ul>\n";
    text += "<h2>Where the bytes are</h2>" + mapOf(report) + "\n<h2>Worst case of the entries</h2><table>";
    for (const EntryCost& entry : report.entries) {
        text += fmt::format("<tr><td>{}<td>{}</tr>", htmlEscaped(entry.name), worstText(entry));
    }
    text += "</table>\n<h2>Functions</h2>" + functionsOf(report) + "\n";
    const auto listing = image::disassemble(contents.image, contents.symbols);
    for (const FunctionSize& function : report.functions) {
        text += codeOf(contents, function, listing);
    }
    return text + "</main></body></html>\n";
}

} // namespace rbpf::analyse
