// SPDX-License-Identifier: GPL-3.0-or-later
// Requests to their functions, one row each.
#include "debugger/dap/adapter.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace rbpf::dap {

const Adapter::Row* Adapter::findRow(std::string_view command) {
    using enum Needs;
    static constexpr Row kRows[] = {
        {"initialize", Nothing, &Adapter::initialize},
        {"launch", Nothing, &Adapter::launch},
        {"attach", Nothing, &Adapter::attach},
        {"configurationDone", Session, &Adapter::configurationDone},
        {"restart", Nothing, &Adapter::restart},
        {"disconnect", Nothing, &Adapter::disconnect},
        {"terminate", Nothing, &Adapter::terminate},

        {"setBreakpoints", Nothing, &Adapter::setBreakpoints},
        {"setFunctionBreakpoints", Nothing, &Adapter::setFunctionBreakpoints},
        {"setInstructionBreakpoints", Nothing, &Adapter::setInstructionBreakpoints},
        {"setExceptionBreakpoints", Nothing, &Adapter::setExceptionBreakpoints},
        {"dataBreakpointInfo", Session, &Adapter::dataBreakpointInfo},
        {"setDataBreakpoints", Nothing, &Adapter::setDataBreakpoints},
        {"breakpointLocations", Session, &Adapter::breakpointLocations},
        {"exceptionInfo", Stopped, &Adapter::exceptionInfo},

        {"continue", Stopped, &Adapter::resume},
        {"next", Stopped, &Adapter::next},
        {"stepIn", Stopped, &Adapter::stepIn},
        {"stepOut", Stopped, &Adapter::stepOut},
        {"stepBack", Stopped, &Adapter::stepBack},
        {"reverseContinue", Stopped, &Adapter::reverseContinue},
        {"pause", Session, &Adapter::pause},

        {"threads", Nothing, &Adapter::threads},
        {"stackTrace", Stopped, &Adapter::stackTrace},
        {"scopes", Stopped, &Adapter::scopes},
        {"source", Session, &Adapter::source},
        {"loadedSources", Session, &Adapter::loadedSources},
        {"variables", Stopped, &Adapter::variables},
        {"setVariable", Stopped, &Adapter::setVariable},
        {"evaluate", Stopped, &Adapter::evaluate},
        {"setExpression", Stopped, &Adapter::setExpression},
        {"completions", Stopped, &Adapter::completions},
        {"disassemble", Session, &Adapter::disassemble},
        {"readMemory", Stopped, &Adapter::readMemory},
        {"writeMemory", Stopped, &Adapter::writeMemory},
    };
    const auto found =
        std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& row) { return row.command == command; });
    return found == std::end(kRows) ? nullptr : found;
}

void Adapter::handle(const Request& request) {
    const Row* row = findRow(request.command);
    if (row == nullptr) {
        client_.refuse(request, fmt::format("This debugger does not know the request \"{}\".", request.command));
        return;
    }
    if (row->needs != Needs::Nothing && !session_) {
        client_.refuse(request, ended_.empty() ? "No script is being debugged: launch or attach first." : ended_);
        return;
    }
    if (row->needs == Needs::Stopped && session_->running()) {
        client_.refuse(request, "The script is running, or waits for its trigger: pause it first.", "notStopped");
        return;
    }
    stop_ = client_.begin(request);
    try {
        const Answer answer = (this->*row->run)(Arguments(request.arguments));
        if (answer) {
            client_.respond(request, *answer);
        } else {
            const support::Error& error = answer.error();
            client_.refuse(request, error.hint.empty() ? error.message : error.message + ": " + error.hint,
                           error.kind == support::ErrorKind::Cancelled ? "cancelled" : "");
        }
    } catch (const std::exception& error) { // a lack of memory, or a mistake of ours: the editor still has its answer
        client_.refuse(request, fmt::format("The debugger failed: {}", error.what()));
    }
    client_.finish();
    for (auto& [name, body] : std::exchange(later_, {})) {
        client_.event(name, std::move(body));
    }
}

void Adapter::later(std::string name, nlohmann::json body) {
    later_.emplace_back(std::move(name), std::move(body));
}

void Adapter::say(const std::string& category, const std::string& text) {
    if (!text.empty()) {
        client_.event("output", {{"category", category}, {"output", text.ends_with('\n') ? text : text + "\n"}});
    }
}

Adapter::~Adapter() {
    closeSession(false);
}

} // namespace rbpf::dap
