// SPDX-License-Identifier: GPL-3.0-or-later
// What stops the script: breakpoints, watchpoints, bindings, store keys.
#include <algorithm>
#include <fmt/format.h>
#include <sstream>
#include <vector>

#include "ide/cli/debug_break_spec.hpp"
#include "ide/cli/debug_commands.hpp"
#include "ide/cli/debug_shell.hpp"
#include "ide/cli/debug_text.hpp"
#include "sdk/image/bindings.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::cli::debug {

namespace {

using session::BreakpointSpec;
using support::ErrorKind;
using support::Result;
using Kind = BreakpointSpec::Kind;

Here hereOf(Shell& shell) {
    const Shell::ListPlace& place = shell.listPlace();
    Here here{place.file, place.current, 0};
    if (!shell.session().running()) {
        if (const auto frame = shell.frame()) {
            here.pc = frame->location.pc;
        }
    }
    if (here.file.empty()) {
        // Before the first stop there is no current file; a script of one file needs none.
        const auto files = shell.session().sourceFiles();
        here.file = files.size() == 1 ? files.front() : "";
    }
    return here;
}

Result<void> add(Shell& shell, const BreakpointSpec& spec) {
    Result<session::Breakpoint> added;
    const auto set = [&]() -> Result<void> {
        added = shell.session().addBreakpoint(spec);
        return added ? Result<void>() : tl::unexpected(added.error());
    };
    // What an expression names is found while the script stands still.
    if (auto done = spec.expression.empty() ? set() : shell.whileHalted(set); !done) {
        return done;
    }
    const bool isPlace = spec.kind == Kind::Line || spec.kind == Kind::Function;
    if (!added->verified && (isPlace || spec.kind == Kind::Instruction)) { // the build is settled: it never will be
        (void)shell.session().removeBreakpoint(added->id);
        return support::fail(ErrorKind::Usage, added->message.empty() ? "there is no code" : added->message,
                             "`list` shows the source, `info files` the files");
    }
    const char* what = spec.kind == Kind::Watch ? "Watchpoint" : "Breakpoint";
    std::string text = fmt::format("{} {}: {}", what, added->id,
                                   isPlace && !added->places.empty() ? placeText(shell.sources(), added->places.front())
                                                                     : specText(shell.sources(), added->spec));
    if (added->places.size() > 1) {
        text += fmt::format(" and {} more", counted(added->places.size() - 1, "place"));
    }
    text += added->verified ? "" : ", not set";
    text += added->message.empty() ? ".\n" : fmt::format(" ({}).\n", added->message);
    shell.print(text);
    return {};
}

Result<void> addAt(Shell& shell, const std::string& arguments, bool temporary) {
    auto spec = parseBreakpoint(arguments, hereOf(shell));
    if (!spec) {
        return tl::unexpected(spec.error());
    }
    spec->temporary = temporary;
    return add(shell, *spec);
}

Result<void> addWatch(Shell& shell, const std::string& arguments, bool onRead, bool onWrite) {
    auto spec = parseWatch(arguments);
    if (!spec) {
        return tl::unexpected(spec.error());
    }
    spec->onRead = onRead;
    spec->onWrite = onWrite;
    return add(shell, *spec);
}

Result<std::uint32_t> bindingId(const std::string& name) {
    if (name.empty()) {
        return 0;
    }
    std::vector<std::string_view> names;
    for (const image::Binding& binding : image::bindings()) {
        if (binding.name == name || binding.name.substr(4) == name) {
            return binding.id;
        }
        names.push_back(binding.name);
    }
    if (const auto number = parseNumber(name); number && *number > 0 && *number <= UINT32_MAX) {
        return static_cast<std::uint32_t>(*number);
    }
    const auto meant = support::closest(name, names);
    return support::fail(ErrorKind::Usage, "there is no binding \"" + name + "\"",
                         meant ? fmt::format("did you mean \"{}\"?", *meant) : "bindings begin with bpf_");
}

/// The ids in the arguments, or all there are.
Result<std::vector<int>> ids(Shell& shell, const std::string& arguments) {
    const auto all = shell.session().breakpoints();
    std::vector<int> list;
    std::istringstream words(arguments);
    for (std::string word; words >> word;) {
        const auto number = parseNumber(word);
        const bool exists = number && std::ranges::any_of(all, [&](const session::Breakpoint& one) {
                                return static_cast<std::uint64_t>(one.id) == *number;
                            });
        if (!exists) {
            return support::fail(ErrorKind::Usage, "there is no breakpoint \"" + word + "\"",
                                 "`info breakpoints` lists them");
        }
        list.push_back(static_cast<int>(*number));
    }
    if (arguments.empty()) {
        for (const session::Breakpoint& one : all) {
            list.push_back(one.id);
        }
    }
    return list;
}

template <typename Action>
Result<void> forEach(Shell& shell, const std::string& arguments, const char* done, Action&& action) {
    const auto list = ids(shell, arguments);
    if (!list) {
        return tl::unexpected(list.error());
    }
    for (const int id : *list) {
        if (auto one = action(id); !one) {
            return one;
        }
    }
    shell.print(list->empty() ? "There are no breakpoints.\n"
                              : fmt::format("{} {}.\n", counted(list->size(), "breakpoint"), done));
    return {};
}

Result<void> listBreakpoints(Shell& shell, const std::string&) {
    const auto all = shell.session().breakpoints();
    if (all.empty()) {
        shell.print("There are no breakpoints; `break` sets one.\n");
    }
    for (const session::Breakpoint& one : all) {
        shell.print(breakpointText(shell.sources(), one));
    }
    return {};
}

Result<void> listFiles(Shell& shell, const std::string&) {
    const auto files = shell.session().sourceFiles();
    if (files.empty()) {
        shell.print("There is no debug information: the script can be followed by instruction only.\n");
    }
    for (const std::string& file : files) {
        shell.print("  " + shell.sources().place(file, 0) + "\n");
    }
    return {};
}

} // namespace

Result<void> doBreak(Shell& shell, const std::string& arguments) {
    return addAt(shell, arguments, false);
}

Result<void> doTemporaryBreak(Shell& shell, const std::string& arguments) {
    return addAt(shell, arguments, true);
}

Result<void> doWatch(Shell& shell, const std::string& arguments) {
    return addWatch(shell, arguments, false, true);
}

Result<void> doReadWatch(Shell& shell, const std::string& arguments) {
    return addWatch(shell, arguments, true, false);
}

Result<void> doAccessWatch(Shell& shell, const std::string& arguments) {
    return addWatch(shell, arguments, true, true);
}

Result<void> doStoreBreak(Shell& shell, const std::string& arguments) {
    const auto key = parseNumber(arguments);
    if (!key || *key > UINT32_MAX) {
        return support::fail(ErrorKind::Usage, "expected a store's key, found \"" + arguments + "\"", "store-break 7");
    }
    BreakpointSpec spec;
    spec.kind = Kind::Store;
    spec.address = static_cast<std::uint32_t>(*key);
    return add(shell, spec);
}

Result<void> doOn(Shell& shell, const std::string& arguments) {
    const Words words = splitCommand(arguments);
    BreakpointSpec spec;
    if (words.command == "entry" || words.command == "exit") {
        spec.kind = words.command == "entry" ? Kind::Entry : Kind::Exit;
        return add(shell, spec);
    }
    if (words.command != "binding") {
        return support::fail(ErrorKind::Usage, "on what?", "on binding NAME, on binding, on entry or on exit");
    }
    const auto id = bindingId(words.arguments);
    if (!id) {
        return tl::unexpected(id.error());
    }
    spec.kind = Kind::Binding;
    spec.address = *id;
    return add(shell, spec);
}

Result<void> doDelete(Shell& shell, const std::string& arguments) {
    return forEach(shell, arguments, "removed", [&](int id) { return shell.session().removeBreakpoint(id); });
}

Result<void> doEnable(Shell& shell, const std::string& arguments) {
    return forEach(shell, arguments, "switched on", [&](int id) { return shell.session().enableBreakpoint(id, true); });
}

Result<void> doDisable(Shell& shell, const std::string& arguments) {
    return forEach(shell, arguments, "switched off",
                   [&](int id) { return shell.session().enableBreakpoint(id, false); });
}

Result<void> doInfo(Shell& shell, const std::string& arguments) {
    struct Topic {
        std::string_view name;
        bool stopped;
        Result<void> (*show)(Shell&, const std::string&);
    };
    static constexpr Topic kTopics[] = {{"breakpoints", false, listBreakpoints},
                                        {"watchpoints", false, listBreakpoints},
                                        {"locals", true, doLocals},
                                        {"registers", true, doRegisters},
                                        {"regions", true, doRegions},
                                        {"frames", true, doFrames},
                                        {"files", false, listFiles}};
    for (const Topic& topic : kTopics) {
        if (!arguments.empty() && topic.name.starts_with(arguments)) {
            if (topic.stopped && shell.session().running()) {
                return support::fail(ErrorKind::Usage, "the script runs", "Ctrl-C or `interrupt` halts it");
            }
            return topic.show(shell, {});
        }
    }
    return support::fail(ErrorKind::Usage, "info on what?",
                         "info breakpoints, locals, registers, regions, frames or files");
}

} // namespace rbpf::cli::debug
