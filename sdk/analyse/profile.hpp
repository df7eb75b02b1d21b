// SPDX-License-Identifier: GPL-3.0-or-later
// How often what was executed: every instruction of one or more runs counted, then by function, line and branch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sdk/analyse/place.hpp"
#include "sdk/analyse/size.hpp"
#include "sdk/image/image.hpp"
#include "sdk/image/instruction.hpp"

namespace rbpf::analyse {

/// Counts runs as they go: every instruction by its slot, in the order in which they are executed.
class ExecutionCounter {
public:
    explicit ExecutionCounter(const image::Image& image);
    ExecutionCounter(const ExecutionCounter&) = delete; // it points into itself
    ExecutionCounter(ExecutionCounter&&) = default;
    ExecutionCounter& operator=(const ExecutionCounter&) = delete;
    ExecutionCounter& operator=(ExecutionCounter&&) = delete;
    ~ExecutionCounter() = default;

    void beginRun();
    /// A slot outside of the text is not counted.
    void step(std::uint32_t slot);

    [[nodiscard]] std::uint64_t executed(std::uint32_t slot) const { return executed_[slot]; }
    [[nodiscard]] std::uint64_t taken(std::uint32_t slot) const { return taken_[slot]; } ///< of a conditional branch
    [[nodiscard]] std::uint64_t left(std::uint32_t slot) const { return left_[slot]; }   ///< went on behind the branch
    [[nodiscard]] std::uint32_t slots() const { return static_cast<std::uint32_t>(executed_.size()); }
    [[nodiscard]] std::uint64_t total() const { return total_; }
    [[nodiscard]] std::uint32_t runs() const { return runs_; }
    [[nodiscard]] std::uint64_t longestRun() const { return longest_; } ///< instructions
    [[nodiscard]] const std::vector<image::Instruction>& instructions() const { return instructions_; }
    /// Conditional: there are two ways on. Its target may lie outside of the text when the image is bad.
    [[nodiscard]] static bool isBranch(const image::Instruction& in);

private:
    std::vector<image::Instruction> instructions_;
    std::vector<const image::Instruction*> bySlot_;
    std::vector<std::uint64_t> executed_, taken_, left_;
    const image::Instruction* last_ = nullptr;
    std::uint64_t total_ = 0, thisRun_ = 0, longest_ = 0;
    std::uint32_t runs_ = 0;
};

struct LineProfile {
    std::string file;
    unsigned line = 0;
    std::uint64_t count = 0;    ///< of the instruction of the line that was executed most often
    std::uint64_t executed = 0; ///< instructions
    std::uint32_t instructions = 0; ///< in the image
    double share = 0;           ///< of everything executed, 0 … 1
};

struct FunctionProfile {
    std::string name;
    std::string file;
    unsigned line = 0;
    std::uint64_t calls = 0; ///< times its first instruction was executed
    std::uint64_t executed = 0;
    std::uint32_t instructions = 0;
    std::uint32_t seen = 0; ///< of those, executed at least once
    double share = 0;
};

struct BranchProfile {
    enum class Ways : std::uint8_t {
        Never,
        Taken,
        NotTaken,
        Both
    } ways = Ways::Never;
    std::uint32_t slot = 0;
    std::string file;
    unsigned line = 0;
    std::uint64_t taken = 0, notTaken = 0;
};

struct Profile {
    std::uint32_t runs = 0;
    std::uint64_t executed = 0;
    std::uint64_t longestRun = 0;           ///< instructions
    std::optional<EntryCost> entry;         ///< what was run, with what any run of it may take
    std::vector<std::uint64_t> counts;      ///< by slot; the second one of a wide instruction has 0
    std::vector<FunctionProfile> functions; ///< most executed first
    std::vector<LineProfile> lines;         ///< by file and line
    std::vector<BranchProfile> branches;    ///< in the order of the text
    std::vector<std::uint32_t> hotPath;     ///< slots from the entry on, each time the way taken more often, to an exit
                                            ///< or to where it has been
};

/// `code` places each instruction; may be empty. `entry`: the slot where the runs began.
[[nodiscard]] Profile profile(const ExecutionCounter& counter, const SizeReport& report, const std::vector<PlacedCode>& code,
                              std::uint32_t entry);

[[nodiscard]] const char* waysName(BranchProfile::Ways ways);
/// Functions, what any run may take, the lines that cost most, branch coverage.
[[nodiscard]] std::string profileText(const Profile& profile);

} // namespace rbpf::analyse
