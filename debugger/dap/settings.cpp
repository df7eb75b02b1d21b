// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dap/settings.hpp"

#include <fmt/format.h>

#include "sdk/support/text.hpp"

namespace rbpf::dap {

using support::ErrorKind;

support::Result<Settings> readSettings(const Arguments& arguments, bool launch) {
    namespace fs = std::filesystem;
    Settings settings;
    settings.launch = launch;
    std::error_code code;
    const fs::path cwd = arguments.has("cwd") ? fs::path(arguments.text("cwd")) : fs::current_path(code);
    if (arguments.has("program") && arguments.text("program").empty()) {
        return support::fail(ErrorKind::Usage, "\"program\" is not the path of a project's folder or of an image");
    }
    if (launch || arguments.has("program")) {
        settings.program = (cwd / arguments.text("program", ".")).lexically_normal();
        if (!settings.program.has_filename()) {
            settings.program = settings.program.parent_path(); // "demo/" is "demo"
        }
    }
    const std::string port = arguments.text("port");
    settings.board = arguments.text("board", port == "auto" ? "" : port);
    if (arguments.has("slot")) {
        const auto slot = arguments.number("slot");
        if (!slot || *slot < 0 || *slot > 255) {
            return support::fail(ErrorKind::Usage, "\"slot\" is not the number of a slot");
        }
        settings.slot = static_cast<std::uint32_t>(*slot);
    }
    if (arguments.has("hold")) {
        const auto seconds = arguments.number("hold");
        if (!seconds || *seconds < 1 || *seconds > 86400) {
            return support::fail(ErrorKind::Usage, "\"hold\" is not a number of seconds from 1 to 86400");
        }
        settings.holdSeconds = static_cast<std::uint32_t>(*seconds);
    }
    if (arguments.has("context")) {
        const auto bytes = support::fromHex(arguments.text("context", "?"));
        if (!bytes) {
            return support::fail(ErrorKind::Usage, "\"context\" is not a string of bytes in hexadecimal digits");
        }
        settings.context = *bytes;
    }
    settings.stopOnEntry = arguments.flag("stopOnEntry");
    settings.deployOnStart = arguments.flag("deployOnStart", true);
    settings.take = arguments.flag("take");
    settings.holdAborts = arguments.flag("holdAborts");
    settings.entry = arguments.text("invoke");
    settings.invoke = arguments.flag("invoke") || !settings.entry.empty();
    return settings;
}

} // namespace rbpf::dap
