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
                        {"functions", nlohmann::json::array()},
                        {"parts", nlohmann::json::array()}};
    for (const analyse::FunctionSize& function : report.functions) {
        json["functions"].push_back({{"name", function.name},
                                     {"file", function.file},
                                     {"line", function.line},
                                     {"offset", function.offset},
                                     {"bytes", function.bytes},
                                     {"instructions", function.instructions},
                                     {"frame", function.frameBytes},
                                     {"share", function.share}});
    }
    for (const image::Part& part : report.parts) {
        json["parts"].push_back({{"name", part.name}, {"offset", part.offset}, {"bytes", part.size}});
    }
    return json;
}

} // namespace rbpf::cli
