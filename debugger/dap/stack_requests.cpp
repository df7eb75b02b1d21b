// SPDX-License-Identifier: GPL-3.0-or-later
// The call stack, what there is to unfold in a frame, and the text of its files.
#include <algorithm>
#include <fmt/format.h>

#include "debugger/dap/adapter.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::dap {

using nlohmann::json;
using support::ErrorKind;

/// A container is a thread.
Answer Adapter::threads(const Arguments&) {
    json list = json::array();
    if (session_) {
        list.push_back({{"id", threadId()}, {"name", target_->script}});
    }
    return json{{"threads", std::move(list)}};
}

Answer Adapter::stackTrace(const Arguments& arguments) {
    const auto frames = session_->frames();
    if (!frames) {
        return tl::unexpected(frames.error());
    }
    const auto total = static_cast<std::int64_t>(frames->size());
    const std::int64_t first = std::clamp<std::int64_t>(arguments.number("startFrame", 0), 0, total);
    const std::int64_t levels = arguments.number("levels", 0);
    const std::int64_t last = levels <= 0 || levels > total - first ? total : first + levels;
    json list = json::array();
    for (std::int64_t i = first; i < last; ++i) {
        const session::Frame& frame = (*frames)[static_cast<std::size_t>(i)];
        const session::Location& place = frame.location;
        json one{{"id", frameBase_ + frame.level},
                 {"name", (place.function.empty() ? fmt::format("{:#x}", place.pc) : place.function) +
                              (frame.inlined ? " (inlined)" : "")},
                 {"line", place.line},
                 {"column", place.line == 0 ? 0 : std::max(place.column, 1u)},
                 {"instructionPointerReference", fmt::format("{:#x}", place.pc)}};
        if (place.line != 0 && !place.file.empty()) {
            one["source"] = sources_.describe(place.file);
        } else {
            one["presentationHint"] = "subtle";
        }
        list.push_back(std::move(one));
    }
    return json{{"stackFrames", std::move(list)}, {"totalFrames", total}};
}

support::Result<int> Adapter::levelOf(const Arguments& arguments) const {
    const auto frame = arguments.number("frameId");
    if (!frame) {
        return 0;
    }
    const auto frames = session_->frames();
    const std::int64_t level = *frame - frameBase_;
    if (level < 0 || (frames && level >= static_cast<std::int64_t>(frames->size()))) {
        return support::fail(ErrorKind::Usage, "this frame belongs to an earlier stop of the script");
    }
    return static_cast<int>(level);
}

Answer Adapter::scopes(const Arguments& arguments) {
    const auto level = levelOf(arguments);
    if (!level) {
        return tl::unexpected(level.error());
    }
    const auto scope = [&](const char* name, Node::Kind kind, const char* hint, bool expensive) {
        Node node;
        node.kind = kind;
        node.level = *level;
        json one{{"name", name}, {"variablesReference", addNode(std::move(node))}, {"expensive", expensive}};
        if (*hint != '\0') {
            one["presentationHint"] = hint;
        }
        return one;
    };
    return json{{"scopes",
                 {scope("Locals", Node::Kind::Locals, "locals", false), scope("Globals", Node::Kind::Globals, "", true),
                  scope("Registers", Node::Kind::Registers, "registers", true),
                  scope("Regions", Node::Kind::Regions, "", true)}}};
}

Answer Adapter::source(const Arguments& arguments) {
    const Arguments source = arguments.object("source");
    const std::string path = source.text("path", source.text("name"));
    // Only what the script was made of: an editor of somebody else's machine has no business with other files.
    if (path.empty() || !sources_.contains(path)) {
        return support::fail(ErrorKind::Usage, fmt::format("\"{}\" is no source file of this script", path));
    }
    const auto text = support::readText(sources_.absolute(sources_.known(path)));
    if (!text) {
        return tl::unexpected(text.error());
    }
    return json{{"content", *text}, {"mimeType", "text/x-c"}};
}

Answer Adapter::loadedSources(const Arguments&) {
    json list = json::array();
    for (const std::string& file : sources_.files()) {
        list.push_back(sources_.describe(file));
    }
    return json{{"sources", std::move(list)}};
}

} // namespace rbpf::dap
