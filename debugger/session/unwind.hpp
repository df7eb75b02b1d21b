// SPDX-License-Identifier: GPL-3.0-or-later
// The call stack: what the VM saved at each local call, and the functions inlined into each frame.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "debugger/dwarf/state.hpp"
#include "debugger/session/program.hpp"
#include "debugger/session/target.hpp"

namespace rbpf::session {

/// One C function on the call stack.
struct StackFrame {
    std::size_t call = 0;                               ///< local calls between it and the innermost frame
    std::size_t inlined = 0;                            ///< which of DebugInfo::framesAt(pc)
    std::uint32_t pc = 0;                               ///< of a caller: its call instruction
    std::array<std::optional<std::uint64_t>, 11> reg{}; ///< a caller's r0 … r5 are lost
    Frame shown;
};

/// Innermost first; never empty unless the target cannot be asked.
[[nodiscard]] support::Result<std::vector<StackFrame>> unwind(const Program& program, Target& target);

/// Registers and memory as one frame has them. Only the innermost frame's registers can be written.
class FrameState : public dwarf::State {
public:
    /// `write` false: assignments are refused. The target must live as long.
    FrameState(std::shared_ptr<Target> target, StackFrame frame, bool write)
        : target_(std::move(target)), frame_(std::move(frame)), write_(write) {}

    [[nodiscard]] std::optional<std::uint64_t> readRegister(unsigned number) const override;
    [[nodiscard]] std::optional<std::vector<std::uint8_t>> readMemory(std::uint32_t address,
                                                                      std::uint32_t size) const override;
    bool writeRegister(unsigned number, std::uint64_t value) override;
    bool writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) override;
    /// Why the last write was refused.
    [[nodiscard]] const std::string& refusal() const { return refusal_; }
    [[nodiscard]] const StackFrame& frame() const { return frame_; }

private:
    std::shared_ptr<Target> target_;
    StackFrame frame_;
    bool write_;
    std::string refusal_;
};

/// The State of a step that History::walk() shows.
class StepState : public dwarf::State {
public:
    explicit StepState(const History::StepView& view) : view_(view) {}
    [[nodiscard]] std::optional<std::uint64_t> readRegister(unsigned number) const override;
    [[nodiscard]] std::optional<std::vector<std::uint8_t>> readMemory(std::uint32_t address,
                                                                      std::uint32_t size) const override;

private:
    const History::StepView& view_;
};

} // namespace rbpf::session
