// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/size_parts_json.hpp"

namespace rbpf::cli {

namespace {

using nlohmann::json;

json changeJson(const analyse::Change& change) {
    return {{"before", change.before}, {"now", change.now}, {"change", change.by()}};
}

const char* kindName(analyse::FunctionChange::Kind kind) {
    using Kind = analyse::FunctionChange::Kind;
    return kind == Kind::New ? "new" : kind == Kind::Gone ? "gone" : "changed";
}

json functionJson(const analyse::FunctionChange& function) {
    json lines = json::array();
    for (const analyse::LineChange& line : function.lines) {
        lines.push_back(changeJson(line.instructions));
        lines.back().update({{"file", line.file}, {"line", line.line}, {"text", line.text}});
    }
    return {{"name", function.name},
            {"kind", kindName(function.kind)},
            {"file", function.file},
            {"line", function.line},
            {"library", function.isLibrary},
            {"bytes", changeJson(function.bytes)},
            {"instructions", changeJson(function.instructions)},
            {"frame", changeJson(function.frame)},
            {"inlinedInto", function.inlinedInto},
            {"lines", std::move(lines)}};
}

json shapeJson(const analyse::LzssShape& shape) {
    return {{"windowBits", shape.windowBits}, {"lookaheadBits", shape.lookaheadBits}};
}

} // namespace

json diffJson(const analyse::SizeDiff& diff) {
    json totals = json::object();
    for (const analyse::Change& change : diff.totals) {
        totals[change.what] = changeJson(change);
    }
    json functions = json::array();
    for (const analyse::FunctionChange& function : diff.functions) {
        functions.push_back(functionJson(function));
    }
    return {{"summary", analyse::diffSummary(diff)}, {"totals", std::move(totals)},
            {"functions", std::move(functions)},     {"addedStrings", diff.addedStrings},
            {"removedStrings", diff.removedStrings}, {"reasons", diff.reasons}};
}

json limitsJson(const std::vector<analyse::LimitCheck>& checks) {
    json list = json::array();
    for (const analyse::LimitCheck& check : checks) {
        list.push_back({{"name", check.limit.name},
                        {"limit", check.limit.most},
                        {"value", nullptr},
                        {"kept", check.isKept},
                        {"sentence", check.sentence}});
        if (check.value) {
            list.back()["value"] = *check.value;
        }
    }
    return list;
}

json packedJson(const analyse::PackedSizes& sizes) {
    return {{"plain", sizes.plain},
            {"lzss", sizes.lzss},
            {"varint", sizes.varint},
            {"varint_lzss", sizes.varintLzss},
            {"lzssShape", shapeJson(sizes.lzssShape)},
            {"varintLzssShape", shapeJson(sizes.varintLzssShape)}};
}

} // namespace rbpf::cli
