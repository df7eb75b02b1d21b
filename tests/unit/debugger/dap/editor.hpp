// SPDX-License-Identifier: GPL-3.0-or-later
// An editor on a socket pair, an adapter at its other end, and a script that plays what a test wrote down.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "debugger/dap/adapter.hpp"
#include "debugger/transport/fd.hpp"
#include "tests/unit/ide/cli/debug_scripted_session.hpp"

namespace rbpf::dap::test {

using cli::debug::ScriptedSession;
using nlohmann::json;

/// A board that takes everything; `attach` gives out `prepared`.
class FakeEnvironment : public Environment {
public:
    support::Result<Program> load(const Settings&, const Report&) override {
        return loadError ? support::Result<Program>(tl::unexpected(*loadError)) : Program{};
    }
    support::Result<Target> place(const Settings&, Program program, const Report& report) override {
        report.progress(0, 100);
        if (transferring) {
            transferring(report.stop);
        }
        report.progress(100, 100);
        if (report.stop.stop_requested()) {
            return support::fail(support::ErrorKind::Cancelled, "the transfer was cancelled");
        }
        link::BoardRecord board;
        board.id = "board";
        board.board = "native";
        return Target{std::move(board), 2, "demo", std::move(program), ""};
    }
    support::Result<std::unique_ptr<session::Session>> attach(const session::Options& options) override {
        options_ = options;
        auto made = std::make_unique<ScriptedSession>();
        made->now.cause = RBPF_CAUSE_IDLE;
        session = made.get();
        ++attached;
        return std::unique_ptr<session::Session>(std::move(made));
    }
    std::unique_ptr<Invocation> invoke(const Target&, const std::string& entry,
                                       const std::vector<std::uint8_t>&) override {
        invoked.push_back(entry);
        return nullptr;
    }

    std::optional<support::Error> loadError;
    std::function<void(std::stop_token)> transferring; ///< called in the middle of a deploy
    ScriptedSession* session = nullptr;                ///< the one given out last
    int attached = 0;
    session::Options options_;
    std::vector<std::string> invoked;
};

class Editor {
public:
    Editor();

    /// Sends a request, lets the adapter answer; the response. Events met on the way are kept.
    json ask(const std::string& command, const json& arguments = json::object());
    /// The response's body; fails the test if it was refused.
    json body(const std::string& command, const json& arguments = json::object());
    /// The next event of that name; null if there is none.
    json event(const std::string& name);
    void send(const std::string& bytes) const;
    [[nodiscard]] std::vector<json> receive();
    /// initialize, launch, configurationDone.
    void launch(const json& arguments = json::object());
    /// The script stops; its event.
    json stopAt(unsigned line, rbpf_cause_t cause = RBPF_CAUSE_BREAKPOINT, std::vector<int> breakpoints = {});

    FakeEnvironment environment;
    transport::Fd near, far;
    std::unique_ptr<Client> client;
    std::unique_ptr<Adapter> adapter;
    std::vector<json> events;
    int seq = 0;

private:
    support::MessageReader reader_;
};

} // namespace rbpf::dap::test
