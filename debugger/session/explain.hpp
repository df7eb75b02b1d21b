// SPDX-License-Identifier: GPL-3.0-or-later
// Why a script stopped, as a story: what, where in C and in bytecode, which address and by how much it missed, what the
// registers held, what to do. For every place that shows faults, with or without a debugger.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <rbpf/debug.h>

#include "debugger/rsp/packets.hpp"
#include "debugger/session/program.hpp"

namespace rbpf::session {

/// A loop of the text and how often it went round.
struct Loop {
    std::uint32_t from = 0, to = 0; ///< text, half open
    std::uint64_t rounds = 0;
    std::uint64_t instructions = 0; ///< executed inside of it
};

/// What is known of a stop. Registers as they were at the instruction that faulted.
struct Scene {
    rbpf_cause_t cause = RBPF_CAUSE_FAULT; ///< FAULT or BUDGET
    int status = 0;                        ///< rbpf_status_t of a fault
    std::uint32_t detail = 0;              ///< effective address, binding id
    std::uint32_t pc = 0;
    std::uint64_t instructions = 0;
    std::optional<rsp::Registers> registers;
    std::vector<rsp::RegionInfo> regions; ///< empty: not known
    std::optional<Loop> hottest;          ///< of the run, with a spent budget
    std::filesystem::path sourceRoot;     ///< relative source names are below it
};

/// One sentence: "the script read 2 bytes right behind data (at sensor.c:12)".
[[nodiscard]] std::string explainShort(const Program& program, const Scene& scene);
/// The whole of it in parts.
[[nodiscard]] Story storyOf(const Program& program, const Scene& scene);
/// Several lines, the last one without its end.
[[nodiscard]] std::string textOf(const Story& story);
[[nodiscard]] inline std::string explain(const Program& program, const Scene& scene) {
    return textOf(storyOf(program, scene));
}

/// "stack", "data", "granted 5", …
[[nodiscard]] std::string regionName(int index);

/// Counts back jumps; feed it every pc of a run in order, then ask. Calls of functions do not disturb it.
class LoopCounter {
public:
    explicit LoopCounter(const Program& program) : counts_(program.image().textBytes / 8) {}
    void executed(std::uint32_t pc) {
        const std::uint32_t slot = pc / 8;
        if (slot >= counts_.size()) {
            return;
        }
        ++counts_[slot].executed;
        if (last_ && slot <= *last_) {
            counts_[*last_].target = slot;
            ++counts_[*last_].back;
        }
        last_ = slot;
    }
    /// The loop inside of which most instructions were executed that has no busier one within.
    [[nodiscard]] std::optional<Loop> hottest(const Program& program) const;

private:
    struct Count {
        std::uint64_t executed = 0, back = 0;
        std::uint32_t target = 0;
    };
    std::vector<Count> counts_;
    std::optional<std::uint32_t> last_;
};

} // namespace rbpf::session
