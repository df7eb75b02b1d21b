// SPDX-License-Identifier: GPL-3.0-or-later
// A firmware file as the bytes that go into flash, and whether they are for a chip at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "debugger/flash/chips.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::flash {

struct Part {
    std::uint32_t address;
    std::vector<std::uint8_t> bytes;

    /// One behind the last byte; 64 bits, as a part may end with the address space.
    [[nodiscard]] std::uint64_t end() const { return std::uint64_t{address} + bytes.size(); }
};

struct Firmware {
    std::filesystem::path path;
    std::vector<Part> parts;  ///< by address, without overlaps, neighbours joined, none empty
    std::optional<Core> core; ///< that it was compiled for, if the file says so

    [[nodiscard]] std::size_t size() const;
};

/// An ELF or Intel HEX file, told apart by its content. What an ELF loads is taken by its load address: initial values
/// of variables are flashed where the start-up code copies them from. Errors (kind Usage) say what the file is instead.
[[nodiscard]] support::Result<Firmware> readFirmware(const std::filesystem::path& path);

/// Errors (kind Usage) if it cannot run on the chip: another core, addresses outside of flash, a stack outside of RAM.
[[nodiscard]] support::Result<void> checkFor(const Firmware& firmware, const Chip& chip);

/// The parts filled up with erased bytes to the ends of their sectors. pyOCD 0.13 writes whole sectors, and behind the
/// last byte whatever its buffer held before: in Nordic's UICR that could lock the chip.
[[nodiscard]] std::vector<Part> wholeSectors(const std::vector<Part>& parts, const Chip& chip);

/// `parts` as an Intel HEX file: what both generations of pyOCD flash alike. (The older one leaves out an ELF's initial
/// values of variables.)
[[nodiscard]] std::string toIntelHex(const std::vector<Part>& parts);

namespace detail {
[[nodiscard]] support::Result<Firmware> readElf(const std::filesystem::path& path, std::span<const std::uint8_t> file);
[[nodiscard]] support::Result<Firmware> readIntelHex(const std::filesystem::path& path, std::string_view text);
/// Sorts and joins. Errors (kind Usage) name overlapping addresses.
[[nodiscard]] support::Result<void> tidy(Firmware& firmware);
} // namespace detail

} // namespace rbpf::flash
