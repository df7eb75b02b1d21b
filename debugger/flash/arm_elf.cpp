// SPDX-License-Identifier: GPL-3.0-or-later
// What a 32-bit ARM ELF puts into flash, and the core it is compiled for (".ARM.attributes", ARM's ABI addenda,
// section 3.3: "A", then vendors' subsections, of which "aeabi" has Tag_CPU_arch).
#include <fmt/format.h>

#include "debugger/flash/firmware.hpp"
#include "sdk/support/byte_reader.hpp"

namespace rbpf::flash {

namespace {

using support::ByteReader;
using support::ErrorKind;
using support::Result;

constexpr std::uint8_t kClass32 = 1, kLittleEndian = 1;
constexpr std::uint16_t kExecutable = 2, kMachineArm = 40;
constexpr std::uint32_t kLoad = 1, kNoBits = 8, kAttributes = 0x70000003, kAllocated = 2;
constexpr std::uint64_t kTagFile = 1, kTagRawName = 4, kTagName = 5, kTagArchitecture = 6;
// Values of Tag_CPU_arch.
constexpr std::uint64_t kV6M = 11, kV6SM = 12, kV7 = 10, kV7EM = 13;

const char* machineName(std::uint16_t machine) {
    switch (machine) {
    case 62:
        return "x86-64";
    case 183:
        return "64-bit ARM";
    case 243:
        return "RISC-V";
    case 247:
        return "BPF (a script, not firmware: `rbpf deploy` installs scripts)";
    case 94:
        return "Xtensa";
    default:
        return "another processor";
    }
}

struct Segment {
    std::uint32_t type, offset, loadAddress, size;
};

struct Section {
    std::uint32_t type, flags, offset, size;
};

/// No program has more; headers of a damaged file may overlap, so that a small file would load gigabytes.
constexpr std::size_t kMostSegments = 256, kMostSections = 4096, kMostBytes = 64 * 1024 * 1024;

struct Headers {
    std::vector<Segment> segments;
    std::vector<Section> sections;
    bool areCut = false; ///< some lie outside of the file, or there are far too many

    explicit Headers(const ByteReader& reader) {
        const std::size_t programs = reader.u32(28).value_or(0), programSize = reader.u16(42).value_or(0);
        const std::size_t segmentCount = reader.u16(44).value_or(0), sectionCount = reader.u16(48).value_or(0);
        areCut = segmentCount > kMostSegments || sectionCount > kMostSections;
        for (std::size_t i = 0; i < segmentCount && !areCut; ++i) {
            const std::size_t at = programs + i * programSize;
            const auto type = reader.u32(at), offset = reader.u32(at + 4), address = reader.u32(at + 12),
                       size = reader.u32(at + 16);
            if (size) {
                segments.push_back({*type, *offset, *address, *size});
            } else {
                areCut = true;
            }
        }
        const std::size_t start = reader.u32(32).value_or(0), sectionSize = reader.u16(46).value_or(0);
        for (std::size_t i = 0; i < sectionCount && !areCut; ++i) {
            const std::size_t at = start + i * sectionSize;
            if (const auto size = reader.u32(at + 20)) {
                sections.push_back({*reader.u32(at + 4), *reader.u32(at + 8), *reader.u32(at + 16), *size});
            } else {
                areCut = true;
            }
        }
    }
};

/// What a segment loads: its sections, as linkers like to put the file's headers before the first of them; all of it
/// where the file has no sections. False if it is not inside the file.
bool addSegment(Firmware& firmware, const ByteReader& reader, const Segment& segment,
                const std::vector<Section>& sections) {
    if (!reader.bytes(segment.offset, segment.size)) {
        return false;
    }
    const auto add = [&](std::uint32_t offset, std::uint32_t size) {
        const auto bytes = *reader.bytes(offset, size);
        firmware.parts.push_back({segment.loadAddress + (offset - segment.offset), {bytes.begin(), bytes.end()}});
    };
    if (sections.empty()) {
        add(segment.offset, segment.size);
    }
    for (const Section& section : sections) {
        const bool isInside = section.offset >= segment.offset && std::uint64_t{section.offset} + section.size <=
                                                                      std::uint64_t{segment.offset} + segment.size;
        if (section.type != kNoBits && (section.flags & kAllocated) != 0 && section.size > 0 && isInside) {
            add(section.offset, section.size);
        }
    }
    return true;
}

std::optional<std::uint64_t> uleb(const ByteReader& reader, std::size_t& at) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
        const auto byte = reader.u8(at++);
        if (!byte) {
            return std::nullopt;
        }
        value |= std::uint64_t{*byte & 0x7fu} << shift;
        if ((*byte & 0x80) == 0) {
            return value;
        }
    }
    return std::nullopt;
}

/// The tags of a file, in order; the architecture comes before any tag whose form is not known here.
std::optional<std::uint64_t> architecture(const ByteReader& reader, std::size_t at, std::size_t end) {
    while (at < end) {
        const auto tag = uleb(reader, at);
        if (!tag) {
            return std::nullopt;
        }
        if (*tag == kTagRawName || *tag == kTagName) {
            const auto text = reader.text(at, end);
            if (!text) {
                return std::nullopt;
            }
            at += text->size() + 1;
            continue;
        }
        const auto value = uleb(reader, at);
        if (!value || *tag == kTagArchitecture) {
            return value;
        }
    }
    return std::nullopt;
}

std::optional<Core> coreOf(std::span<const std::uint8_t> section) {
    const ByteReader reader(section);
    if (reader.u8(0) != 'A' || reader.text(5, section.size()) != "aeabi") {
        return std::nullopt;
    }
    constexpr std::size_t kBehindVendor = 11; // 'A', length, "aeabi\0"
    std::size_t at = kBehindVendor;
    if (uleb(reader, at) != kTagFile) {
        return std::nullopt;
    }
    const auto size = reader.u32(at);
    const auto value = size ? architecture(reader, at + 4, kBehindVendor + *size) : std::nullopt;
    if (value == kV6M || value == kV6SM) {
        return Core::CortexM0;
    }
    return value == kV7 || value == kV7EM ? std::optional(Core::CortexM4) : std::nullopt;
}

} // namespace

Result<Firmware> detail::readElf(const std::filesystem::path& path, std::span<const std::uint8_t> file) {
    const ByteReader reader(file);
    const auto wrong = [&](std::string_view why) {
        return support::fail(ErrorKind::Usage, fmt::format("{}: {}", path.string(), why),
                             "firmware for boards is built by `cmake --build --preset firmware`");
    };
    const auto machine = reader.u16(18);
    if (!machine) {
        return wrong("the file is cut short");
    }
    if (*machine != kMachineArm || reader.u8(4) != kClass32 || reader.u8(5) != kLittleEndian) {
        return wrong(fmt::format("it is for {}, not for a Cortex-M", machineName(*machine)));
    }
    if (reader.u16(16) != kExecutable) {
        return wrong("it is not linked to a program yet");
    }
    Firmware firmware{path, {}, std::nullopt};
    const Headers headers(reader);
    bool isCut = headers.areCut;
    for (const Segment& segment : headers.segments) {
        isCut = isCut || firmware.size() > kMostBytes ||
                (segment.type == kLoad && !addSegment(firmware, reader, segment, headers.sections));
    }
    if (isCut) {
        return wrong("the file is cut short or damaged");
    }
    for (const Section& section : headers.sections) {
        if (section.type == kAttributes) {
            if (const auto bytes = reader.bytes(section.offset, section.size)) {
                firmware.core = coreOf(*bytes);
            }
        }
    }
    return firmware;
}

} // namespace rbpf::flash
