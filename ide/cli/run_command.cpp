// SPDX-License-Identifier: GPL-3.0-or-later
// run: an entry on the workstation's VM.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <rbpf/status.h>

#include "debugger/link/status_text.hpp"
#include "ide/cli/interrupt.hpp"
#include "ide/cli/project_build.hpp"
#include "ide/cli/registry.hpp"
#include "ide/cli/run_options.hpp"
#include "ide/cli/run_text.hpp"
#include "ide/cli/source_text.hpp"
#include "ide/cli/workstation_run.hpp"
#include "rbpf_vm/rbpf_vm.h"
#include "sdk/image/status_text.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::cli {

namespace {

using support::ErrorKind;

nlohmann::json faultJson(const Fault& fault, const OpenedImage& opened, const std::string& sentence) {
    nlohmann::json json{{"status", fault.status}, {"name", image::statusName(fault.status)}, {"sentence", sentence}};
    if (fault.insnIndex) {
        json["instruction"] = *fault.insnIndex;
        const auto& lines = opened.lines();
        if (*fault.insnIndex < lines.size() && lines[*fault.insnIndex].line != 0) {
            json["file"] = shownPath(lines[*fault.insnIndex].file, opened.sourceFolder);
            json["line"] = lines[*fault.insnIndex].line;
        }
    }
    if (fault.status == RBPF_STATUS_READ_FAULT || fault.status == RBPF_STATUS_WRITE_FAULT) {
        json["address"] = fault.detail.value_or(0);
    }
    return json;
}

nlohmann::json resultJson(const RunResult& result, const OpenedImage& opened, std::int64_t value,
                          const std::string& sentence) {
    nlohmann::json json{{"halt", link::haltName(result.halt)},
                        {"result", value},
                        {"r0", static_cast<std::uint64_t>(result.result)},
                        {"instructions", result.instructions},
                        {"budget", result.budget},
                        {"context", support::toHex(result.context)},
                        {"log", result.log}};
    if (result.answer) {
        const auto& payload = result.answer->payload;
        json["response"] = {{"code", link::codeText(result.answer->code)},
                            {"payload", std::string(payload.begin(), payload.end())},
                            {"payloadHex", support::toHex(payload)}};
    }
    if (result.fault) {
        json["fault"] = faultJson(*result.fault, opened, sentence);
    }
    return json;
}

std::string resultText(const RunResult& result, const OpenedImage& opened, std::int64_t value) {
    std::string text = result.log;
    if (!text.empty() && text.back() != '\n') {
        text += '\n';
    }
    if (result.answer) {
        const auto& payload = result.answer->payload;
        text += fmt::format("{}{}{}\n", link::codeText(result.answer->code), payload.empty() ? "" : ": ",
                            std::string(payload.begin(), payload.end()));
    }
    if (!result.context.empty()) {
        text += "context " + support::toHex(result.context) + "\n";
    }
    text += fmt::format("result {}{} after {} instructions\n", value, opened.debugElf.empty() ? asIntText(value) : "",
                        result.instructions);
    return text;
}

int report(Console& console, const OpenedImage& opened, std::uint32_t insnIndex, const RunResult& result) {
    const std::int64_t value = opened.resultOf(insnIndex, static_cast<std::uint64_t>(result.result));
    const std::string sentence = result.fault ? faultSentence(*result.fault, &opened, result.regions) : std::string();
    if (console.json) {
        console.printJson(resultJson(result, opened, value, sentence));
        return result.fault ? kScriptFault : kFine;
    }
    if (!result.fault) {
        console.print(resultText(result, opened, value));
        return kFine;
    }
    console.print(result.log);
    return console.fail({ErrorKind::Script, fmt::format("{} after {} instructions", sentence, result.instructions),
                         result.halt == RBPF_HALT_BUDGET ? "--budget N or \"budget\" in rbpf.json allow more" : ""});
}

struct Options {
    std::string image;
    RunOptions run;
};

int run(Console& console, const Options& options) {
    const Interrupt interrupt;
    const auto opened = openWhat(console, options.image);
    if (!opened) {
        return console.fail(opened.error());
    }
    auto request = runRequest(options.run, opened->image, interrupt.token());
    if (!request) {
        return console.fail(request.error());
    }
    const auto result = runHere(opened->image, *request);
    return result ? report(console, *opened, request->insnIndex, *result) : console.fail(result.error());
}

} // namespace

void addRunCommand(Registry& registry) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = registry.add("run", "Run an entry on the workstation's VM, with simulated devices",
                                     "rbpf run demo/build/demo.rbpf --context-hex \"01 02\" --json");
    command->add_option("image", options->image, "An image, or a project's folder, built if needed")->required();
    addRunOptions(command, options->run);
    command->footer(
        command->get_footer() +
        "\nThe result is as wide and signed as what the entry returns, if its debug information is there; r0 in\n"
        "the JSON is the whole register.");
    registry.json(command);
    registry.run(command, [options](Console& console) { return run(console, *options); });
}

} // namespace rbpf::cli
