// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/lsp_hooks.hpp"

#include <chrono>
#include <fmt/format.h>
#include <memory>

#include "debugger/link/deploy.hpp"
#include "ide/cli/board_choice.hpp"
#include "ide/cli/source_places.hpp"
#include "ide/cli/fault_text.hpp"
#include "ide/cli/known_builds.hpp"
#include "ide/cli/size_json.hpp"
#include "sdk/project/build.hpp"

namespace rbpf::cli {

namespace {

using namespace std::chrono_literals;
using support::ErrorKind;
using support::Result;
using Steady = std::chrono::steady_clock;

/// How long what a board has said is believed, and how long it is waited for: somebody is typing.
constexpr auto kFresh = 10s;
constexpr std::chrono::milliseconds kPatience = 500ms;

/// Boards as they have described themselves, asked again from time to time.
class KnownBoards {
public:
    std::optional<language::BoardFacts> facts(const std::string& name) {
        if (name == name_ && Steady::now() < asked_ + kFresh) {
            return facts_;
        }
        name_ = name;
        facts_ = ask(name);
        asked_ = Steady::now();
        return facts_;
    }

private:
    static std::optional<language::BoardFacts> ask(const std::string& name) {
        const auto record = link::findBoard(name);
        // A kind of board may be anybody's device; such a line is opened only if that one is named.
        if (!record || record->serial.empty() || (record->place != link::BoardPlace::Process && record->id != name)) {
            return std::nullopt;
        }
        auto client = connectBoard(*record);
        link::Options options;
        options.deadline = kPatience;
        const auto info = client ? client->info(options) : Result<link::BoardInfo>(tl::unexpected(client.error()));
        if (!info) {
            return std::nullopt;
        }
        return language::BoardFacts{fmt::format("{} (firmware {})", info->board, info->firmware), info->bindings, info->imageBytes,
                                    info->stackBytes, info->budget};
    }

    std::string name_;
    Steady::time_point asked_;
    std::optional<language::BoardFacts> facts_;
};

Result<std::string> deploy(const std::string& folder, const std::string& boardName, const std::stop_token& stop) {
    const auto built = project::build(folder);
    if (!built) {
        return tl::unexpected(built.error());
    }
    if (!built->ok) {
        const std::string first = built->diagnostics.empty() ? "" : ": " + built->diagnostics.front().message;
        return support::fail(ErrorKind::Script, folder + " does not build" + first, "its diagnostics say more");
    }
    const auto opened = openImage(built->project->image());
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    const auto record = findOrStartBoard(boardName, stop);
    if (!record) {
        return tl::unexpected(record.error());
    }
    auto client = connectBoard(*record);
    if (!client) {
        return tl::unexpected(client.error());
    }
    link::DeployOptions options;
    options.stop = stop;
    options.words = deployWords(*opened);
    const auto done = link::deploy(*client, opened->image, options);
    if (!done) {
        return tl::unexpected(done.error());
    }
    rememberBuild(*opened);
    return fmt::format("deployed {} {} ({} B) to {} slot {} in {} ms", opened->image.name, opened->image.version,
                       opened->image.bytes.size(), record->id, done->slot, done->took.count());
}

} // namespace

language::ServerHooks lspHooks() {
    language::ServerHooks hooks;
    hooks.version = RBPF_VERSION;
    hooks.places = placesOf;
    hooks.sizes = sizeJson;
    hooks.board = [boards = std::make_shared<KnownBoards>()](const std::string& name) { return boards->facts(name); };
    hooks.deploy = deploy;
    return hooks;
}

} // namespace rbpf::cli
