// SPDX-License-Identifier: GPL-3.0-or-later
// The breakpoints that the editor wants, whether or not there is a session to have them. The editor replaces a group at
// a time (a file's, all of functions, …); one that stays the same keeps its id and its count of hits.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "debugger/dap/sources.hpp"
#include "debugger/session/session.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::dap {

/// One as asked for, or why it cannot be.
struct WantedBreakpoint {
    session::BreakpointSpec spec;
    std::string problem;
    std::string shownFile; ///< line breakpoints: the editor's path
};

/// "3", ">= 3", "> 3": how many hits pass first.
[[nodiscard]] support::Result<std::uint32_t> parseHitCondition(const std::string& text);

class BreakpointTable {
public:
    /// `session` may be null: then they wait for one. Returns DAP Breakpoints, one for each.
    [[nodiscard]] nlohmann::json replace(const std::string& group, const std::vector<WantedBreakpoint>& wanted,
                                         session::Session* session, const Sources& sources);
    /// Gives all of them to a new session.
    void install(session::Session& session, const Sources& sources);
    /// The session they were in has gone.
    void uninstall();
    /// DAP Breakpoints that are not what the editor was told last.
    [[nodiscard]] std::vector<nlohmann::json> changes(session::Session& session, const Sources& sources);

    struct Hit {
        int id = 0; ///< the editor's
        session::BreakpointSpec spec;
    };
    [[nodiscard]] std::vector<Hit> hits(const std::vector<int>& sessionIds) const;

private:
    struct Held {
        int id = 0;
        WantedBreakpoint wanted;
        int sessionId = 0; ///< 0 = not in a session
        nlohmann::json told;
    };

    static void add(Held& held, session::Session& session, const Sources& sources);
    [[nodiscard]] static nlohmann::json describe(const Held& held, session::Session* session, const Sources& sources);

    std::map<std::string, std::vector<Held>> groups_;
    int lastId_ = 0;
};

} // namespace rbpf::dap
