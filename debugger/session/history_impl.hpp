// SPDX-License-Identifier: GPL-3.0-or-later
// Where History keeps its checkpoints, and how it comes to any step of any run.
#pragma once

#include <map>
#include <utility>

#include "debugger/session/history.hpp"
#include "debugger/session/history_machine.hpp"
#include "sdk/image/instruction.hpp"

namespace rbpf::session {

struct History::Impl {
    explicit Impl(std::shared_ptr<const OpenedImage> opened);

    /// Brings the machine to the state before instruction `step`.
    [[nodiscard]] support::Result<void> seek(std::uint32_t run, std::uint64_t step);
    [[nodiscard]] std::uint64_t steps(std::uint32_t run) const;
    [[nodiscard]] support::Result<void> exists(std::uint32_t run, std::uint64_t step) const;
    [[nodiscard]] const RecordedRun& record(std::uint32_t run) const { return runs[run - 1]; }
    /// The call that instruction `step` made, or null.
    [[nodiscard]] const RecordedCall* callAt(std::uint32_t run, std::uint64_t step) const;
    /// Forgets what was computed of `run` behind `step`, and of later runs.
    void invalidate(std::uint32_t run, std::uint64_t step);
    /// Data and bss as `run` finds them, before its own record of them.
    [[nodiscard]] support::Result<std::vector<std::uint8_t>> ramBefore(std::uint32_t run);

    std::shared_ptr<const OpenedImage> image;
    std::vector<RecordedRun> runs;
    std::vector<std::uint64_t> known;              ///< instructions of each run that have been executed for sure
    std::vector<image::Instruction> instructionAt; ///< by slot

private:
    using Place = std::pair<std::uint32_t, std::uint64_t>;

    [[nodiscard]] support::Result<void> begin(std::uint32_t run, const std::vector<std::uint8_t>& ram);
    [[nodiscard]] support::Result<void> forward(std::uint64_t step);
    void keepCheckpoint();
    void keepRam(std::uint32_t run, std::vector<std::uint8_t> ram);
    [[nodiscard]] bool recordsAllRam(std::uint32_t run) const;

    std::map<Place, Machine::Snapshot> checkpoints_;
    std::size_t checkpointBytes_ = 0;
    std::uint64_t interval_; ///< instructions between checkpoints; grows when there are too many
    std::map<std::uint32_t, std::vector<std::uint8_t>> ramAfter_; ///< by run
    std::size_t ramAfterBytes_ = 0;

public:
    Machine machine;
};

} // namespace rbpf::session
