// SPDX-License-Identifier: GPL-3.0-or-later
// What the session tells, as DAP events.
#include <algorithm>
#include <fmt/format.h>
#include <rbpf/status.h>
#include <utility>

#include "debugger/dap/adapter.hpp"

namespace rbpf::dap {

namespace {

using nlohmann::json;
using session::BreakpointSpec;

/// Events taken at once before the client is looked at again.
constexpr int kEventsAtOnce = 64;
/// Frames have ids below the next stop's; deeper stacks than this there are not.
constexpr int kFramesPerStop = 1024;

const char* reasonOf(const session::Stop& stop, const std::vector<BreakpointTable::Hit>& hits) {
    switch (stop.cause) {
    case RBPF_CAUSE_STEP:
        return "step";
    case RBPF_CAUSE_BREAKPOINT:
        if (!hits.empty() && hits.front().spec.kind == BreakpointSpec::Kind::Function) {
            return "function breakpoint";
        }
        return !hits.empty() && hits.front().spec.kind == BreakpointSpec::Kind::Instruction ? "instruction breakpoint"
                                                                                            : "breakpoint";
    case RBPF_CAUSE_WATCHPOINT:
    case RBPF_CAUSE_STORE:
        return "data breakpoint";
    case RBPF_CAUSE_BINDING:
        return "function breakpoint";
    case RBPF_CAUSE_ENTRY:
        return "entry";
    case RBPF_CAUSE_FAULT:
    case RBPF_CAUSE_BUDGET:
        return "exception";
    case RBPF_CAUSE_EXIT:
        return "breakpoint";
    default:
        return "pause";
    }
}

} // namespace

void Adapter::pump(std::chrono::milliseconds wait) {
    for (int i = 0; session_ && i < kEventsAtOnce; ++i) {
        auto event = session_->wait(i == 0 ? wait : std::chrono::milliseconds(0));
        if (!event) {
            tell(session::Ended{event.error().message});
        } else if (*event) {
            std::visit([this](const auto& one) { tell(one); }, **event);
        } else {
            break;
        }
        if (!session_ || !session_->running()) {
            wait = std::chrono::milliseconds(0);
        }
    }
    if (invocation_) {
        if (const auto failure = invocation_->failure()) {
            say("important", "The run that this debugger asked for: " + *failure);
        }
    }
    for (auto& [name, body] : std::exchange(later_, {})) {
        client_.event(name, std::move(body));
    }
}

void Adapter::tell(const session::Stop& stop) {
    forget();
    const bool isFault = stop.cause == RBPF_CAUSE_FAULT || stop.cause == RBPF_CAUSE_BUDGET;
    const int status = stop.cause == RBPF_CAUSE_BUDGET ? RBPF_STATUS_BUDGET_SPENT : stop.status;
    if (isFault && stop.position.live && stopFilters_ &&
        std::find(stopFilters_->begin(), stopFilters_->end(), status) == stopFilters_->end() && session_->resume()) {
        return; // the editor does not want to see this one: the run ends with it
    }
    const auto hits = breakpoints_.hits(stop.breakpoints);
    json ids = json::array();
    for (const BreakpointTable::Hit& hit : hits) {
        ids.push_back(hit.id);
    }
    json body{{"reason", reasonOf(stop, hits)},
              {"threadId", threadId()},
              {"allThreadsStopped", true},
              {"description", stop.sentence},
              {"hitBreakpointIds", std::move(ids)}};
    if (isFault || stop.atHistoryEnd) {
        body["text"] = stop.sentence;
    }
    tellBreakpointChanges();
    later("stopped", std::move(body));
}

void Adapter::tell(const session::RunEnded& ended) {
    faulted_ = ended.cause != RBPF_CAUSE_EXIT;
    say("console", ended.sentence);
}

void Adapter::tell(const session::Output& output) {
    json body{{"category", output.breakpoint > 0 ? "console" : "stdout"}, {"output", output.text}};
    if (output.breakpoint > 0) {
        if (!output.text.ends_with('\n')) {
            body["output"] = output.text + "\n";
        }
        const auto hits = breakpoints_.hits({output.breakpoint});
        if (!hits.empty() && !hits.front().spec.file.empty()) {
            body["source"] = sources_.describe(hits.front().spec.file);
            body["line"] = hits.front().spec.line;
        }
    }
    client_.event("output", std::move(body));
}

void Adapter::tell(const session::Notice& notice) {
    using Kind = session::Notice::Kind;
    say(notice.kind == Kind::BreakpointChanged ? "console" : "important", notice.sentence);
    if (notice.kind == Kind::Resumed) {
        forget();
        later("continued", {{"threadId", threadId()}, {"allThreadsContinued", true}});
    }
    if (notice.kind == Kind::BreakpointChanged || notice.kind == Kind::Replaced || notice.kind == Kind::Reconnected) {
        code_.clear();
        tellBreakpointChanges();
    }
}

void Adapter::tell(const session::Ended& ended) {
    say("important", ended.sentence);
    closeSession(false);
    announceEnd(ended.sentence);
}

void Adapter::tellBreakpointChanges() {
    for (json& breakpoint : breakpoints_.changes(*session_, sources_)) {
        later("breakpoint", {{"reason", "changed"}, {"breakpoint", std::move(breakpoint)}});
    }
}

void Adapter::forget() {
    nodes_.clear();
    frameBase_ += kFramesPerStop;
}

void Adapter::changed(std::optional<std::uint32_t> address, std::size_t bytes) {
    if (clientCan_.memory && address) {
        later("memory", {{"memoryReference", fmt::format("{:#x}", *address)}, {"offset", 0}, {"count", bytes}});
    }
    if (clientCan_.invalidated) {
        later("invalidated", {{"areas", {"variables"}}});
    }
}

} // namespace rbpf::dap
