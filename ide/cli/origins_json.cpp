// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/origins_json.hpp"

#include "sdk/analyse/run_time.hpp"
#include "sdk/project/diagnostics.hpp"

namespace rbpf::cli {

namespace {

using nlohmann::json;

json placeJson(const analyse::CodePlace& place) {
    return {{"offset", place.offset}, {"file", place.file}, {"line", place.line}};
}

json librariesJson(const std::vector<analyse::LibraryUse>& libraries) {
    json list = json::array();
    for (const analyse::LibraryUse& use : libraries) {
        json callers = json::array();
        for (const analyse::LibraryUse::Caller& caller : use.callers) {
            callers.push_back(placeJson(caller.place));
            callers.back()["function"] = caller.function;
        }
        list.push_back({{"name", use.name}, {"bytes", use.bytes}, {"instructions", use.instructions}, {"callers", std::move(callers)},
                        {"inlinedInto", use.inlinedInto}});
    }
    return list;
}

json timesJson(std::uint64_t instructions) {
    json list = json::array();
    for (const analyse::BoardSpeed& speed : analyse::boardSpeeds()) {
        const analyse::RunTime time = analyse::runTime(speed, instructions);
        list.push_back({{"board", speed.board}, {"ms", time.milliseconds}, {"leastMs", time.least}, {"mostMs", time.most}});
    }
    return list;
}

} // namespace

void addOrigins(json& out, const analyse::SizeReport& report) {
    out["classes"] = json::array();
    for (const analyse::ClassCount& one : report.mix.classes) {
        out["classes"].push_back({{"name", one.name}, {"instructions", one.instructions}});
    }
    const analyse::NamedMemory& memory = report.mix.memory;
    out["memory"] = {{"stackAccesses", memory.stackAccesses}, {"otherAccesses", memory.otherAccesses},
                     {"rodataAddresses", memory.rodataAddresses}, {"dataAddresses", memory.dataAddresses}};
    out["bindings"] = json::array();
    for (const analyse::BindingUse& use : report.mix.bindings) {
        json calls = json::array();
        for (const analyse::CodePlace& place : use.calls) {
            calls.push_back(placeJson(place));
        }
        out["bindings"].push_back({{"id", use.id}, {"name", use.name}, {"calls", std::move(calls)}});
    }
    out["libraries"] = librariesJson(report.libraries);
    out["unseen"] = json::array();
    for (const analyse::UnseenFunction& one : report.unseen) {
        out["unseen"].push_back({{"name", one.function.name}, {"file", one.function.file}, {"line", one.function.line}, {"inlined", one.isInlined}});
    }
    out["hints"] = project::toJson(report.hints);
    for (std::size_t index = 0; index < report.entries.size(); ++index) {
        if (report.entries[index].longestRun) {
            out["entries"][index]["times"] = timesJson(*report.entries[index].longestRun);
        }
    }
}

} // namespace rbpf::cli
