// SPDX-License-Identifier: GPL-3.0-or-later
// Expressions: watch, hover, debug console, clipboard; and the debugger's own words in the console.
#include <algorithm>
#include <fmt/format.h>
#include <sstream>

#include "debugger/dap/adapter.hpp"
#include "debugger/session/who_wrote.hpp"

namespace rbpf::dap {

namespace {

using nlohmann::json;
using support::ErrorKind;
using support::Result;

json text(std::string result) {
    return {{"result", std::move(result)}, {"variablesReference", 0}};
}

json asResult(json shown) {
    shown["result"] = std::move(shown["value"]);
    shown.erase("value");
    return shown;
}

Answer who(session::Session& session, const std::string& what, int level) {
    const auto found = session::whoWrote(session, what, level);
    if (!found) {
        return tl::unexpected(found.error());
    }
    if (!*found) {
        return text(fmt::format("{}: nothing in the recorded history wrote it", what));
    }
    const session::Writer& writer = **found;
    const session::Location& place = writer.location;
    return text(fmt::format("{}: {:#x} -> {:#x} by `{}` at {:#x}{} (goto {} {})", what, writer.before, writer.after,
                            writer.text, place.pc,
                            place.line == 0 ? "" : fmt::format(", {}:{}", place.file, place.line), writer.position.run,
                            writer.position.step));
}

Answer timeline(session::Session& session) {
    const auto items = session.timeline();
    if (!items) {
        return tl::unexpected(items.error());
    }
    std::string lines;
    for (const session::TimelineItem& item : *items) {
        lines += fmt::format("{:>3} {:>8}  {}{}\n", item.position.run, item.position.step, item.text,
                             item.outside ? "  (not undone by going back)" : "");
    }
    return text(lines.empty() ? "nothing has run yet" : lines);
}

} // namespace

std::optional<Answer> Adapter::consoleWord(const std::string& line, int level) {
    std::istringstream words(line);
    std::string word;
    std::string rest;
    words >> word;
    std::getline(words >> std::ws, rest);
    if (word == "who" && !rest.empty()) {
        return who(*session_, rest, level);
    }
    if (word == "timeline" && rest.empty()) {
        return timeline(*session_);
    }
    if (word == "explain" && rest.empty()) {
        const auto story = session_->explain();
        return story ? Answer(text(*story)) : tl::unexpected(story.error());
    }
    if (word == "save" && !rest.empty() && rest.front() != '=') {
        const auto path = sources_.absolute(rest);
        const auto saved = session_->save(path);
        return saved ? Answer(text("saved " + path.string())) : tl::unexpected(saved.error());
    }
    if (word == "goto" && !rest.empty()) {
        session::Position position{0, 0, rest == "live"};
        if (!position.live && std::sscanf(rest.c_str(), "%u %lu", &position.run, &position.step) != 2) {
            return support::fail(ErrorKind::Usage, "goto takes a run and a step (goto 1 117), or \"live\"");
        }
        const auto travelled = session_->travel(position);
        return travelled ? Answer(text("")) : tl::unexpected(travelled.error());
    }
    return std::nullopt;
}

Answer Adapter::evaluate(const Arguments& arguments) {
    const auto level = levelOf(arguments);
    if (!level) {
        return tl::unexpected(level.error());
    }
    const std::string expression = arguments.text("expression");
    const std::string context = arguments.text("context");
    const bool isConsole = context == "repl";
    if (isConsole) {
        if (auto answer = consoleWord(expression, *level)) {
            return *answer;
        }
    }
    const auto value = session_->evaluate(expression, *level, isConsole);
    if (!value) {
        return tl::unexpected(value.error());
    }
    if (isConsole && expression.find('=') != std::string::npos) {
        changed(value->address(), value->bytes.size());
    }
    return asResult(showValue(*value, "(" + expression + ")", *level, arguments.object("format").flag("hex"),
                              context == "clipboard"));
}

Answer Adapter::setExpression(const Arguments& arguments) {
    const auto level = levelOf(arguments);
    if (!level) {
        return tl::unexpected(level.error());
    }
    const std::string expression = arguments.text("expression");
    const auto old = session_->evaluate(expression, *level, false);
    if (!old) {
        return tl::unexpected(old.error());
    }
    const auto set = assign(*old, expression, arguments.text("value"), *level);
    if (!set) {
        return tl::unexpected(set.error());
    }
    changed(set->address(), set->bytes.size());
    return showValue(*set, expression, *level, arguments.object("format").flag("hex"));
}

Answer Adapter::completions(const Arguments& arguments) {
    const auto level = levelOf(arguments);
    if (!level) {
        return tl::unexpected(level.error());
    }
    const std::string whole = arguments.text("text");
    // The column counts from 1 and stands behind the last character typed.
    const std::int64_t column =
        std::clamp<std::int64_t>(arguments.number("column", 1) - 1, 0, static_cast<std::int64_t>(whole.size()));
    const std::string typed = whole.substr(0, static_cast<std::size_t>(column));
    const auto isWord = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; };
    std::size_t begin = typed.size();
    while (begin > 0 && isWord(typed[begin - 1])) {
        --begin;
    }
    json targets = json::array();
    for (const std::string& completion : session_->complete(typed, *level)) {
        // Candidates may repeat what stands before the word that they complete.
        const std::string label =
            completion.size() > begin && begin > 0 && completion.starts_with(typed.substr(0, begin))
                ? completion.substr(begin)
                : completion;
        targets.push_back({{"label", label}, {"start", begin}, {"length", typed.size() - begin}});
    }
    return json{{"targets", std::move(targets)}};
}

} // namespace rbpf::dap
