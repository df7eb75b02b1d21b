// SPDX-License-Identifier: GPL-3.0-or-later
// workspace/executeCommand: the commands of our lenses, for editors that have none of their own for them.
#include <fmt/format.h>

#include "sdk/analyse/report.hpp"
#include "sdk/language/json_fields.hpp"
#include "sdk/language/rpc_errors.hpp"
#include "sdk/language/server.hpp"

namespace rbpf::language {

namespace {

/// MessageType.
constexpr int kError = 1, kInfo = 3;

} // namespace

void Server::execute(const json& id, const json& parameters) {
    const std::string command = text(field(parameters, "command"));
    if (!command.starts_with("rbpf.")) {
        forward(id, "workspace/executeCommand", parameters);
        return;
    }
    const json& arguments = field(parameters, "arguments");
    const std::string named = arguments.is_array() && !arguments.empty() ? text(arguments[0]) : std::string();
    const std::string folder = projectOf(named + "/x");
    if (folder.empty()) {
        respond(id, rpcError(kInvalidParams, command + ": its first argument is a project's folder, with an rbpf.json"));
    } else if (command == "rbpf.deploy" && hooks_.deploy) {
        deploy(id, folder);
    } else if (command == "rbpf.debug") {
        const std::string how = fmt::format("In a terminal: rbpf debug {}. In an editor that speaks the Debug Adapter Protocol: "
                                            "rbpf dap, with \"program\": \"{}\"",
                                            folder, folder);
        show(kInfo, how);
        respond(id, {{"result", how}});
    } else if (command == "rbpf.showCosts") {
        whenChecked(folder, [this, id, folder](const Check*) {
            const Check* good = lastGood(folder);
            const std::string summary = good != nullptr ? analyse::summary(good->built.size) : folder + " does not build yet";
            show(kInfo, summary);
            respond(id, {{"result", good != nullptr ? summary + "\n\n" + analyse::table(good->built.size) : summary}});
        });
    } else {
        respond(id, rpcError(kInvalidParams, command + " is not known here; there are rbpf.deploy, rbpf.debug and rbpf.showCosts"));
    }
}

void Server::deploy(const json& id, const std::string& folder) {
    deploying_.post(folder + id.dump(), [this, id, folder, board = settings_.board](const std::stop_token& stop) -> Worker::After {
        return [this, id, done = hooks_.deploy(folder, board, stop)] {
            if (done) {
                show(kInfo, *done);
                respond(id, {{"result", *done}});
            } else {
                const std::string message = done.error().hint.empty() ? done.error().message : done.error().message + ": " + done.error().hint;
                show(kError, message);
                respond(id, rpcError(kRequestFailed, message));
            }
        };
    });
}

} // namespace rbpf::language
