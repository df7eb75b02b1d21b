// SPDX-License-Identifier: GPL-3.0-or-later
// What happened: the timeline, who wrote what, why the script stopped; recordings.
#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <rbpf/status.h>

#include "debugger/dwarf/render.hpp"
#include "debugger/session/call_text.hpp"
#include "debugger/session/debug_session.hpp"
#include "debugger/session/explain_source.hpp"
#include "debugger/session/session_checked.hpp"
#include "sdk/image/status_text.hpp"

namespace rbpf::session {

using support::ErrorKind;
using support::fail;

support::Result<std::unique_ptr<Session>> Session::open(const std::filesystem::path& recording,
                                                        const std::filesystem::path& sourceRoot) {
    auto loaded = History::load(recording);
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    auto program = Program::create(loaded->history.image(), loaded->debugElf);
    if (!program) {
        return tl::unexpected(program.error());
    }
    if (loaded->history.runs().empty()) {
        return fail(ErrorKind::Script, fmt::format("{} holds no run", recording.string()));
    }
    Options options;
    options.sourceRoot = sourceRoot;
    auto session = std::make_unique<DebugSession>(std::move(options), std::move(*program), std::move(loaded->history));
    if (auto begun = session->beginRecorded(); !begun) {
        return tl::unexpected(begun.error());
    }
    return session;
}

support::Result<void> DebugSession::beginRecorded() {
    entryOnce_ = false;
    const auto run = static_cast<std::uint32_t>(history_.runs().size());
    const Moment last{run, history_.steps(run)};
    liveStop_.position = {last.run, last.step, false};
    if (auto shown = show(last); !shown) {
        return shown;
    }
    stop_.sentence = sentenceOf(stop_);
    liveStop_ = stop_;
    if (!program_.warning().empty()) {
        events_.emplace_back(Notice{Notice::Kind::BreakpointChanged, program_.warning()});
    }
    return {};
}

support::Result<std::vector<TimelineItem>> DebugSession::timeline() {
    std::vector<TimelineItem> items;
    for (std::uint32_t run = 1; run <= history_.runs().size(); ++run) {
        const RecordedRun& recorded = history_.runs()[run - 1];
        items.push_back({TimelineItem::Kind::RunStarted,
                         {run, 0, false},
                         fmt::format("run {} begins at {}", run, program_.place(recorded.entryPc)),
                         false});
        auto call = recorded.calls.begin();
        if (call != recorded.calls.end()) {
            const auto walked =
                history_.walk(run, call->step, std::min(history_.steps(run), recorded.calls.back().step + 1),
                              [&](const History::StepView& view) {
                                  if (view.step == call->step) {
                                      items.push_back({TimelineItem::Kind::Call,
                                                       {run, view.step, false},
                                                       fmt::format("{} = {}", callText(call->id, view),
                                                                   static_cast<std::int32_t>(call->result)),
                                                       seenOutside(call->id)});
                                      ++call;
                                  }
                                  return call != recorded.calls.end();
                              });
            if (!walked) {
                return tl::unexpected(walked.error());
            }
        }
        if (const auto& end = recorded.end) {
            items.push_back(
                {TimelineItem::Kind::RunEnded,
                 {run, history_.steps(run), false},
                 end->cause == RBPF_CAUSE_EXIT
                     ? fmt::format("run {} ended after {} instructions with {}", run, end->instructions,
                                   program_.resultOf(recorded.entryPc, end->result))
                     : fmt::format("run {} ended after {} instructions: {}", run, end->instructions,
                                   end->cause == RBPF_CAUSE_BUDGET ? "budget used up" : image::statusName(end->status)),
                 false});
        }
    }
    if (live_ && !ended_) {
        items.push_back({TimelineItem::Kind::Stopped, liveStop_.position, liveStop_.sentence, false});
    }
    return items;
}

namespace {

support::Result<std::optional<Writer>> writerOf(const Program& program,
                                                const support::Result<std::optional<History::Write>>& write) {
    if (!write) {
        return tl::unexpected(write.error());
    }
    if (!*write) {
        return std::nullopt;
    }
    Writer writer;
    writer.position = {(*write)->run, (*write)->step, false};
    writer.location = program.locate((*write)->pc);
    writer.text = program.text((*write)->pc);
    writer.before = (*write)->before;
    writer.after = (*write)->after;
    writer.by = (*write)->by == History::Write::By::Start  ? Writer::By::Start
                : (*write)->by == History::Write::By::Edit ? Writer::By::User
                                                           : Writer::By::Instruction;
    return writer;
}

} // namespace

support::Result<std::optional<Writer>> DebugSession::whoWroteRegister(int number) {
    if (auto may = mayLook(); !may) {
        return tl::unexpected(may.error());
    }
    if (number < 0 || number > 10) {
        return fail(ErrorKind::Usage, fmt::format("there is no register {}", number));
    }
    const Moment at = here();
    if (at.run == 0) {
        return std::nullopt;
    }
    return writerOf(program_, history_.lastRegisterWrite(at.run, at.step, number));
}

support::Result<std::optional<Writer>> DebugSession::whoWroteMemory(std::uint32_t address, std::uint32_t size) {
    if (auto may = mayLook(); !may) {
        return tl::unexpected(may.error());
    }
    const Moment at = here();
    if (at.run == 0) {
        return std::nullopt;
    }
    return writerOf(program_, history_.lastMemoryWrite(at.run, at.step, address, size));
}

/// The current stop as the explainer wants it.
support::Result<Scene> DebugSession::scene(const Stop& stop) {
    Scene scene;
    scene.cause = stop.cause;
    scene.status = stop.status;
    scene.detail = stop.detail;
    scene.pc = stop.location.pc;
    scene.instructions = stop.position.step;
    scene.sourceRoot = options_.sourceRoot;
    if (!target_) {
        return scene;
    }
    if (const auto registers = checked(target_->registers())) {
        scene.registers = *registers;
    }
    if (!target_) {
        return scene;
    }
    if (const auto regions = checked(target_->regions())) {
        scene.regions = *regions;
    }
    return scene;
}

namespace {

/// Of the values that a story tells: more is in the variables view.
constexpr std::size_t kValues = 6, kValueCharacters = 48;

/// "i = 16, length = 4": what of these the source line names.
std::string valuesIn(const std::string& line, const std::vector<Variable>& variables, const dwarf::State& state) {
    const auto isLetter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    std::vector<std::string> told;
    for (std::size_t at = 0; at < line.size() && told.size() < kValues;) {
        const auto begin = std::find_if(line.begin() + static_cast<std::ptrdiff_t>(at), line.end(), isLetter);
        const auto end = std::find_if_not(begin, line.end(), isLetter);
        const std::string word(begin, end);
        at = static_cast<std::size_t>(end - line.begin());
        const auto known = std::ranges::find(variables, word, &Variable::name);
        if (known == variables.end() || !known->value.available()) {
            continue;
        }
        dwarf::RenderOptions options;
        options.maxBytes = kValueCharacters;
        std::string text = fmt::format("{} = {}", word, dwarf::render(known->value, state, options));
        if (std::ranges::find(told, text) == told.end()) {
            told.push_back(std::move(text));
        }
    }
    return fmt::format("{}", fmt::join(told, ", "));
}

} // namespace

/// The variables that the line of the stop names, behind what it says of the source.
void DebugSession::addValues(Story& story) {
    const auto source = sourceText(options_.sourceRoot, story.location.file);
    if (story.location.line == 0 || !source) {
        return;
    }
    const auto variables = this->variables(0);
    const auto state = this->state(0);
    if (!variables || !state) {
        return;
    }
    std::string values = valuesIn(lineOf(*source, story.location.line), *variables, **state);
    if (!values.empty()) {
        const auto behind = std::ranges::find(story.facts, std::string("bytecode"), &Story::Fact::name);
        story.facts.insert(behind, {"values", std::move(values)});
    }
}

support::Result<std::string> DebugSession::explain() {
    const auto told = story();
    return told ? support::Result<std::string>(textOf(*told)) : tl::unexpected(told.error());
}

support::Result<Story> DebugSession::story() {
    if (auto may = mayLook(); !may) {
        return tl::unexpected(may.error());
    }
    if (stop_.cause != RBPF_CAUSE_FAULT && stop_.cause != RBPF_CAUSE_BUDGET) {
        return Story{stop_.sentence, stop_.location, {}, {}, {}};
    }
    auto known = scene(stop_);
    if (!known) {
        return tl::unexpected(known.error());
    }
    if ((known->cause == RBPF_CAUSE_BUDGET || known->status == RBPF_STATUS_BUDGET_SPENT) && stop_.position.run != 0) {
        LoopCounter counter(program_);
        const auto walked =
            history_.walk(stop_.position.run, 0, stop_.position.step, [&](const History::StepView& view) {
                counter.executed(view.pc);
                return true;
            });
        if (walked) {
            known->hottest = counter.hottest(program_);
        }
    }
    Story told = storyOf(program_, *known);
    addValues(told);
    return told;
}

support::Result<void> DebugSession::save(const std::filesystem::path& recording) {
    if (history_.runs().empty()) {
        return fail(ErrorKind::Usage,
                    options_.history ? "nothing is recorded yet" : "history is off: nothing is recorded",
                    options_.history ? "history begins with the first run after the debugger has attached" : "");
    }
    return history_.save(recording, program_.debugElf());
}

} // namespace rbpf::session
