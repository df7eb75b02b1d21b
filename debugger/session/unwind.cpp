// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/unwind.hpp"

#include <algorithm>

namespace rbpf::session {

namespace {

constexpr std::uint32_t kCallBytes = 8;

/// The C functions that share one frame of the VM.
void addFrames(const Program& program, StackFrame frame, std::vector<StackFrame>& stack) {
    const auto functions = program.info().framesAt(frame.pc);
    frame.shown.framePointer = static_cast<std::uint32_t>(frame.reg[10].value_or(0));
    if (functions.empty()) {
        frame.shown.level = static_cast<int>(stack.size());
        frame.shown.location = program.locate(frame.pc);
        stack.push_back(std::move(frame));
        return;
    }
    for (std::size_t i = 0; i < functions.size(); ++i) {
        const dwarf::Frame& function = functions[i];
        frame.inlined = i;
        frame.shown.level = static_cast<int>(stack.size());
        frame.shown.inlined = function.inlined;
        frame.shown.location = {frame.pc, function.position.file, function.function, function.position.line,
                                function.position.column};
        stack.push_back(frame);
    }
}

} // namespace

support::Result<std::vector<StackFrame>> unwind(const Program& program, Target& target) {
    const auto registers = target.registers();
    if (!registers) {
        return tl::unexpected(registers.error());
    }
    const auto calls = target.calls();
    if (!calls) {
        return tl::unexpected(calls.error());
    }
    std::vector<StackFrame> stack;
    StackFrame frame;
    frame.pc = static_cast<std::uint32_t>((*registers)[rsp::kRegisterPc]);
    std::copy_n(registers->begin(), frame.reg.size(), frame.reg.begin());
    addFrames(program, frame, stack);
    for (const MachineState::Frame& call : *calls) {
        ++frame.call;
        frame.pc = call.returnPc - kCallBytes;
        frame.reg.fill(std::nullopt);
        std::copy(std::begin(call.saved), std::end(call.saved), frame.reg.begin() + 6);
        frame.reg[10] = call.frame;
        addFrames(program, frame, stack);
    }
    return stack;
}

std::optional<std::uint64_t> FrameState::readRegister(unsigned number) const {
    if (number == rsp::kRegisterPc) {
        return frame_.pc;
    }
    return number < frame_.reg.size() ? frame_.reg[number] : std::nullopt;
}

std::optional<std::vector<std::uint8_t>> FrameState::readMemory(std::uint32_t address, std::uint32_t size) const {
    auto bytes = target_->read(address, size);
    return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
}

bool FrameState::writeRegister(unsigned number, std::uint64_t value) {
    if (!write_ || frame_.call != 0 || number >= frame_.reg.size()) {
        refusal_ = write_ ? "registers of a caller cannot be changed" : "this expression may not change anything";
        return false;
    }
    if (auto set = target_->setRegister(static_cast<int>(number), value); !set) {
        refusal_ = set.error().message;
        return false;
    }
    frame_.reg[number] = value;
    return true;
}

bool FrameState::writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) {
    if (!write_) {
        refusal_ = "this expression may not change anything";
        return false;
    }
    if (auto written = target_->write(address, bytes); !written) {
        refusal_ = written.error().message;
        return false;
    }
    return true;
}

std::optional<std::uint64_t> StepState::readRegister(unsigned number) const {
    if (number == rsp::kRegisterPc) {
        return view_.pc;
    }
    return number < 11 ? std::optional(view_.reg[number]) : std::nullopt;
}

std::optional<std::vector<std::uint8_t>> StepState::readMemory(std::uint32_t address, std::uint32_t size) const {
    const std::uint8_t* bytes = view_.memory(address, size);
    return bytes == nullptr ? std::nullopt : std::optional(std::vector<std::uint8_t>(bytes, bytes + size));
}

} // namespace rbpf::session
