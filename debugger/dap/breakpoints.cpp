// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dap/breakpoints.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <tuple>

namespace rbpf::dap {

namespace {

using session::BreakpointSpec;
using support::ErrorKind;

bool same(const WantedBreakpoint& left, const WantedBreakpoint& right) {
    const auto fields = [](const BreakpointSpec& s) {
        return std::tie(s.kind, s.file, s.function, s.expression, s.line, s.address, s.size, s.onRead, s.onWrite,
                        s.condition, s.ignore, s.logMessage);
    };
    return left.problem == right.problem && left.shownFile == right.shownFile &&
           fields(left.spec) == fields(right.spec);
}

} // namespace

support::Result<std::uint32_t> parseHitCondition(const std::string& text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits), [](char c) { return c != ' '; });
    const bool above = digits.starts_with('>') && !digits.starts_with(">=");
    digits.erase(0, digits.find_first_not_of(">="));
    std::uint32_t count = 0;
    const auto end = digits.data() + digits.size();
    const auto [stop, code] = std::from_chars(digits.data(), end, count);
    const bool hasSign = text.find_first_of("<!%") != std::string::npos || text.find("==") != std::string::npos;
    if (code != std::errc() || stop != end || hasSign || (count == 0 && !above)) {
        return support::fail(
            ErrorKind::Usage,
            fmt::format("\"{}\" is not a hit count: write 3 or >= 3 to stop from the third hit on", text));
    }
    return above ? count : count - 1;
}

void BreakpointTable::add(Held& held, session::Session& session, const Sources& sources) {
    if (!held.wanted.problem.empty()) {
        return;
    }
    BreakpointSpec spec = held.wanted.spec;
    if (!spec.file.empty()) {
        spec.file = sources.known(spec.file);
    }
    const auto added = session.addBreakpoint(spec);
    if (added) {
        held.sessionId = added->id;
    }
    held.told = added ? nlohmann::json() : nlohmann::json{{"message", added.error().message}};
}

nlohmann::json BreakpointTable::describe(const Held& held, session::Session* session, const Sources& sources) {
    nlohmann::json json{{"id", held.id}, {"verified", false}};
    const BreakpointSpec& spec = held.wanted.spec;
    if (!held.wanted.shownFile.empty()) {
        json["source"] = sources.describe(held.wanted.shownFile);
        json["line"] = spec.line;
    }
    if (!held.wanted.problem.empty()) {
        json["message"] = held.wanted.problem;
        return json;
    }
    if (session == nullptr) {
        json["message"] = "no script is being debugged yet";
        return json;
    }
    const auto all = session->breakpoints();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == held.sessionId; });
    if (held.sessionId == 0 || found == all.end()) {
        json["message"] = held.told.is_object() ? held.told.value("message", "it is gone") : std::string("it is gone");
        return json;
    }
    json["verified"] = found->verified;
    if (!found->message.empty()) {
        json["message"] = found->message;
    }
    if (!found->places.empty() && spec.kind != BreakpointSpec::Kind::Watch) {
        const session::Location& place = found->places.front();
        json["instructionReference"] = fmt::format("{:#x}", place.pc);
        if (place.line != 0) {
            json["line"] = place.line;
            json["source"] = sources.describe(held.wanted.shownFile.empty() ? place.file : held.wanted.shownFile);
        }
    }
    return json;
}

nlohmann::json BreakpointTable::replace(const std::string& group, const std::vector<WantedBreakpoint>& wanted,
                                        session::Session* session, const Sources& sources) {
    std::vector<Held> old = std::move(groups_[group]);
    std::vector<Held> now;
    for (const WantedBreakpoint& one : wanted) {
        const auto kept = std::find_if(old.begin(), old.end(), [&](const Held& held) {
            return same(held.wanted, one) && (held.sessionId != 0 || session == nullptr);
        });
        if (kept != old.end()) {
            now.push_back(std::move(*kept));
            old.erase(kept);
        } else {
            now.push_back({++lastId_, one, 0, {}});
        }
    }
    for (const Held& gone : old) {
        if (session != nullptr && gone.sessionId != 0) {
            static_cast<void>(session->removeBreakpoint(gone.sessionId));
        }
    }
    nlohmann::json result = nlohmann::json::array();
    for (Held& held : now) {
        if (session != nullptr && held.sessionId == 0) {
            add(held, *session, sources);
        }
        nlohmann::json told = describe(held, session, sources);
        result.push_back(told);
        held.told = std::move(told);
    }
    groups_[group] = std::move(now);
    return result;
}

void BreakpointTable::install(session::Session& session, const Sources& sources) {
    for (auto& [group, list] : groups_) {
        for (Held& held : list) {
            const nlohmann::json told = held.told;
            add(held, session, sources);
            if (held.sessionId != 0) {
                held.told = told; // so that changes() finds the difference
            }
        }
    }
}

void BreakpointTable::uninstall() {
    for (auto& [group, list] : groups_) {
        for (Held& held : list) {
            held.sessionId = 0;
        }
    }
}

std::vector<nlohmann::json> BreakpointTable::changes(session::Session& session, const Sources& sources) {
    std::vector<nlohmann::json> result;
    for (auto& [group, list] : groups_) {
        for (Held& held : list) {
            nlohmann::json now = describe(held, &session, sources);
            if (now != held.told) {
                result.push_back(now);
                held.told = std::move(now);
            }
        }
    }
    return result;
}

std::vector<BreakpointTable::Hit> BreakpointTable::hits(const std::vector<int>& sessionIds) const {
    std::vector<Hit> result;
    for (const auto& [group, list] : groups_) {
        for (const Held& held : list) {
            if (held.sessionId != 0 && std::count(sessionIds.begin(), sessionIds.end(), held.sessionId) != 0) {
                result.push_back({held.id, held.wanted.spec});
            }
        }
    }
    return result;
}

} // namespace rbpf::dap
