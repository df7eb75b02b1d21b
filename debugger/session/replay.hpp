// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as a regression test: its inputs are run through a build of the script, and what comes out is compared
// with what came out when it was recorded.
//
// The image of the recording itself must agree exactly. Another build may lie differently in memory: entries are
// matched by name, else by trigger; binding calls get the recorded answers in call order, binding by binding; what a
// call wrote goes to where the argument points now. Bindings that only compute (memcpy, strlen, fmt_…) are executed
// instead.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "debugger/session/history.hpp"

namespace rbpf::session {

struct ReplayedRun {
    std::uint32_t run = 0;
    std::string entry;
    std::string skipped; ///< why this run could not be replayed, or ""
    std::uint64_t instructionsBefore = 0, instructionsAfter = 0;
    std::vector<std::string> differences; ///< in what the script does, in words
};

struct Replay {
    bool sameImage = false;
    std::vector<ReplayedRun> runs;
    std::vector<std::string> notes; ///< what limits the comparison
    [[nodiscard]] bool behavesDifferently() const;
    [[nodiscard]] bool countsDiffer() const;
    [[nodiscard]] std::size_t replayed() const;
};

/// `image` empty: the recording's own.
[[nodiscard]] support::Result<Replay> replay(History& history, std::vector<std::uint8_t> image = {});

/// "run 1 main: 120 instructions, 118 with this build (-2, -1.7 %)", …, and a last line that sums up.
[[nodiscard]] std::string replayText(const Replay& replay);

} // namespace rbpf::session
