// SPDX-License-Identifier: GPL-3.0-or-later
// The requests that set breakpoints: each replaces one group.
#include <algorithm>
#include <fmt/format.h>
#include <sstream>

#include "debugger/dap/adapter.hpp"
#include "debugger/dap/memory_reference.hpp"

namespace rbpf::dap {

namespace {

using nlohmann::json;
using session::BreakpointSpec;
using support::ErrorKind;

/// What every kind of breakpoint may have.
WantedBreakpoint withConditions(const Arguments& arguments) {
    WantedBreakpoint wanted;
    wanted.spec.condition = arguments.text("condition");
    wanted.spec.logMessage = arguments.text("logMessage");
    if (const std::string hits = arguments.text("hitCondition"); !hits.empty()) {
        const auto ignore = parseHitCondition(hits);
        if (ignore) {
            wanted.spec.ignore = *ignore;
        } else {
            wanted.problem = ignore.error().message;
        }
    }
    return wanted;
}

/// Id of the binding that scripts call by this name; 0 = none.
std::uint32_t bindingNamed(std::string_view name) {
    if (name.starts_with("bpf_")) {
        name.remove_prefix(4);
    }
#define RBPF_BINDING(id, binding, returns, parameters, doc)                                                            \
    if (name == #binding) {                                                                                            \
        return id;                                                                                                     \
    }
#include <rbpf/bindings.def>
#undef RBPF_BINDING
    return 0;
}

/// "memory ADDRESS SIZE" or "store KEY": what dataBreakpointInfo gives and setDataBreakpoints takes.
bool readDataId(const std::string& id, BreakpointSpec& spec) {
    std::istringstream words(id);
    std::string kind;
    words >> kind >> spec.address;
    if (kind == "memory") {
        spec.kind = BreakpointSpec::Kind::Watch;
        words >> spec.size;
    } else if (kind == "store") {
        spec.kind = BreakpointSpec::Kind::Store;
    } else {
        return false;
    }
    return !words.fail() && (words >> std::ws).eof() && (kind == "store" || spec.size > 0);
}

} // namespace

Answer Adapter::setBreakpoints(const Arguments& arguments) {
    const Arguments source = arguments.object("source");
    const std::string path = source.text("path", source.text("name"));
    if (path.empty()) {
        return support::fail(ErrorKind::Usage, "breakpoints need the path of their file");
    }
    std::vector<WantedBreakpoint> wanted;
    for (const Arguments& one : arguments.objects("breakpoints")) {
        WantedBreakpoint breakpoint = withConditions(one);
        breakpoint.spec.kind = BreakpointSpec::Kind::Line;
        breakpoint.spec.file = path;
        breakpoint.spec.line = static_cast<unsigned>(std::clamp<std::int64_t>(one.number("line", 0), 0, INT32_MAX));
        breakpoint.shownFile = path;
        wanted.push_back(std::move(breakpoint));
    }
    json told = breakpoints_.replace("file " + path, wanted, session_.get(), sources_);
    return json{{"breakpoints", std::move(told)}};
}

Answer Adapter::setFunctionBreakpoints(const Arguments& arguments) {
    std::vector<WantedBreakpoint> wanted;
    for (const Arguments& one : arguments.objects("breakpoints")) {
        WantedBreakpoint breakpoint = withConditions(one);
        const std::string name = one.text("name");
        if (const std::uint32_t binding = bindingNamed(name); binding != 0) {
            breakpoint.spec.kind = BreakpointSpec::Kind::Binding;
            breakpoint.spec.address = binding;
        } else {
            breakpoint.spec.kind = BreakpointSpec::Kind::Function;
            breakpoint.spec.function = name;
        }
        wanted.push_back(std::move(breakpoint));
    }
    json told = breakpoints_.replace("functions", wanted, session_.get(), sources_);
    return json{{"breakpoints", std::move(told)}};
}

Answer Adapter::setInstructionBreakpoints(const Arguments& arguments) {
    std::vector<WantedBreakpoint> wanted;
    for (const Arguments& one : arguments.objects("breakpoints")) {
        WantedBreakpoint breakpoint = withConditions(one);
        breakpoint.spec.kind = BreakpointSpec::Kind::Instruction;
        const auto address = parseReference(one, "instructionReference", "offset");
        if (address) {
            breakpoint.spec.address = *address;
        } else {
            breakpoint.problem = address.error().message;
        }
        wanted.push_back(std::move(breakpoint));
    }
    json told = breakpoints_.replace("instructions", wanted, session_.get(), sources_);
    return json{{"breakpoints", std::move(told)}};
}

Answer Adapter::dataBreakpointInfo(const Arguments& arguments) {
    const std::string name = arguments.text("name");
    const auto refuse = [](const std::string& why) { return json{{"dataId", nullptr}, {"description", why}}; };
    unsigned key = 0;
    if (std::sscanf(name.c_str(), "store %u", &key) == 1) {
        return json{{"dataId", fmt::format("store {}", key)},
                    {"description", fmt::format("writes to store key {}", key)},
                    {"accessTypes", {"write"}}};
    }
    const auto answer = [](const std::string& what, std::uint32_t address, std::uint64_t size) {
        return json{{"dataId", fmt::format("memory {} {}", address, size)},
                    {"description", fmt::format("{} ({} bytes at {:#x})", what, size, address)},
                    {"accessTypes", {"read", "write", "readWrite"}},
                    {"canPersist", false}};
    };
    if (arguments.flag("asAddress")) {
        const auto address = parseReference(arguments, "name", "");
        return address ? Answer(answer("memory", *address,
                                       static_cast<std::uint64_t>(
                                           std::clamp<std::int64_t>(arguments.number("bytes", 1), 1, UINT16_MAX))))
                       : tl::unexpected(address.error());
    }
    if (session_->running()) {
        return refuse("the script is running: pause it first");
    }
    int level = 0;
    std::string expression = name;
    if (arguments.has("variablesReference") && arguments.number("variablesReference", 0) != 0) {
        const auto parent = node(arguments.number("variablesReference", 0));
        if (!parent) {
            return refuse(parent.error().message);
        }
        level = parent->level;
        const auto list = listNode(*parent, Arguments(json::object()));
        for (const json& row : list ? *list : json::array()) {
            if (row["name"] == name) {
                expression = row.value("evaluateName", "");
            }
        }
    } else {
        const auto frame = levelOf(arguments);
        if (!frame) {
            return refuse(frame.error().message);
        }
        level = *frame;
    }
    const auto value = session_->evaluate(expression, level, false);
    if (!value) {
        return refuse(value.error().message);
    }
    const auto address = value->address();
    if (!address || value->type == nullptr || dwarf::plain(value->type)->size == 0) {
        return refuse(value->available() ? name + " is not in memory here: only memory can be watched"
                                         : name + " is not available here: " + value->reason);
    }
    return answer(name, *address, dwarf::plain(value->type)->size);
}

Answer Adapter::setDataBreakpoints(const Arguments& arguments) {
    std::vector<WantedBreakpoint> wanted;
    for (const Arguments& one : arguments.objects("breakpoints")) {
        WantedBreakpoint breakpoint = withConditions(one);
        if (!readDataId(one.text("dataId"), breakpoint.spec)) {
            breakpoint.problem = "this is not the id of something that can be watched";
        }
        const std::string access = one.text("accessType", "write");
        breakpoint.spec.onRead = access != "write";
        breakpoint.spec.onWrite = access != "read";
        wanted.push_back(std::move(breakpoint));
    }
    json told = breakpoints_.replace("data", wanted, session_.get(), sources_);
    return json{{"breakpoints", std::move(told)}};
}

Answer Adapter::breakpointLocations(const Arguments& arguments) {
    const Arguments source = arguments.object("source");
    const std::string file = sources_.known(source.text("path", source.text("name")));
    const std::int64_t first = arguments.number("line", 0);
    const std::int64_t last = arguments.number("endLine", first);
    json list = json::array();
    for (const unsigned line : session_->breakpointLines(file)) {
        if (line >= first && line <= last) {
            list.push_back({{"line", line}});
        }
    }
    return json{{"breakpoints", std::move(list)}};
}

} // namespace rbpf::dap
