// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/debug_shell.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "debugger/dwarf/render.hpp"
#include "ide/cli/debug_commands.hpp"
#include "ide/cli/debug_text.hpp"

namespace rbpf::cli::debug {

namespace {

using session::Event;
using support::ErrorKind;
using support::Result;

constexpr std::chrono::milliseconds kHaltSlice{20};
constexpr std::chrono::milliseconds kHaltPatience{2000};
constexpr std::size_t kConsoleKept = 256 * 1024;
constexpr std::size_t kLineBytes = 160; ///< of a value in a stop's text
constexpr unsigned kNeighbours = 2;     ///< source lines shown before and behind the current one
constexpr std::size_t kFirstVariables = 12;

std::string withNewline(std::string text) {
    if (!text.empty() && text.back() != '\n') {
        text += '\n';
    }
    return text;
}

} // namespace

Shell::Shell(session::Session& session, Setup setup)
    : session_(session), setup_(std::move(setup)), sources_(setup_.sourceFolder) {
    inRun_ = !session_.running() && session_.stop().cause != RBPF_CAUSE_IDLE;
}

Result<void> Shell::execute(std::string_view line) {
    Words words = splitCommand(line);
    if (words.command.empty()) {
        if (last_.empty()) {
            return {};
        }
        words = splitCommand(last_);
        line = last_;
    } else if (words.command.starts_with('#')) {
        return {}; // a comment in a file of commands
    }
    const auto found = findCommand(words.command);
    if (!found) {
        return tl::unexpected(found.error());
    }
    const Command& command = **found;
    if ((command.flags & kStopped) != 0 && session_.running()) {
        return support::fail(
            ErrorKind::Usage, fmt::format("`{}` needs a halted script, and this one runs", command.name),
            inRun_ ? "Ctrl-C or `interrupt` halts it" : "it waits for its next trigger; `run` fires one");
    }
    // Going on with `list`, `x` and `disassemble` means the next lines, not the same ones.
    const bool goesOn = (command.flags & kRepeats) != 0 && (command.flags & kRuns) == 0 && command.name != "up" &&
                        command.name != "down";
    std::string again;
    if ((command.flags & kRepeats) != 0) {
        again = goesOn ? std::string(command.name) : std::string(line);
    }
    waiting_ = (command.flags & kRuns) != 0;
    auto result = command.run(*this, words.arguments);
    if (!result) {
        waiting_ = false;
    }
    last_ = result ? again : std::string();
    return result;
}

bool Shell::answerPending() const {
    return setup_.trigger != nullptr && setup_.trigger->pending();
}

Result<void> Shell::pump(std::chrono::milliseconds wait) {
    if (!lost_) {
        auto event = session_.wait(wait);
        if (!event) {
            done_ = lost_ = true;
            return tl::unexpected(event.error());
        }
        if (*event) {
            handle(**event);
        }
    }
    showAnswer(std::chrono::milliseconds(0));
    return {};
}

void Shell::showAnswer(std::chrono::milliseconds wait) {
    if (setup_.trigger == nullptr) {
        return;
    }
    if (auto answer = setup_.trigger->answer(wait)) {
        print(withNewline(*answer));
    }
}

bool Shell::interrupt() {
    if (!session_.running()) {
        return false;
    }
    if (auto done = session_.interrupt(); !done) {
        print(fmt::format("The script cannot be halted: {}\n", done.error().message));
    }
    return true;
}

std::string Shell::prompt() const {
    if (session_.running()) {
        return inRun_ ? "(rbpf running) " : "(rbpf waiting) ";
    }
    const session::Position& position = session_.stop().position;
    if (position.live) {
        return "(rbpf) ";
    }
    const auto known = steps_.find(position.run);
    return known == steps_.end()
               ? fmt::format("(rbpf {}) ", positionText(position))
               : fmt::format("(rbpf {} of {}) ", positionText(position), std::max(known->second, position.step));
}

void Shell::select(int level) {
    level_ = level;
    list_ = {};
    if (const auto selected = frame()) {
        list_ = {selected->location.file, 0, selected->location.line};
    }
}

Result<session::Frame> Shell::frame() {
    auto frames = session_.frames();
    if (!frames) {
        return tl::unexpected(frames.error());
    }
    const auto found = std::ranges::find_if(*frames, [this](const session::Frame& one) { return one.level == level_; });
    if (found == frames->end()) {
        return support::fail(ErrorKind::Usage, "there is no frame: the script is in no function");
    }
    return *found;
}

void Shell::showPlace() {
    const auto selected = frame();
    const session::Location location = selected ? selected->location : session_.stop().location;
    const std::string excerpt =
        location.line == 0 ? std::string()
                           : sources_.excerpt(location.file, location.line - std::min(location.line - 1, kNeighbours),
                                              location.line + kNeighbours, location.line);
    print(fmt::format("{}\n{}", placeText(sources_, location), excerpt));
    if (excerpt.empty() || showsInstruction_) {
        if (const auto code = session_.disassemble(location.pc, 1); code && !code->empty()) {
            print(instructionText(code->front(), true));
        }
    }
}

std::string Shell::render(const dwarf::Value& value, bool hexadecimal) {
    dwarf::RenderOptions options;
    options.hexadecimal = hexadecimal;
    const auto state = session_.state(level_);
    return state ? dwarf::render(value, **state, options) : "<" + state.error().message + ">";
}

void Shell::settle() {
    waiting_ = false;
    movesLeft_ = 0;
    removeTemporary();
}

void Shell::removeTemporary() {
    for (const int id : std::exchange(temporary_, {})) {
        (void)session_.removeBreakpoint(id); // it is gone already if it was what stopped the script
    }
}

void Shell::handle(const Event& event) {
    if (const auto* stop = std::get_if<session::Stop>(&event)) {
        handleStop(*stop);
    } else if (const auto* started = std::get_if<session::RunStarted>(&event)) {
        inRun_ = true;
        print(fmt::format("Run {} begins.\n", started->run));
    } else if (const auto* ended = std::get_if<session::RunEnded>(&event)) {
        inRun_ = false;
        steps_[ended->run] = ended->instructions;
        variablesOf_.clear();
        print(withNewline(ended->sentence));
        settle();
    } else if (const auto* output = std::get_if<session::Output>(&event)) {
        handleOutput(*output);
    } else if (const auto* notice = std::get_if<session::Notice>(&event)) {
        print(withNewline(notice->sentence));
    } else if (const auto* over = std::get_if<session::Ended>(&event)) {
        print(withNewline(over->sentence));
        waiting_ = false;
        done_ = lost_ = true;
    }
}

void Shell::handleOutput(const session::Output& output) {
    console_ += output.text;
    if (console_.size() > kConsoleKept) {
        console_.erase(0, console_.size() - kConsoleKept);
    }
    print(withNewline((output.breakpoint > 0 ? fmt::format("breakpoint {}: ", output.breakpoint) : "log: ") +
                      output.text));
}

Result<void> Shell::moveRepeatedly(std::uint64_t count, Move move) {
    movesLeft_ = count - 1;
    move_ = std::move(move);
    return move_(session_);
}

Result<void> Shell::whileHalted(const std::function<Result<void>()>& action) {
    bool goesOn = false;
    if (session_.running()) {
        if (auto halted = session_.interrupt(); !halted) {
            return halted;
        }
        const auto started = std::chrono::steady_clock::now();
        while (session_.running() && !done_) {
            auto event = session_.wait(kHaltSlice);
            if (!event) {
                return tl::unexpected(event.error());
            }
            const auto* stop = *event ? std::get_if<session::Stop>(&**event) : nullptr;
            goesOn = stop != nullptr && (stop->cause == RBPF_CAUSE_INTERRUPT || stop->cause == RBPF_CAUSE_IDLE);
            if (*event && !goesOn) {
                handle(**event); // a breakpoint was met first, or the run's end
            }
            if (std::chrono::steady_clock::now() - started > kHaltPatience) {
                return support::fail(ErrorKind::Board, "the script could not be halted for it",
                                     "try again, or Ctrl-C first");
            }
        }
    }
    auto done = action();
    if (goesOn) {
        if (auto gone = session_.resume(); !gone) {
            return gone;
        }
    }
    return done;
}

void Shell::handleStop(const session::Stop& stop) {
    const bool isPlainStep = stop.cause == RBPF_CAUSE_STEP && stop.breakpoints.empty() && !stop.atHistoryEnd;
    if (waiting_ && isPlainStep && movesLeft_ > 0) {
        --movesLeft_;
        if (move_(session_)) {
            return;
        }
    }
    movesLeft_ = 0;
    inRun_ = stop.cause != RBPF_CAUSE_IDLE;
    if (stop.position.live) {
        auto& known = steps_[stop.position.run];
        known = std::max(known, stop.position.step);
    } else {
        learnSteps();
    }
    settle();
    nextExamined = 0;
    registersBefore_ = std::exchange(registersNow_, {});
    if (const auto registers = session_.registers()) {
        registersNow_ = *registers;
    }
    print(withNewline(stop.sentence));
    if (stop.cause == RBPF_CAUSE_IDLE) {
        select(0);
        return;
    }
    select(0);
    showPlace();
    showsInstruction_ = false;
    showChangedVariables();
    if (stop.cause == RBPF_CAUSE_FAULT || stop.cause == RBPF_CAUSE_BUDGET) {
        print("`explain` tells the whole story.\n");
    }
}

void Shell::learnSteps() {
    const auto items = session_.timeline();
    if (!items) {
        return;
    }
    for (const session::TimelineItem& item : *items) {
        auto& known = steps_[item.position.run];
        known = std::max(known, item.position.step);
    }
}

/// At the first stop in a frame all that have a value, later those that differ.
void Shell::showChangedVariables() {
    const auto frames = session_.frames();
    const auto list = session_.variables(0);
    const auto state = session_.state(0);
    if (!frames || frames->empty() || !list || !state) {
        variablesOf_.clear();
        return;
    }
    const std::string where = fmt::format("{} {} {}", session_.stop().position.run, frames->front().location.function,
                                          frames->front().framePointer);
    const bool isNew = where != variablesOf_;
    std::map<std::string, std::string> now;
    std::size_t shown = 0;
    for (const session::Variable& variable : *list) {
        dwarf::RenderOptions options;
        options.maxBytes = kLineBytes;
        const std::string text = dwarf::render(variable.value, **state, options);
        if (!now.emplace(variable.name, text).second) {
            continue; // shadowed by an inner block's
        }
        const auto before = variables_.find(variable.name);
        if (isNew ? variable.value.available() && shown < kFirstVariables
                  : before == variables_.end() || before->second != text) {
            print(fmt::format("   {} = {}\n", variable.name, text));
            ++shown;
        }
    }
    variablesOf_ = where;
    variables_ = std::move(now);
}

} // namespace rbpf::cli::debug
