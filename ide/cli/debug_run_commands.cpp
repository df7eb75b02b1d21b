// SPDX-License-Identifier: GPL-3.0-or-later
// Going on, forwards and backwards.
#include <algorithm>
#include <fmt/format.h>

#include "ide/cli/debug_break_spec.hpp"
#include "ide/cli/debug_commands.hpp"
#include "ide/cli/debug_shell.hpp"

namespace rbpf::cli::debug {

namespace {

using session::Granularity;
using session::Session;
using support::ErrorKind;
using support::Result;

constexpr std::uint64_t kMostSteps = 1'000'000;

Result<void> repeat(Shell& shell, const std::string& arguments, Shell::Move step) {
    std::uint64_t count = 1;
    if (!arguments.empty()) {
        const auto number = parseNumber(arguments);
        if (!number || *number == 0 || *number > kMostSteps) {
            return support::fail(ErrorKind::Usage, "expected how often, found \"" + arguments + "\"");
        }
        count = *number;
    }
    return shell.moveRepeatedly(count, std::move(step));
}

} // namespace

Result<void> doRun(Shell& shell, const std::string& arguments) {
    Trigger* trigger = shell.setup().trigger;
    if (trigger == nullptr) {
        return support::fail(ErrorKind::Usage, "a recording cannot be run: it shows what has happened",
                             "`goto RUN STEP` and `back` move in it; `rbpf replay` runs a build on its inputs");
    }
    Session& session = shell.session();
    if (!session.running() && (shell.inRun() || !session.stop().position.live)) {
        return support::fail(ErrorKind::Usage, "a run is in progress already", "`continue` lets it end first");
    }
    if (!session.running()) {
        if (auto gone = session.resume(); !gone) {
            return gone;
        }
    }
    return trigger->fire(arguments);
}

Result<void> doContinue(Shell& shell, const std::string&) {
    if (shell.session().running()) {
        return {}; // without a terminal: wait for what comes next
    }
    if (!shell.inRun() && shell.setup().trigger != nullptr && shell.session().stop().position.live) {
        shell.print("Waiting for the next trigger. " + shell.setup().trigger->hint() + "\n");
    }
    return shell.session().resume();
}

Result<void> doInterrupt(Shell& shell, const std::string&) {
    if (!shell.session().running()) {
        return support::fail(ErrorKind::Usage, "the script is halted already");
    }
    return shell.session().interrupt();
}

Result<void> doStep(Shell& shell, const std::string& arguments) {
    return repeat(shell, arguments, [](Session& session) { return session.stepInto(Granularity::Line); });
}

Result<void> doNext(Shell& shell, const std::string& arguments) {
    return repeat(shell, arguments, [](Session& session) { return session.stepOver(Granularity::Line); });
}

Result<void> doStepInstruction(Shell& shell, const std::string& arguments) {
    shell.showInstructions(true);
    return repeat(shell, arguments, [](Session& session) { return session.stepInto(Granularity::Instruction); });
}

Result<void> doNextInstruction(Shell& shell, const std::string& arguments) {
    shell.showInstructions(true);
    return repeat(shell, arguments, [](Session& session) { return session.stepOver(Granularity::Instruction); });
}

Result<void> doFinish(Shell& shell, const std::string&) {
    return shell.session().stepOut();
}

Result<void> doUntil(Shell& shell, const std::string& arguments) {
    if (arguments.empty()) {
        return support::fail(ErrorKind::Usage, "until where?", "until LINE, FILE:LINE or *ADDRESS");
    }
    auto spec = parseBreakpoint(arguments, {shell.listPlace().file, shell.listPlace().current, 0});
    if (!spec) {
        return tl::unexpected(spec.error());
    }
    if (spec->kind == session::BreakpointSpec::Kind::Instruction) {
        return shell.session().runTo(spec->address);
    }
    spec->temporary = true;
    const auto added = shell.session().addBreakpoint(*spec);
    if (!added) {
        return tl::unexpected(added.error());
    }
    if (!added->verified) {
        (void)shell.session().removeBreakpoint(added->id);
        return support::fail(ErrorKind::Usage, added->message.empty() ? "there is no code" : added->message);
    }
    shell.removeAtNextStop(added->id);
    return shell.session().resume();
}

Result<void> doBack(Shell& shell, const std::string& arguments) {
    return repeat(shell, arguments, [](Session& session) { return session.stepBackInto(Granularity::Line); });
}

Result<void> doBackNext(Shell& shell, const std::string& arguments) {
    return repeat(shell, arguments, [](Session& session) { return session.stepBackOver(Granularity::Line); });
}

Result<void> doBackInstruction(Shell& shell, const std::string& arguments) {
    shell.showInstructions(true);
    return repeat(shell, arguments, [](Session& session) { return session.stepBackInto(Granularity::Instruction); });
}

Result<void> doBackFinish(Shell& shell, const std::string&) {
    return shell.session().stepBackOut();
}

Result<void> doBackContinue(Shell& shell, const std::string&) {
    return shell.session().reverseResume();
}

Result<void> doGoto(Shell& shell, const std::string& arguments) {
    session::Position position;
    if (arguments != "live") {
        const std::size_t blank = std::min(arguments.find(' '), arguments.size());
        const auto run = parseNumber(arguments.substr(0, blank));
        const auto step = parseNumber(arguments.substr(blank));
        if (!run || !step || *run > UINT32_MAX) {
            return support::fail(ErrorKind::Usage, "goto where?",
                                 "goto RUN STEP, as `timeline` shows them, or goto live");
        }
        position = {static_cast<std::uint32_t>(*run), *step, false};
    }
    return shell.session().travel(position);
}

} // namespace rbpf::cli::debug
