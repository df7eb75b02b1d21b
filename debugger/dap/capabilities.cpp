// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dap/capabilities.hpp"

#include <rbpf/status.h>

namespace rbpf::dap {

const std::vector<StopFilter>& stopFilters() {
    static const std::vector<StopFilter> filters = [] {
        std::vector<StopFilter> list;
#define RBPF_STATUS(value, name, text)                                                                                 \
    if ((value) <= RBPF_STATUS_READ_FAULT && (value) >= RBPF_STATUS_BAD_ARGUMENT) {                                    \
        list.push_back({#name, text, value, true});                                                                    \
    }
#include <rbpf/status.def>
#undef RBPF_STATUS
        list.push_back({"entry", "every run, before its first instruction", 0, false});
        list.push_back({"exit", "every run, at its end", 0, false});
        return list;
    }();
    return filters;
}

nlohmann::json capabilities() {
    nlohmann::json filters = nlohmann::json::array();
    for (const StopFilter& one : stopFilters()) {
        filters.push_back({{"filter", one.id}, {"label", one.sentence}, {"default", one.isDefault}});
    }
    nlohmann::json result{{"exceptionBreakpointFilters", std::move(filters)},
                          {"completionTriggerCharacters", {".", ">", "$"}}};
    for (const char* name : {"supportsConfigurationDoneRequest",
                             "supportsFunctionBreakpoints",
                             "supportsConditionalBreakpoints",
                             "supportsHitConditionalBreakpoints",
                             "supportsEvaluateForHovers",
                             "supportsStepBack",
                             "supportsSetVariable",
                             "supportsSetExpression",
                             "supportsCompletionsRequest",
                             "supportsRestartRequest",
                             "supportsValueFormattingOptions",
                             "supportsExceptionInfoRequest",
                             "supportTerminateDebuggee",
                             "supportsDelayedStackTraceLoading",
                             "supportsLoadedSourcesRequest",
                             "supportsLogPoints",
                             "supportsTerminateRequest",
                             "supportsDataBreakpoints",
                             "supportsDataBreakpointBytes",
                             "supportsReadMemoryRequest",
                             "supportsWriteMemoryRequest",
                             "supportsDisassembleRequest",
                             "supportsCancelRequest",
                             "supportsBreakpointLocationsRequest",
                             "supportsClipboardContext",
                             "supportsSteppingGranularity",
                             "supportsInstructionBreakpoints"}) {
        result[name] = true;
    }
    return result;
}

} // namespace rbpf::dap
