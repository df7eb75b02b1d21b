// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/flash/missing_probe.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>

#include "debugger/flash/pyocd_words.hpp"

namespace rbpf::flash {

using support::Error;
using support::ErrorKind;

std::optional<Error> explainMissing(const Pyocd& pyocd, const std::vector<Probe>& listed,
                                    const std::vector<usb::Board>& boards, const std::string& wanted,
                                    const std::function<bool(const std::string& node)>& canOpen) {
    for (const usb::Board& board : boards) {
        const bool isMeant = board.probe.find(wanted) != std::string::npos;
        if (board.kind.probe.empty() || !isMeant || std::ranges::count(listed, board.probe, &Probe::uniqueId) != 0) {
            continue;
        }
        const std::string device = fmt::format("{} of the {}", board.probe.empty() ? board.address : board.probe,
                                               board.kind.name.empty() ? board.board : board.kind.name);
        if (!canOpen(board.device.node)) {
            return noPermission(fmt::format("{} ({})", device, board.device.node));
        }
        if (board.kind.probe == "j-link") {
            return Error{ErrorKind::Board,
                         fmt::format("pyOCD {} does not list the J-Link probe {}", pyocd.version, device),
                         pyocd.generation == Generation::Tools
                             ? "newer releases drive J-Link: `pipx install pyocd`, and SEGGER's J-Link software"
                             : "install SEGGER's J-Link software, through which pyOCD drives it"};
        }
        return Error{ErrorKind::Board, fmt::format("pyOCD {} does not list the probe {}", pyocd.version, device),
                     "unplug it and plug it in again; if it stays, update the probe's own firmware"};
    }
    return std::nullopt;
}

bool mayOpen(const std::string& node) {
    return ::access(node.c_str(), R_OK | W_OK) == 0;
}

} // namespace rbpf::flash
