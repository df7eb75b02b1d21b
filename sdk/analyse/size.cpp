// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/size.hpp"

#include <algorithm>
#include <filesystem>

#include "sdk/analyse/stack.hpp"
#include "sdk/image/disassemble.hpp"

namespace rbpf::analyse {

namespace {

/// Functions as the image itself shows them, where there is no debug ELF.
std::vector<FunctionSize> functionsOfImage(const image::Image& image) {
    std::vector<FunctionSize> functions;
    for (const image::Line& line : image::disassemble(image, {})) {
        if (functions.empty() || functions.back().name != line.function) {
            FunctionSize function;
            function.name = line.function;
            function.offset = line.instruction.index * 8;
            functions.push_back(function);
        }
        functions.back().bytes += line.instruction.slots * 8;
    }
    for (FunctionSize& function : functions) {
        function.frameBytes = frameFromCode(image, function.offset, function.offset + function.bytes);
        if (function.name.empty()) {
            function.name = "(other)";
        }
    }
    return functions;
}

/// The linker's functions, with "(other)" wherever they leave a gap.
std::vector<FunctionSize> functionsOfLinker(const image::Image& image, const std::vector<linker::Function>& linked) {
    std::vector<FunctionSize> functions;
    std::uint32_t at = 0;
    const auto fillUpTo = [&](std::uint32_t offset) {
        if (offset > at) {
            FunctionSize other;
            other.name = "(other)";
            other.offset = at;
            other.bytes = offset - at;
            functions.push_back(other);
        }
    };
    for (const linker::Function& function : linked) {
        if (function.offset < at || function.offset >= image.textBytes) {
            continue; // an alias, or a debug ELF that is not this image's
        }
        fillUpTo(function.offset);
        const std::uint32_t bytes = std::min(function.bytes, image.textBytes - function.offset);
        functions.push_back({function.name, std::filesystem::path(function.file).lexically_normal(), function.line,
                             function.offset, bytes, 0, function.frameBytes, 0});
        at = function.offset + bytes;
    }
    fillUpTo(image.textBytes);
    return functions;
}

} // namespace

SizeReport measure(const image::Image& image, const std::vector<linker::Function>& functions) {
    SizeReport report;
    report.name = image.name;
    report.version = image.version;
    report.text = image.textBytes;
    report.rodata = image.rodataBytes;
    report.data = image.dataBytes;
    report.bss = image.bssBytes;
    report.stackLimit = image.stackBytes;
    report.image = static_cast<std::uint32_t>(image.bytes.size());
    report.parts = image.parts;
    report.budget = image.budget;
    report.functions = functions.empty() ? functionsOfImage(image) : functionsOfLinker(image, functions);

    std::vector<FunctionFrame> frames;
    for (FunctionSize& function : report.functions) {
        function.share = static_cast<double>(function.bytes) / report.text;
        frames.push_back({function.offset, function.frameBytes});
    }
    for (const image::Instruction& in : image::decode(image.text())) {
        ++report.instructions;
        for (FunctionSize& function : report.functions) {
            const std::uint32_t at = in.index * 8;
            if (at >= function.offset && at < function.offset + function.bytes) {
                ++function.instructions;
            }
        }
    }
    report.stack = deepestStack(image, frames);
    for (const std::size_t index : deepestPath(image, frames)) {
        report.stackPath.push_back(report.functions[index].name);
    }
    return report;
}

void measureCosts(SizeReport& report, const image::Image& image, CostOptions options) {
    options.functions.clear();
    for (const FunctionSize& function : report.functions) {
        options.functions.push_back({function.name, function.offset});
    }
    report.entries.clear();
    std::vector<bool> isHeeded(options.limits.size());
    for (const image::Entry& entry : image.entries) {
        EntryCost cost{entry.name, std::nullopt, worstCase(image, entry.insnIndex, options)};
        if (cost.worst.kind == WorstCase::Kind::Proven) {
            cost.longestRun = cost.worst.instructions;
        }
        for (const std::size_t index : cost.worst.heeded) {
            isHeeded[index] = true;
        }
        report.entries.push_back(std::move(cost));
    }
    for (std::size_t index = 0; index < isHeeded.size(); ++index) {
        if (!isHeeded[index]) {
            report.idleLimits.push_back(options.limits[index]);
        }
    }
}

} // namespace rbpf::analyse
