// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/size_json.hpp"

#include "ide/cli/origins_json.hpp"

namespace rbpf::cli {

namespace {

const char* kindName(analyse::WorstCase::Kind kind) {
    using Kind = analyse::WorstCase::Kind;
    return kind == Kind::Proven ? "proven" : kind == Kind::Assumed ? "assumed" : "unbounded";
}

} // namespace

nlohmann::json worstJson(const analyse::WorstCase& worst) {
    nlohmann::json loops = nlohmann::json::array();
    for (const analyse::LoopBound& loop : worst.loops) {
        loops.push_back({{"function", loop.function},
                         {"file", loop.file},
                         {"line", loop.line},
                         {"instruction", loop.insnIndex},
                         {"turns", nullptr},
                         {"assumed", loop.isAssumed},
                         {"perTurn", loop.perTurn},
                         {"because", loop.because}});
        if (loop.turns) {
            loops.back()["turns"] = *loop.turns;
        }
    }
    nlohmann::json refuted = nlohmann::json::array();
    for (const analyse::WrongLimit& wrong : worst.refuted) {
        refuted.push_back(wrong.sentence);
    }
    return {{"kind", kindName(worst.kind)}, {"instructions", worst.instructions}, {"formula", worst.formula},
            {"because", worst.because},     {"refuted", std::move(refuted)},      {"loops", std::move(loops)}};
}

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
    json["stackPath"] = report.stackPath;
    for (const analyse::EntryCost& entry : report.entries) {
        json["entries"].push_back({{"name", entry.name}, {"longestRun", nullptr}, {"worst", worstJson(entry.worst)}});
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
    addOrigins(json, report);
    return json;
}

} // namespace rbpf::cli
