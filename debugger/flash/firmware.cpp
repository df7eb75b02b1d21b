// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/flash/firmware.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "sdk/support/byte_reader.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::flash {

using support::ErrorKind;
using support::Result;

namespace {

constexpr const char* kFormatHint = "flash an ELF file as the firmware build leaves it, or an Intel HEX file";

tl::unexpected<support::Error> notFor(const Firmware& firmware, const Chip& chip, std::string why, std::string hint) {
    return support::fail(ErrorKind::Usage,
                         fmt::format("{} is not for an {}: {}", firmware.path.string(), chip.name, why),
                         std::move(hint));
}

/// The first two words of a Cortex-M program: where its stack begins and where it starts.
Result<void> checkVectors(const Firmware& firmware, const Chip& chip) {
    const Part& first = firmware.parts.front();
    const support::ByteReader reader(first.bytes);
    const auto stack = reader.u32(0), start = reader.u32(4);
    if (first.address != 0 || !stack || !start) {
        return {}; // behind a boot loader
    }
    if (*stack <= kRamStart || *stack > kRamStart + chip.ramBytes) {
        return notFor(firmware, chip,
                      fmt::format("its stack begins at {:#010x}, but the RAM is {:#010x}–{:#010x}", *stack, kRamStart,
                                  kRamStart + chip.ramBytes - 1),
                      "name the board that it was built for with --board");
    }
    if ((*start & 1) == 0 || *start >= chip.flashBytes) {
        return notFor(firmware, chip, fmt::format("its first instruction would be at {:#010x}", *start & ~1u),
                      kFormatHint);
    }
    return {};
}

} // namespace

std::size_t Firmware::size() const {
    std::size_t sum = 0;
    for (const Part& part : parts) {
        sum += part.bytes.size();
    }
    return sum;
}

Result<Firmware> readFirmware(const std::filesystem::path& path) {
    auto file = support::readBytes(path);
    if (!file) {
        support::Error error = file.error();
        error.kind = ErrorKind::Usage;
        return tl::unexpected(std::move(error));
    }
    static constexpr std::uint8_t kElf[] = {0x7f, 'E', 'L', 'F'};
    Result<Firmware> firmware;
    if (file->size() >= sizeof kElf && std::equal(std::begin(kElf), std::end(kElf), file->begin())) {
        firmware = detail::readElf(path, *file);
    } else if (!file->empty() && file->front() == ':') {
        firmware = detail::readIntelHex(path, {reinterpret_cast<const char*>(file->data()), file->size()});
    } else {
        return support::fail(
            ErrorKind::Usage, path.string() + ": neither an ELF nor an Intel HEX file",
            path.extension() == ".bin"
                ? "a .bin file does not say where its bytes belong; flash the ELF or HEX file beside it"
                : kFormatHint);
    }
    if (!firmware) {
        return firmware;
    }
    if (auto tidied = detail::tidy(*firmware); !tidied) {
        return tl::unexpected(std::move(tidied.error()));
    }
    return firmware;
}

Result<void> detail::tidy(Firmware& firmware) {
    std::erase_if(firmware.parts, [](const Part& part) { return part.bytes.empty(); });
    std::ranges::sort(firmware.parts, {}, &Part::address);
    std::vector<Part> joined;
    for (Part& part : firmware.parts) {
        if (!joined.empty() && part.address < joined.back().end()) {
            return support::fail(
                ErrorKind::Usage,
                fmt::format("{}: the address {:#010x} is written twice", firmware.path.string(), part.address),
                kFormatHint);
        }
        if (!joined.empty() && part.address == joined.back().end()) {
            joined.back().bytes.insert(joined.back().bytes.end(), part.bytes.begin(), part.bytes.end());
        } else {
            joined.push_back(std::move(part));
        }
    }
    firmware.parts = std::move(joined);
    if (!firmware.parts.empty() && firmware.parts.back().end() > std::uint64_t{1} << 32) {
        return support::fail(ErrorKind::Usage,
                             firmware.path.string() + ": it has bytes behind the end of the address space",
                             kFormatHint);
    }
    if (firmware.parts.empty()) {
        return support::fail(ErrorKind::Usage, firmware.path.string() + ": there is nothing in it to flash",
                             kFormatHint);
    }
    return {};
}

std::vector<Part> wholeSectors(const std::vector<Part>& parts, const Chip& chip) {
    constexpr std::uint32_t kUicrSector = 0x100; // as pyOCD has it
    std::vector<Part> filled = parts;
    for (std::size_t i = 0; i < filled.size(); ++i) {
        const std::uint32_t sector = filled[i].address >= kUicrStart ? kUicrSector : chip.sectorBytes;
        std::uint64_t end = (filled[i].end() + sector - 1) / sector * sector;
        if (i + 1 < filled.size()) {
            end = std::min<std::uint64_t>(end, filled[i + 1].address);
        }
        filled[i].bytes.resize(static_cast<std::size_t>(end - filled[i].address), 0xff);
    }
    return filled;
}

Result<void> checkFor(const Firmware& firmware, const Chip& chip) {
    // A program for a smaller core of the same family runs on a larger one, not the other way.
    if (firmware.core && *firmware.core > chip.core) {
        return notFor(
            firmware, chip,
            fmt::format("it is compiled for a {}, the chip is a {}", coreName(*firmware.core), coreName(chip.core)),
            "name the board that it was built for with --board");
    }
    for (const Part& part : firmware.parts) {
        const bool isUicr = part.address >= kUicrStart && part.end() <= kUicrEnd;
        if (part.end() > chip.flashBytes && !isUicr) {
            return notFor(firmware, chip,
                          fmt::format("it has bytes at {:#010x}–{:#010x}, the flash is {:#010x}–{:#010x}", part.address,
                                      part.end() - 1, 0, chip.flashBytes - 1),
                          part.address >= kRamStart ? "it is linked to run from RAM; build it for flash"
                                                    : "name the board that it was built for with --board");
        }
    }
    return checkVectors(firmware, chip);
}

} // namespace rbpf::flash
