// SPDX-License-Identifier: GPL-3.0-or-later
// Time travel: what the board told about each run (how it began, what every binding call returned and wrote) is enough
// to execute it again in this process, because the VM is the same code with the same addresses. A state is never
// stored; it is computed again from the nearest checkpoint.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <rbpf/debug.h>

#include "sdk/support/error.hpp"

namespace rbpf::session {

struct RecordedWrite {
    std::uint32_t address = 0;
    std::vector<std::uint8_t> bytes;
};

struct RecordedRegion {
    int index = 0;
    std::uint32_t size = 0;
    int access = 0; ///< 1 read, 2 write, 3 both
};

/// One binding call: instruction number within the run, what it returned and wrote.
struct RecordedCall {
    std::uint64_t step = 0;
    std::uint32_t id = 0;
    std::uint64_t result = 0;
    std::vector<RecordedWrite> writes;
};

struct RecordedEnd {
    rbpf_cause_t cause = RBPF_CAUSE_EXIT;
    std::uint64_t instructions = 0;
    std::uint64_t result = 0;
    int status = 0;
    std::uint32_t detail = 0;
};

/// Changes the user made to a halted container; they are part of what happened.
struct RecordedEdit {
    std::uint64_t step = 0;
    int reg = -1; ///< register changed (11 = pc, in bytes), or -1: memory
    std::uint64_t value = 0;
    RecordedWrite write;
};

struct RecordedRun {
    std::uint32_t entryPc = 0; ///< bytes
    std::uint64_t r1 = 0, r2 = 0, r10 = 0;
    std::vector<RecordedRegion> regions;
    std::vector<RecordedWrite> memory; ///< as the run found it
    std::vector<RecordedCall> calls;
    std::vector<RecordedEdit> edits;
    std::optional<RecordedEnd> end; ///< absent while it goes on
};

/// Everything a container's script can see.
struct MachineState {
    std::uint64_t reg[11] = {};
    std::uint32_t pc = 0; ///< bytes
    struct Frame {
        std::uint32_t returnPc = 0, frame = 0;
        std::uint64_t saved[4] = {}; ///< r6 … r9
    };
    std::vector<Frame> frames; ///< innermost first
    struct Memory {
        int index = 0;
        int access = 0;
        std::vector<std::uint8_t> bytes;
    };
    std::vector<Memory> regions; ///< stack, rodata, data, context, granted ones
};

class History {
public:
    /// `image`: the `.rbpf` whose runs are recorded.
    [[nodiscard]] static support::Result<History> create(std::vector<std::uint8_t> image);
    ~History();
    History(History&&) noexcept;
    History& operator=(History&&) noexcept;

    // Recording: runs are numbered from 1.
    std::uint32_t beginRun(RecordedRun start);
    void addCall(RecordedCall call);
    void addEdit(RecordedEdit edit);
    void endRun(RecordedEnd end);

    [[nodiscard]] const std::vector<RecordedRun>& runs() const;
    [[nodiscard]] const std::vector<std::uint8_t>& image() const;

    /// The state before instruction `step` of a run. An Error if re-execution disagrees with the record (it then says
    /// where), or if the run or step does not exist.
    [[nodiscard]] support::Result<MachineState> stateAt(std::uint32_t run, std::uint64_t step);
    /// Instructions of a run that are known: its end, or as far as the session told with reached().
    [[nodiscard]] std::uint64_t steps(std::uint32_t run) const;
    void reached(std::uint64_t step);

    /// Walks steps [from, to) of a run in order; the visitor sees the state before each instruction and may stop by
    /// returning false. Cheap: no copies of memory (see StepView). A `to` behind the end stands for steps(run) + 1, so
    /// that the last state is seen too. The visitor may ask this history anything; its view is then stale.
    struct StepView {
        std::uint64_t step = 0;
        std::uint32_t pc = 0;
        const std::uint64_t* reg = nullptr; ///< r0 … r10
        std::size_t depth = 0;              ///< local calls active
        /// Bytes of VM memory, or null.
        std::function<const std::uint8_t*(std::uint32_t address, std::uint32_t size)> memory;
    };
    support::Result<void> walk(std::uint32_t run, std::uint64_t from, std::uint64_t to,
                               const std::function<bool(const StepView&)>& visit);

    /// The last instruction before `step` (in this run or an earlier one, for data) that wrote the register or any of
    /// the bytes. A binding's writes belong to its call. Nothing in the run: By::Start at its step 0. Memory that is
    /// never written: nullopt; memory that the script does not have: an Error. `before` and `after`: the register, or
    /// the first 8 bytes of the memory asked for, little-endian.
    struct Write {
        enum class By : std::uint8_t {
            Instruction,
            Binding,
            Edit, ///< the user, before the instruction at `step`
            Start ///< the run found it so
        } by = By::Instruction;
        std::uint32_t run = 0;
        std::uint64_t step = 0;
        std::uint32_t pc = 0;
        std::uint64_t before = 0, after = 0;
    };
    [[nodiscard]] support::Result<std::optional<Write>> lastRegisterWrite(std::uint32_t run, std::uint64_t step,
                                                                          int reg);
    [[nodiscard]] support::Result<std::optional<Write>> lastMemoryWrite(std::uint32_t run, std::uint64_t step,
                                                                        std::uint32_t address, std::uint32_t size);

    /// `.rbpfrec`: CBOR; holds the image, the debug ELF if given, and all runs.
    support::Result<void> save(const std::filesystem::path& file, const std::vector<std::uint8_t>& debugElf) const;
    struct Loaded;
    [[nodiscard]] static support::Result<Loaded> load(const std::filesystem::path& file);

    struct Impl; ///< history_impl.hpp

private:
    explicit History(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

struct History::Loaded {
    History history;
    std::vector<std::uint8_t> debugElf;
};

} // namespace rbpf::session
