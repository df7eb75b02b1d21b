// SPDX-License-Identifier: GPL-3.0-or-later
// Looking at a stopped script and changing it: frames, registers, memory, variables, expressions.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "debugger/session/debug_session.hpp"
#include "debugger/session/session_checked.hpp"

namespace rbpf::session {

using support::ErrorKind;
using support::fail;

support::Result<void> DebugSession::mayLook() const {
    if (target_) {
        return {};
    }
    if (ended_) {
        return fail(ErrorKind::Link, *ended_);
    }
    if (lost_) {
        return fail(ErrorKind::Link, "the board is not connected", "it is looked for; wait until it is back");
    }
    return fail(ErrorKind::Usage, "the script is running", "interrupt it first");
}

support::Result<const std::vector<StackFrame>*> DebugSession::stack() {
    if (auto may = mayLook(); !may) {
        return tl::unexpected(may.error());
    }
    if (!stack_) {
        auto frames = checked(unwind(program_, *target_));
        if (!frames) {
            return tl::unexpected(frames.error());
        }
        stack_ = std::move(*frames);
    }
    return &*stack_;
}

support::Result<std::shared_ptr<FrameState>> DebugSession::frameState(int level, bool write) {
    const auto frames = stack();
    if (!frames) {
        return tl::unexpected(frames.error());
    }
    if (level < 0 || static_cast<std::size_t>(level) >= (*frames)->size()) {
        return fail(ErrorKind::Usage, fmt::format("there is no frame {}", level));
    }
    return std::make_shared<FrameState>(target_, (**frames)[static_cast<std::size_t>(level)], write);
}

support::Result<std::vector<Frame>> DebugSession::frames() {
    const auto frames = stack();
    if (!frames) {
        return tl::unexpected(frames.error());
    }
    std::vector<Frame> shown;
    for (const StackFrame& frame : **frames) {
        shown.push_back(frame.shown);
    }
    return shown;
}

support::Result<std::shared_ptr<dwarf::State>> DebugSession::state(int level) {
    auto frame = frameState(std::max(level, 0), !inPast());
    if (!frame) {
        return tl::unexpected(frame.error());
    }
    return std::shared_ptr<dwarf::State>(std::move(*frame));
}

support::Result<std::vector<std::uint64_t>> DebugSession::registers() {
    if (auto may = mayLook(); !may) {
        return tl::unexpected(may.error());
    }
    const auto values = checked(target_->registers());
    if (!values) {
        return tl::unexpected(values.error());
    }
    return std::vector<std::uint64_t>(values->begin(), values->end());
}

support::Result<void> DebugSession::setRegister(int number, std::uint64_t value) {
    if (auto may = mayLook(); !may) {
        return may;
    }
    if (number < 0 || number >= rsp::kRegisterCount) {
        return fail(ErrorKind::Usage, fmt::format("there is no register {}", number));
    }
    auto set = checked(target_->setRegister(number, value));
    if (set) {
        stack_.reset();
        recorder_.setRegister(number, value);
        liveReply_.reg.at(static_cast<std::size_t>(number)) = value;
    }
    return set;
}

support::Result<std::vector<std::uint8_t>> DebugSession::readMemory(std::uint32_t address, std::uint32_t size) {
    if (auto may = mayLook(); !may) {
        return tl::unexpected(may.error());
    }
    return checked(target_->read(address, size));
}

support::Result<void> DebugSession::writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) {
    if (auto may = mayLook(); !may) {
        return may;
    }
    auto written = checked(target_->write(address, bytes));
    if (written) {
        recorder_.wroteMemory(address, {bytes.begin(), bytes.end()});
    }
    return written;
}

support::Result<std::vector<Region>> DebugSession::regions() {
    if (auto may = mayLook(); !may) {
        return tl::unexpected(may.error());
    }
    const auto found = checked(target_->regions());
    if (!found) {
        return tl::unexpected(found.error());
    }
    std::vector<Region> shown;
    for (const rsp::RegionInfo& region : *found) {
        shown.push_back({region.index, regionName(region.index),
                         static_cast<std::uint32_t>(RBPF_ADDRESS(region.index, 0)), region.size,
                         (region.access & 1) != 0, (region.access & 2) != 0});
    }
    return shown;
}

support::Result<std::vector<Variable>> DebugSession::variables(int level) {
    const auto frame = frameState(std::max(level, 0), false);
    if (!frame) {
        return tl::unexpected(frame.error());
    }
    const StackFrame& at = (*frame)->frame();
    const auto definitions = level < 0 ? program_.info().globals() : program_.info().variablesAt(at.pc, at.inlined);
    std::vector<Variable> variables;
    for (const dwarf::Variable& definition : definitions) {
        variables.push_back({definition.name, program_.info().read(definition, at.pc, **frame), {}, {}});
    }
    if (level >= 0 && at.call == 0) {
        addLastKnown(variables, definitions);
    }
    if (lost_) {
        return fail(ErrorKind::Link, "the board is not connected", "it is looked for; wait until it is back");
    }
    return variables;
}

/// History may know what an optimised-out variable was when the function last had it.
void DebugSession::addLastKnown(std::vector<Variable>& variables, const std::vector<dwarf::Variable>& definitions) {
    constexpr std::uint64_t kStepsBack = 4096; // further back it says little about now
    const Moment at = here();
    const auto missing = [](const Variable& variable) {
        return variable.value.availability == dwarf::Availability::OptimisedOut;
    };
    if (at.run == 0 || at.step == 0 || liveReply_.cause == RBPF_CAUSE_IDLE ||
        std::none_of(variables.begin(), variables.end(), missing)) {
        return;
    }
    const auto calls = target_->calls();
    if (!calls) {
        return;
    }
    const std::size_t depth = calls->size();
    struct Seen {
        bool known = false, has = false;
    };
    std::map<std::pair<std::uint32_t, std::size_t>, Seen> seen; // by pc and variable
    std::map<std::uint32_t, std::vector<dwarf::Variable>> scopes;
    const auto walked =
        history_.walk(at.run, at.step - std::min(at.step, kStepsBack), at.step, [&](const History::StepView& view) {
            if (view.depth < depth) { // another activation
                for (Variable& variable : variables) {
                    variable.lastKnown.reset();
                }
            }
            if (view.depth != depth) {
                return true;
            }
            StepState state(view);
            for (std::size_t i = 0; i < variables.size(); ++i) {
                Seen& here = seen[{view.pc, i}];
                if (!missing(variables[i]) || (here.known && !here.has)) {
                    continue;
                }
                if (!here.known) {
                    here.known = true;
                    // The variable must be in scope there: another inlined copy is another variable.
                    auto& scope = scopes[view.pc];
                    if (scope.empty()) {
                        for (std::size_t frame = 0; frame < program_.info().framesAt(view.pc).size(); ++frame) {
                            const auto more = program_.info().variablesAt(view.pc, frame);
                            scope.insert(scope.end(), more.begin(), more.end());
                        }
                    }
                    const bool inScope = std::any_of(scope.begin(), scope.end(), [&](const dwarf::Variable& other) {
                        return other.definition == definitions[i].definition;
                    });
                    if (!inScope) {
                        continue;
                    }
                }
                dwarf::Value value = program_.info().read(definitions[i], view.pc, state);
                here.has = value.availability == dwarf::Availability::Available;
                if (here.has) {
                    variables[i].lastKnown = std::move(value);
                    variables[i].lastKnownAt = {at.run, view.step, false};
                }
            }
            return true;
        });
    if (!walked) {
        for (Variable& variable : variables) {
            variable.lastKnown.reset();
        }
    }
}

namespace {

/// Passes reads and writes on, and remembers what was changed.
class WatchedState : public dwarf::State {
public:
    explicit WatchedState(FrameState& inner) : inner_(inner) {}
    std::optional<std::uint64_t> readRegister(unsigned number) const override { return inner_.readRegister(number); }
    std::optional<std::vector<std::uint8_t>> readMemory(std::uint32_t address, std::uint32_t size) const override {
        return inner_.readMemory(address, size);
    }
    bool writeRegister(unsigned number, std::uint64_t value) override {
        registers.emplace_back(number, value);
        return inner_.writeRegister(number, value);
    }
    bool writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) override {
        memory.emplace_back(address, std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
        return inner_.writeMemory(address, bytes);
    }
    std::vector<std::pair<unsigned, std::uint64_t>> registers;
    std::vector<std::pair<std::uint32_t, std::vector<std::uint8_t>>> memory;

private:
    FrameState& inner_;
};

} // namespace

support::Result<dwarf::Value> DebugSession::evaluate(const std::string& expression, int level, bool mayWrite) {
    auto parsed = dwarf::Expression::parse(expression, program_.info());
    if (!parsed) {
        return tl::unexpected(parsed.error());
    }
    if (parsed->hasSideEffects() && (!mayWrite || inPast())) {
        return fail(ErrorKind::Usage,
                    mayWrite ? "the past cannot be changed" : "this expression may not change anything",
                    mayWrite ? "go to the present first" : "");
    }
    const auto frame = frameState(std::max(level, 0), mayWrite);
    if (!frame) {
        return tl::unexpected(frame.error());
    }
    WatchedState state(**frame);
    const StackFrame at = (*frame)->frame();
    auto value = parsed->evaluate({program_.info(), at.pc, at.inlined, state});
    for (const auto& [number, set] : state.registers) {
        recorder_.setRegister(static_cast<int>(number), set);
        liveReply_.reg.at(number) = set;
        stack_.reset();
    }
    for (const auto& [address, bytes] : state.memory) {
        recorder_.wroteMemory(address, bytes);
    }
    if (!value && !(*frame)->refusal().empty()) {
        value.error().message += ": " + (*frame)->refusal();
    }
    return value;
}

std::vector<std::string> DebugSession::complete(const std::string& text, int level) {
    const auto frame = frameState(std::max(level, 0), false);
    if (!frame) {
        return {};
    }
    const StackFrame at = (*frame)->frame();
    const auto found = dwarf::complete(text, text.size(), {program_.info(), at.pc, at.inlined, **frame});
    std::vector<std::string> whole;
    for (const dwarf::Completion& candidate : found.candidates) {
        whole.push_back(text.substr(0, found.from) + candidate.text);
    }
    return whole;
}

support::Result<std::vector<Instruction>> DebugSession::disassemble(std::uint32_t address, std::uint32_t count) {
    return program_.listing(address, count);
}

// Breakpoints: what they are does not depend on the board; it is told when it next goes on.
// -----------------------------

support::Result<Breakpoint> DebugSession::addBreakpoint(const BreakpointSpec& spec) {
    const auto frame = target_ ? frameState(0, false) : fail(ErrorKind::Usage, "running");
    auto added = frame ? breakpoints_.add(spec, dwarf::ExpressionScope{program_.info(), (*frame)->frame().pc,
                                                                       (*frame)->frame().inlined, **frame})
                       : breakpoints_.add(spec, std::nullopt);
    tellRunning();
    return added;
}

support::Result<void> DebugSession::removeBreakpoint(int id) {
    tellRunning();
    return breakpoints_.remove(id);
}

support::Result<void> DebugSession::enableBreakpoint(int id, bool enabled) {
    tellRunning();
    return breakpoints_.enable(id, enabled);
}

std::vector<unsigned> DebugSession::breakpointLines(const std::string& file) const {
    return program_.info().linesWithCode(file);
}

} // namespace rbpf::session
