// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/report.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "sdk/analyse/worst_case_text.hpp"

namespace rbpf::analyse {

namespace {

using Out = std::back_insert_iterator<std::string>;

std::size_t nameWidth(const std::vector<FunctionSize>& functions) {
    std::size_t width = 10;
    for (const FunctionSize& function : functions) {
        width = std::max(width, function.name.size());
    }
    return width;
}

} // namespace

std::string summary(const SizeReport& report) {
    std::string text = report.name.empty() ? std::string("image") : report.name + " " + report.version;
    fmt::format_to(Out(text), ": {} instruction{}, {} B text", report.instructions, report.instructions == 1 ? "" : "s",
                   report.text);
    for (const auto& [bytes, what] :
         {std::pair(report.rodata, "rodata"), std::pair(report.data, "data"), std::pair(report.bss, "bss")}) {
        if (bytes != 0) {
            fmt::format_to(Out(text), ", {} B {}", bytes, what);
        }
    }
    fmt::format_to(Out(text), ", stack {}/{} B, image {} B", report.stack, report.stackLimit, report.image);
    return text;
}

std::string table(const SizeReport& report) {
    std::vector<FunctionSize> functions = report.functions;
    std::ranges::stable_sort(functions, std::greater<>(), &FunctionSize::bytes);
    const std::size_t width = nameWidth(functions);
    std::string text;
    Out out(text);
    fmt::format_to(out, "{:<{}} {:>12} {:>8} {:>8} {:>7}  {}\n", "function", width, "instructions", "bytes", "frame",
                   "share", "source");
    for (const FunctionSize& function : functions) {
        fmt::format_to(out, "{:<{}} {:>12} {:>8} {:>8} {:>6.1f}%  {}\n", function.name, width, function.instructions,
                       function.bytes, function.frameBytes, function.share * 100,
                       function.file.empty() ? "" : fmt::format("{}:{}", function.file, function.line));
    }
    if (!report.entries.empty()) {
        fmt::format_to(out, "\n{:<{}} {}\n", "entry", width, "most instructions of a run");
    }
    for (const EntryCost& entry : report.entries) {
        fmt::format_to(out, "{:<{}} {}\n{}", entry.name, width, costSentence(entry.worst), loopRows(entry.worst));
    }
    if (!report.stackPath.empty()) {
        fmt::format_to(out, "\nstack {}/{} B by {}\n", report.stack, report.stackLimit, fmt::join(report.stackPath, " > "));
    }
    fmt::format_to(out, "\n{:<{}} {:>12} {:>8}\n", "part of the file", std::max<std::size_t>(width, 16), "offset",
                   "bytes");
    for (const image::Part& part : report.parts) {
        fmt::format_to(out, "{:<{}} {:>12} {:>8}\n", part.name, std::max<std::size_t>(width, 16), part.offset,
                       part.size);
    }
    fmt::format_to(out, "{:<{}} {:>12} {:>8}\n", "image", std::max<std::size_t>(width, 16), "", report.image);
    return text;
}

} // namespace rbpf::analyse
