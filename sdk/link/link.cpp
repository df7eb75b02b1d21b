// SPDX-License-Identifier: GPL-3.0-or-later
// The driver: reads as the list of passes from an object to an image and its debug ELF.
#include "sdk/link/link.hpp"

#include <algorithm>

#include "sdk/link/internal.hpp"

namespace rbpf::linker {

void Link::complain(std::string message, std::string hint, const Function* at) {
    support::Diagnostic diagnostic;
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    if (at != nullptr) {
        diagnostic.range.file = at->file;
        diagnostic.range.line = diagnostic.range.endLine = at->line;
    }
    // One undefined function may be called in many places; the first one is enough.
    const auto& all = output.diagnostics;
    if (std::none_of(all.begin(), all.end(), [&](const auto& other) { return other.message == diagnostic.message; })) {
        output.diagnostics.push_back(std::move(diagnostic));
    }
}

bool Link::hasErrors() const {
    return !output.diagnostics.empty();
}

support::Result<Output> link(const Request& request) {
    support::Result<Object> object = readObject(request.object);
    if (!object) {
        return tl::unexpected<support::Error>(object.error());
    }
    Output output;
    Link link{request, output, std::move(*object), {}, {}, {}, 0, {}, {}, {}};
    if (request.entries.empty()) {
        link.complain("the script has no entry", R"(give a function a trigger, for example SEC("coap/sensor"))");
    }
    for (void (*pass)(Link&) : {drop, layOut, relocate, join, countFrames, pack}) {
        if (!link.hasErrors()) {
            pass(link);
        }
    }
    if (link.hasErrors()) {
        output.image.clear();
        return output;
    }
    output.debugElf = writeDebugElf(link);
    return output;
}

} // namespace rbpf::linker
