// SPDX-License-Identifier: GPL-3.0-or-later
// What a stopped script lets one see and change: the only door from debug information to registers and memory.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace rbpf::dwarf {

/// One frame (of the call stack; frames inlined into it share its state) of a stopped container, or of a moment in its
/// history. Answers may come from a cache or from a board; nothing means that it cannot be told.
class State {
public:
    virtual ~State() = default;

    /// Register 0 … 10 as it is in this frame; 11 = the pc, a byte offset into the text.
    [[nodiscard]] virtual std::optional<std::uint64_t> readRegister(unsigned number) const = 0;
    /// [address, address + size), all of it or nothing.
    [[nodiscard]] virtual std::optional<std::vector<std::uint8_t>> readMemory(std::uint32_t address,
                                                                              std::uint32_t size) const = 0;
    /// r10 of this frame: the address behind its highest byte.
    [[nodiscard]] virtual std::optional<std::uint64_t> frameBase() const { return readRegister(10); }
    /// What a register held when this frame's function was entered, if history or the caller's frame tells.
    [[nodiscard]] virtual std::optional<std::uint64_t> entryRegister(unsigned number) const {
        static_cast<void>(number);
        return std::nullopt;
    }

    /// False = it cannot be written: read-only, in the past, the board refused.
    virtual bool writeRegister(unsigned number, std::uint64_t value) {
        static_cast<void>(number), static_cast<void>(value);
        return false;
    }
    virtual bool writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) {
        static_cast<void>(address), static_cast<void>(bytes);
        return false;
    }
};

} // namespace rbpf::dwarf
