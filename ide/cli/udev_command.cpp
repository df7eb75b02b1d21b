// SPDX-License-Identifier: GPL-3.0-or-later
// udev show, udev install: who may open boards
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "debugger/transport/port_access.hpp"
#include "debugger/transport/usb/udev_rules.hpp"
#include "ide/cli/registry.hpp"
#include "sdk/support/files.hpp"
#include "sdk/support/process.hpp"

namespace rbpf::cli {

namespace {

using support::ErrorKind;

usb::BoardTable tableFor(const Console& console) {
    usb::BoardTable table = usb::loadBoardTable();
    if (table.problem) {
        console.warn(table.problem->message + "; its boards are left out", table.problem->hint);
    }
    return table;
}

int show(Console& console) {
    console.print(usb::udevRules(tableFor(console)));
    return kFine;
}

/// Has udev read its rules again and apply them to what is plugged in. An Error (kind Io) names what failed.
support::Result<void> tellUdev() {
    const std::vector<std::vector<std::string>> commands = {
        {"udevadm", "control", "--reload"},
        {"udevadm", "trigger", "--action=add", "--subsystem-match=usb", "--subsystem-match=tty",
         "--subsystem-match=hidraw"},
    };
    for (const auto& arguments : commands) {
        const auto end = support::runProcess({arguments, {}});
        if (!end) {
            return tl::unexpected(end.error());
        }
        if (end->exitCode != 0) {
            return support::fail(ErrorKind::Io, fmt::format("udevadm {} failed: {}", arguments[1], end->err));
        }
    }
    return {};
}

int install(Console& console, const std::string& to) {
    const std::string file = to.empty() ? transport::kUdevRules : to;
    if (to.empty() && ::geteuid() != 0) {
        return console.fail({ErrorKind::Usage, fmt::format("only root may write {}", file),
                             fmt::format("run `sudo {} udev install`", (support::programFolder() / "rbpf").string())});
    }
    if (auto written = support::writeAtomically(file, usb::udevRules(tableFor(console))); !written) {
        return console.fail(written.error());
    }
    ::chmod(file.c_str(), 0644);
    if (to.empty()) {
        if (const auto told = tellUdev(); !told) {
            console.warn(told.error().message, "the rules hold from the next start of the machine on");
        }
    }
    if (console.json) {
        console.printJson({{"file", file}});
    } else {
        console.print(fmt::format("wrote {}; plug your boards in again\n", file));
    }
    return kFine;
}

} // namespace

void addUdevCommand(Registry& registry) {
    CLI::App* udev = registry.add("udev", "Let yourself open boards: udev rules for all that `rbpf boards` knows",
                                  "sudo rbpf udev install");
    udev->require_subcommand(1);
    CLI::App* showing = registry.add("show", "Print the rules", "rbpf udev show", udev);
    registry.run(showing, show);

    const auto to = std::make_shared<std::string>();
    CLI::App* installing =
        registry.add("install", fmt::format("Write the rules to {} and apply them (as root)", transport::kUdevRules),
                     "sudo rbpf udev install", udev);
    installing->add_option("--to", *to, "Write them to this file instead, and leave udev alone")->type_name("FILE");
    registry.json(installing);
    registry.run(installing, [to](Console& console) { return install(console, *to); });
}

} // namespace rbpf::cli
