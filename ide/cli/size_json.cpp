// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/size_json.hpp"

namespace rbpf::cli {

nlohmann::json sizeJson(const analyse::SizeReport& report) {
    nlohmann::json json{{"name", report.name},
                        {"version", report.version},
                        {"text", report.text},
                        {"rodata", report.rodata},
                        {"data", report.data},
                        {"bss", report.bss},
                        {"stack", report.stack},
                        {"stackLimit", report.stackLimit},
                        {"image", report.image},
                        {"instructions", report.instructions},
                        {"budget", report.budget},
                        {"entries", nlohmann::json::array()},
                        {"functions", nlohmann::json::array()},
                        {"parts", nlohmann::json::array()}};
    for (const analyse::EntryCost& entry : report.entries) {
        json["entries"].push_back({{"name", entry.name}, {"longestRun", nullptr}});
        if (entry.longestRun) {
            json["entries"].back()["longestRun"] = *entry.longestRun;
        }
    }
    for (const analyse::FunctionSize& function : report.functions) {
        nlohmann::json lines = nlohmann::json::array();
        for (const analyse::LineSize& line : function.lines) {
            lines.push_back({{"file", line.file}, {"line", line.line}, {"bytes", line.bytes}, {"instructions", line.instructions}});
        }
        json["functions"].push_back({{"name", function.name},
                                     {"file", function.file},
                                     {"line", function.line},
                                     {"offset", function.offset},
                                     {"bytes", function.bytes},
                                     {"instructions", function.instructions},
                                     {"frame", function.frameBytes},
                                     {"share", function.share},
                                     {"lines", std::move(lines)}});
    }
    for (const image::Part& part : report.parts) {
        json["parts"].push_back({{"name", part.name}, {"offset", part.offset}, {"bytes", part.size}});
    }
    return json;
}

} // namespace rbpf::cli
