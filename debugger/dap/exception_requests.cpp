// SPDX-License-Identifier: GPL-3.0-or-later
// Which faults stop, and the whole story of one that did.
#include <algorithm>
#include <rbpf/status.h>

#include "debugger/dap/adapter.hpp"
#include "debugger/dap/capabilities.hpp"
#include "sdk/image/status_text.hpp"

namespace rbpf::dap {

using nlohmann::json;
using support::ErrorKind;

Answer Adapter::setExceptionBreakpoints(const Arguments& arguments) {
    std::vector<int> statuses;
    std::vector<WantedBreakpoint> wanted;
    json told = json::array();
    for (const std::string& name : arguments.texts("filters")) {
        const auto& filters = stopFilters();
        const auto filter =
            std::find_if(filters.begin(), filters.end(), [&](const auto& one) { return one.id == name; });
        if (filter == filters.end()) {
            return support::fail(ErrorKind::Usage, "there is no kind of stop \"" + name + "\"");
        }
        if (filter->status != 0) {
            statuses.push_back(filter->status);
        } else {
            WantedBreakpoint one;
            one.spec.kind =
                name == "entry" ? session::BreakpointSpec::Kind::Entry : session::BreakpointSpec::Kind::Exit;
            wanted.push_back(std::move(one));
        }
        told.push_back({{"verified", true}});
    }
    stopFilters_ = std::move(statuses);
    static_cast<void>(breakpoints_.replace("runs", wanted, session_.get(), sources_));
    return json{{"breakpoints", std::move(told)}};
}

Answer Adapter::exceptionInfo(const Arguments&) {
    const session::Stop& stop = session_->stop();
    if (stop.cause != RBPF_CAUSE_FAULT && stop.cause != RBPF_CAUSE_BUDGET) {
        return support::fail(ErrorKind::Usage, "the script is not stopped by a fault");
    }
    const int status = stop.cause == RBPF_CAUSE_BUDGET ? RBPF_STATUS_BUDGET_SPENT : stop.status;
    const auto story = session_->explain();
    return json{{"exceptionId", image::statusName(status)},
                {"description", stop.sentence},
                {"breakMode", "always"},
                {"details",
                 {{"message", image::statusSentence(status)},
                  {"typeName", image::statusName(status)},
                  {"stackTrace", story ? *story : story.error().message}}}};
}

} // namespace rbpf::dap
