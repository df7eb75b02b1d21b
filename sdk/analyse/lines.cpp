// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/lines.hpp"

#include <algorithm>
#include <map>

#include "sdk/image/instruction.hpp"

namespace rbpf::analyse {

std::vector<PlacedCode> placedCode(const image::Image& image, const std::vector<image::SourcePlace>& places) {
    std::vector<PlacedCode> code;
    for (const image::Instruction& in : image::decode(image.text())) {
        if (in.index < places.size()) {
            code.push_back({in.index * 8, in.slots * 8, places[in.index].file, places[in.index].line});
        }
    }
    return code;
}

void addLines(SizeReport& report, const std::vector<PlacedCode>& code) {
    for (FunctionSize& function : report.functions) {
        std::map<std::pair<std::string, unsigned>, LineSize> lines;
        for (const PlacedCode& one : code) {
            if (one.line > 0 && one.offset >= function.offset && one.offset < function.offset + function.bytes) {
                LineSize& line = lines[{one.file, one.line}];
                line.bytes += one.bytes;
                ++line.instructions;
            }
        }
        function.lines.clear();
        for (auto& [place, line] : lines) {
            line.file = place.first;
            line.line = place.second;
            function.lines.push_back(std::move(line));
        }
    }
}

} // namespace rbpf::analyse
