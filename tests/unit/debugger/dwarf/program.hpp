// SPDX-License-Identifier: GPL-3.0-or-later
// C compiled and linked by our own SDK, with its debug information, and runs of it on the real VM that can be stopped.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "debugger/dwarf/debug_info.hpp"
#include "debugger/dwarf/expression.hpp"
#include "debugger/dwarf/render.hpp"
#include "debugger/dwarf/state.hpp"
#include "sdk/compile/compile.hpp"
#include "tests/fakes/vm_rig.hpp"

namespace rbpf::dwarf::test {

/// Line 1 of the source is what follows the first newline. The file is "main.c".
struct Program {
    explicit Program(const std::string& source, compile::Optimise optimise = compile::Optimise::Debug);
    std::vector<std::uint8_t> image;
    std::vector<std::uint8_t> elf;
    DebugInfo info;
    /// The first line that contains `text`, counted from 1.
    [[nodiscard]] unsigned line(const std::string& text) const;
    /// Where a breakpoint on that line stops.
    [[nodiscard]] std::uint32_t address(const std::string& text) const;

private:
    std::string source_;
};

/// A run, stopped. Also the State of its innermost frame.
class Run : public State {
public:
    explicit Run(const Program& program, std::vector<std::uint8_t> context = {1, 2, 3, 4, 5, 6, 7, 8});
    /// Steps until the pc is `address` (again). False if the run ends before.
    bool to(std::uint32_t address);
    bool step();
    [[nodiscard]] std::uint32_t pc() const { return rig_.container().pc * 8; }
    [[nodiscard]] std::uint64_t result() const { return rig_.container().reg[0]; }

    [[nodiscard]] std::optional<std::uint64_t> readRegister(unsigned number) const override;
    [[nodiscard]] std::optional<std::vector<std::uint8_t>> readMemory(std::uint32_t address,
                                                                      std::uint32_t size) const override;
    bool writeRegister(unsigned number, std::uint64_t value) override;
    bool writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) override;

    /// The expression's value as text, or its error.
    std::string show(const std::string& expression, std::size_t frame = 0);

private:
    const Program& program_;
    fakes::VmRig rig_;
};

/// Registers and memory made up by a test.
class FakeState : public State {
public:
    std::array<std::optional<std::uint64_t>, 12> registers{};
    std::uint32_t base = 0x10000000;
    std::vector<std::uint8_t> memory = std::vector<std::uint8_t>(256);
    [[nodiscard]] std::optional<std::uint64_t> readRegister(unsigned number) const override {
        return registers.at(number);
    }
    [[nodiscard]] std::optional<std::vector<std::uint8_t>> readMemory(std::uint32_t address,
                                                                      std::uint32_t size) const override;
    bool writeRegister(unsigned number, std::uint64_t value) override;
    bool writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) override;
};

} // namespace rbpf::dwarf::test
