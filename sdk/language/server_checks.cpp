// SPDX-License-Identifier: GPL-3.0-or-later
// Projects built in process while somebody types: at most one build at a time, the latest texts only.
#include <algorithm>

#include "sdk/language/json_fields.hpp"
#include "sdk/language/protocol.hpp"
#include "sdk/language/rpc_errors.hpp"
#include "sdk/language/server.hpp"
#include "sdk/language/server_costs.hpp"

namespace rbpf::language {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// A project that a request names: {"folder"}, or by one of its files {"textDocument": {"uri"}}.
std::string folderIn(const json& parameters) {
    const std::string folder = text(field(parameters, "folder"));
    const std::string file = folder.empty() ? pathOf(text(field(field(parameters, "textDocument"), "uri"))) : folder + "/x";
    return projectOf(std::filesystem::path(file).lexically_normal());
}

/// A source of a project, or in a folder that it includes from.
bool isOf(const Check& check, const std::filesystem::path& file) {
    const auto& project = check.built.project;
    return project && (std::ranges::find(project->sources, file) != project->sources.end() ||
                       std::ranges::any_of(project->includeDirs, [&](const std::filesystem::path& folder) {
                           return file.string().starts_with((folder / "").string());
                       }));
}

json noProject() {
    return rpcError(kInvalidParams, "no project: no folder above the file has an rbpf.json (`rbpf new` makes one)");
}

json notBuilt(const std::string& folder) {
    return rpcError(kRequestFailed, folder + " does not build yet: its diagnostics say why");
}

} // namespace

void Server::checkSoon(const std::string& folder, std::chrono::milliseconds pause) {
    forgetGone();
    if (!folder.empty()) {
        checksDue_[folder] = Steady::now() + pause;
    }
}

std::set<std::string> Server::usersOf(const std::string& file) const {
    std::set<std::string> users{projectOf(file)};
    for (const auto& [folder, check] : checks_) {
        if (isOf(*check, file)) {
            users.insert(folder);
        }
    }
    return users;
}

void Server::checkUsersOf(const std::string& file, std::chrono::milliseconds pause) {
    for (const std::string& folder : usersOf(file)) {
        checkSoon(folder, pause);
    }
}

void Server::forgetGone() {
    std::erase_if(checks_, [this](const auto& known) {
        const std::string& folder = known.first;
        const bool isGone = projectOf(folder + "/x") != folder;
        if (isGone) {
            findings_.setOurs(folder, {}, {});
            goodChecks_.erase(folder);
        }
        return isGone;
    });
}

void Server::startChecks() {
    const auto now = Steady::now();
    for (auto one = checksDue_.begin(); one != checksDue_.end();) {
        if (one->second <= now) {
            startCheck(one->first);
            one = checksDue_.erase(one);
        } else {
            ++one;
        }
    }
}

void Server::startCheck(const std::string& folder) {
    CheckRequest request{folder, {}, {}, settings_.board};
    for (const auto& [file, text] : texts_.all()) {
        if (!text.file.empty()) {
            request.unsaved[file] = text.text;
            request.edits[file] = text.edits.size();
        }
    }
    const std::uint64_t number = checksAsked_[folder] = ++lastCheck_;
    checking_.post(folder, [this, number, request = std::move(request)](const std::stop_token&) -> Worker::After {
        return [this, number, done = check(request, hooks_)] { takeCheck(done, number); };
    });
}

void Server::takeCheck(const std::shared_ptr<const Check>& check, std::uint64_t number) {
    const std::string& folder = check->request.folder;
    if (const auto asked = checksAsked_.find(folder); asked != checksAsked_.end() && asked->second == number) {
        checksAsked_.erase(asked);
    }
    checks_[folder] = check;
    if (check->ok) {
        goodChecks_[folder] = check;
    }
    findings_.setOurs(folder, check->diagnostics, check->request.edits);
    if (const auto waiting = waiting_.extract(folder)) {
        for (const auto& then : waiting.mapped()) {
            then(check.get());
        }
    }
    notify("rbpf/costsChanged", {{"folder", folder}, {"ok", check->ok}});
    refreshCosts(check->ok && settings_.codeLens, check->ok && settings_.inlayCosts);
    forgetGone();
}

void Server::refreshCosts(bool lenses, bool inlays) {
    if (abilities_.refreshesLenses && lenses) {
        ask("workspace/codeLens/refresh");
    }
    if (abilities_.refreshesInlays && inlays) {
        ask("workspace/inlayHint/refresh");
    }
}

void Server::whenChecked(const std::string& folder, std::function<void(const Check*)> then) {
    const bool isToCome = checksDue_.contains(folder) || checksAsked_.contains(folder);
    if (const auto known = checks_.find(folder); known != checks_.end() && (goodChecks_.contains(folder) || !isToCome)) {
        then(known->second.get());
        return;
    }
    waiting_[folder].push_back(std::move(then));
    if (!isToCome) {
        checkSoon(folder, 0ms);
    }
}

const Check* Server::lastGood(const std::string& folder) const {
    const auto known = goodChecks_.find(folder);
    return known != goodChecks_.end() ? known->second.get() : nullptr;
}

void Server::lenses(const json& id, const json& parameters) {
    const Text* open = texts_.of(parameters);
    const std::string folder = open != nullptr ? projectOf(open->file) : std::string();
    if (folder.empty() || !settings_.codeLens) {
        respond(id, {{"result", json::array()}});
        return;
    }
    whenChecked(folder, [this, id, parameters, folder](const Check*) {
        const Text* text = texts_.of(parameters);
        const Check* good = lastGood(folder);
        respond(id, {{"result", text != nullptr && good != nullptr ? lensesOf(*good, *text, abilities_.encoding) : json::array()}});
    });
}

void Server::costs(const json& id, const json& parameters) {
    const std::string folder = folderIn(parameters);
    if (folder.empty() || !hooks_.sizes) {
        respond(id, noProject());
        return;
    }
    whenChecked(folder, [this, id, folder](const Check* last) {
        const Check* good = lastGood(folder);
        respond(id, good == nullptr ? notBuilt(folder)
                                    : json{{"result", {{"folder", folder}, {"ok", last->ok}, {"size", hooks_.sizes(good->built.size)}}}});
    });
}

void Server::disassembly(const json& id, const json& parameters) {
    const std::string folder = folderIn(parameters);
    if (folder.empty()) {
        respond(id, noProject());
        return;
    }
    whenChecked(folder, [this, id, folder](const Check*) {
        const Check* good = lastGood(folder);
        respond(id, good == nullptr ? notBuilt(folder)
                                    : json{{"result", {{"folder", folder}, {"languageId", "rbpf-disassembly"}, {"text", disassemblyOf(*good)}}}});
    });
}

} // namespace rbpf::language
