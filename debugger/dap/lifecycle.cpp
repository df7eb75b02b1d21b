// SPDX-License-Identifier: GPL-3.0-or-later
// From initialize to the end: launch and attach, restart with a newer build, disconnect.
#include <fmt/format.h>

#include "debugger/dap/adapter.hpp"
#include "debugger/dap/capabilities.hpp"
#include "debugger/dap/settings.hpp"

namespace rbpf::dap {

using nlohmann::json;
using support::ErrorKind;

Answer Adapter::initialize(const Arguments& arguments) {
    if (!arguments.flag("linesStartAt1", true) || !arguments.flag("columnsStartAt1", true) ||
        arguments.text("pathFormat", "path") != "path") {
        return support::fail(ErrorKind::Usage, "this debugger counts lines and columns from 1 and names files by path");
    }
    clientCan_.progress = arguments.flag("supportsProgressReporting");
    clientCan_.invalidated = arguments.flag("supportsInvalidatedEvent");
    clientCan_.memory = arguments.flag("supportsMemoryEvent");
    clientCan_.variablePaging = arguments.flag("supportsVariablePaging");
    return capabilities();
}

Answer Adapter::launch(const Arguments& arguments) {
    auto settings = readSettings(arguments, true);
    return settings ? start(std::move(*settings)) : Answer(tl::unexpected(settings.error()));
}

Answer Adapter::attach(const Arguments& arguments) {
    auto settings = readSettings(arguments, false);
    return settings ? start(std::move(*settings)) : Answer(tl::unexpected(settings.error()));
}

Answer Adapter::start(Settings settings) {
    if (session_) {
        return support::fail(ErrorKind::Usage, "a script is being debugged already");
    }
    auto program = environment_.load(settings, report("Building"));
    if (!program) {
        return tl::unexpected(program.error());
    }
    if (const auto opened = open(settings, std::move(*program)); !opened) {
        return tl::unexpected(opened.error());
    }
    settings_ = std::move(settings);
    breakpoints_.install(*session_, sources_);
    if (target_->program.debugElf.empty()) {
        say("important", "There is no debug information for this script: instructions, registers and memory only.");
        later("capabilities", {{"capabilities", {{"supportsBreakpointLocationsRequest", false}}}});
    }
    later("process", {{"name", target_->script},
                      {"isLocalProcess", false},
                      {"startMethod", settings_->launch ? "launch" : "attach"}});
    later("thread", {{"reason", "started"}, {"threadId", threadId()}});
    later("initialized");
    return json();
}

support::Result<void> Adapter::open(const Settings& settings, Program program) {
    auto target = environment_.place(settings, std::move(program), report("Deploying"));
    if (!target) {
        return tl::unexpected(target.error());
    }
    session::Options options;
    options.board = target->board.id;
    options.slot = target->slot;
    if (target->program.image) {
        options.image = target->program.image->bytes;
    }
    options.debugElf = target->program.debugElf;
    options.sourceRoot = target->program.folder;
    options.stopOnEntry = settings.stopOnEntry;
    options.take = settings.take;
    options.holdMs = settings.holdSeconds * 1000;
    options.holdAborts = settings.holdAborts;
    auto session = environment_.attach(options);
    if (!session) {
        return tl::unexpected(session.error());
    }
    target_ = std::move(*target);
    session_ = std::move(*session);
    sources_ = Sources(target_->program.folder, session_->sourceFiles());
    ended_.clear();
    code_.clear();
    faulted_ = false;
    return {};
}

/// Reports through the console and, where the client shows it, a progress bar.
Report Adapter::report(const std::string& title) {
    Report report;
    report.stop = stop_;
    report.say = [this](const std::string& text) { say("console", text); };
    report.diagnostic = [this](const support::Diagnostic& one) {
        const char* severity = one.severity == support::Severity::Error     ? "error"
                               : one.severity == support::Severity::Warning ? "warning"
                                                                            : "note";
        json body{{"category", one.severity == support::Severity::Error ? "stderr" : "console"},
                  {"output", fmt::format("{}:{}:{}: {}: {}\n{}", one.range.file, one.range.line, one.range.column,
                                         severity, one.message, one.hint.empty() ? "" : "HINT: " + one.hint + "\n")}};
        if (!one.range.file.empty() && one.range.line != 0) {
            body["source"] = Sources().describe(one.range.file);
            body["line"] = one.range.line;
            body["column"] = one.range.column;
        }
        client_.event("output", std::move(body));
    };
    const std::string id = fmt::format("progress-{}", ++progressCount_);
    report.progress = [this, id, title, began = false](std::size_t done, std::size_t total) mutable {
        const std::size_t percent = total == 0 ? 100 : done * 100 / total;
        if (clientCan_.progress && !began && done < total) {
            began = true;
            client_.progress(id);
            client_.event("progressStart",
                          {{"progressId", id}, {"title", title}, {"cancellable", true}, {"percentage", percent}});
        } else if (began) {
            const bool ends = done >= total;
            json body{{"progressId", id}, {"message", fmt::format("{} of {} bytes", done, total)}};
            if (!ends) {
                body["percentage"] = percent;
            }
            client_.event(ends ? "progressEnd" : "progressUpdate", std::move(body));
            began = !ends;
        }
        static_cast<void>(client_.flush());
    };
    return report;
}

Answer Adapter::configurationDone(const Arguments&) {
    configured_ = true;
    letGo();
    return json();
}

/// The script may run now, as the settings have it.
void Adapter::letGo() {
    const session::Stop& stop = session_->stop();
    if (stop.cause != RBPF_CAUSE_IDLE && settings_->stopOnEntry) {
        tell(stop); // attached in the middle of a run
        return;
    }
    if (const auto resumed = session_->resume(); !resumed) {
        say("important", resumed.error().message);
        tell(stop);
        return;
    }
    if (!settings_->invoke) {
        if (stop.cause == RBPF_CAUSE_IDLE && !target_->howToRun.empty()) {
            say("console", fmt::format("{} waits: {}.", target_->script, target_->howToRun));
        }
        return;
    }
    std::string entry = settings_->entry;
    const auto& image = target_->program.image;
    if (entry.empty() && image && !image->entries.empty()) {
        entry = image->entries.front().name;
    }
    if (entry.empty()) {
        say("important", "Nothing was invoked: the script's entries are not known here.");
        return;
    }
    invocation_ = environment_.invoke(*target_, entry, settings_->context);
}

Answer Adapter::restart(const Arguments& arguments) {
    if (!settings_) {
        return support::fail(ErrorKind::Usage, "nothing was launched or attached to that could start again");
    }
    Settings settings = *settings_;
    if (arguments.has("arguments")) {
        auto changed = readSettings(arguments.object("arguments"), settings.launch);
        if (!changed) {
            return tl::unexpected(changed.error());
        }
        settings = std::move(*changed);
    }
    // A build that fails leaves the session as it is.
    auto program = environment_.load(settings, report("Building"));
    if (!program) {
        return tl::unexpected(program.error());
    }
    closeSession(true);
    if (const auto opened = open(settings, std::move(*program)); !opened) {
        ended_ = opened.error().message;
        later("terminated");
        return tl::unexpected(opened.error());
    }
    settings_ = std::move(settings);
    breakpoints_.install(*session_, sources_);
    tellBreakpointChanges();
    later("continued", {{"threadId", threadId()}, {"allThreadsContinued", true}});
    letGo();
    return json();
}

Answer Adapter::disconnect(const Arguments& arguments) {
    const bool launched = settings_ && settings_->launch;
    closeSession(arguments.flag("terminateDebuggee", launched));
    ended_ = "The debugger has been disconnected.";
    done_ = true;
    return json();
}

Answer Adapter::terminate(const Arguments&) {
    if (session_) {
        closeSession(true);
        announceEnd("The debugging session was ended by its user.");
    }
    return json();
}

void Adapter::announceEnd(const std::string& sentence) {
    ended_ = sentence;
    later("thread", {{"reason", "exited"}, {"threadId", threadId()}});
    later("exited", {{"exitCode", faulted_ ? 1 : 0}});
    later("terminated");
}

void Adapter::closeSession(bool abortRun) {
    forget();
    if (session_) {
        static_cast<void>(session_->detach(abortRun)); // a board that is gone holds nobody
    }
    invocation_.reset();
    breakpoints_.uninstall();
    session_.reset();
    code_.clear();
}

} // namespace rbpf::dap
