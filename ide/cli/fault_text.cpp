// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/fault_text.hpp"

#include <algorithm>
#include <fmt/format.h>

#include <rbpf/status.h>

#include "sdk/image/bindings.hpp"
#include "sdk/image/disassemble.hpp"
#include "sdk/image/status_text.hpp"

namespace rbpf::cli {

namespace {

/// Further away than this an address is not near anything: it is garbage.
constexpr std::uint32_t kNearBytes = 1u << 20;
/// A field of a structure behind a null pointer.
constexpr std::uint32_t kNullBytes = 4096;

std::string bytes(std::uint64_t count) {
    return fmt::format("{} byte{}", count, count == 1 ? "" : "s");
}

const image::Line* lineAt(const std::vector<image::Line>& lines, std::uint32_t index) {
    for (const image::Line& line : lines) {
        if (line.instruction.index == index) {
            return &line;
        }
    }
    return nullptr;
}

/// Bytes that a load, store or atomic instruction touches; 0 for others (a binding's argument).
std::uint32_t accessBytes(const image::Instruction& in) {
    static constexpr std::uint32_t kBytes[] = {4, 2, 1, 8};
    const std::uint8_t kind = in.instructionClass();
    const bool isAccess = kind == image::kClassLdx || kind == image::kClassSt || kind == image::kClassStx;
    return isAccess ? kBytes[(in.opcode >> 3) & 3] : 0;
}

bool isAccessFault(int status) {
    return status == RBPF_STATUS_READ_FAULT || status == RBPF_STATUS_WRITE_FAULT;
}

} // namespace

std::vector<Region> regionsOf(const image::Image& image) {
    return {{"stack", RBPF_ADDRESS(RBPF_REGION_STACK, 0), image.stackBytes, true},
            {"rodata", RBPF_ADDRESS(RBPF_REGION_RODATA, 0), image.rodataBytes, false},
            {"data", RBPF_ADDRESS(RBPF_REGION_DATA, 0), image.dataBytes + image.bssBytes, true}};
}

std::string addressPlace(std::uint32_t address, std::uint32_t size, const std::vector<Region>& regions) {
    if (address < kNullBytes) {
        return address == 0 ? "a null pointer" : fmt::format("a null pointer plus {}", address);
    }
    const Region* nearest = nullptr;
    std::int64_t least = kNearBytes;
    for (const Region& region : regions) {
        if (region.size == 0) {
            continue;
        }
        const std::int64_t before = std::int64_t{region.base} - address;
        const std::int64_t behind = std::int64_t{address} - (std::int64_t{region.base} + region.size) + 1;
        const std::int64_t away = std::max({before, behind, std::int64_t{0}});
        if (away < least) {
            least = away;
            nearest = &region;
        }
    }
    if (nearest == nullptr) {
        return "in no region of the script";
    }
    const std::string name = fmt::format("the {} ({})", nearest->name, bytes(nearest->size));
    const std::uint64_t end = std::uint64_t{nearest->base} + nearest->size;
    if (address < nearest->base) {
        return fmt::format("{} before the start of {}", bytes(nearest->base - address), name);
    }
    if (address >= end) {
        return address == end ? fmt::format("right behind the end of {}", name)
                              : fmt::format("{} past the end of {}", bytes(address - end), name);
    }
    if (std::uint64_t{address} + size > end) {
        return fmt::format("reaching {} past the end of {}", bytes(address + size - end), name);
    }
    if (!nearest->isWritable) {
        return fmt::format("in {}, which is read-only", name);
    }
    return fmt::format("at offset {} of {}", address - nearest->base, name);
}

std::string faultSentence(const Fault& fault, const OpenedImage* opened, const std::vector<Region>& regions) {
    std::string text;
    std::string instruction;
    std::uint32_t size = 0;
    if (fault.insnIndex && opened != nullptr) {
        if (const std::string place = opened->place(*fault.insnIndex); !place.empty()) {
            text = place + ": ";
        }
        const auto lines = image::disassemble(opened->image, opened->symbols());
        if (const image::Line* line = lineAt(lines, *fault.insnIndex)) {
            instruction = line->text;
            size = accessBytes(line->instruction);
        }
    }
    text += image::statusSentence(fault.status);
    if (isAccessFault(fault.status) && fault.detail) {
        text += fmt::format(": {}{} at 0x{:08x}, {}", size != 0 ? bytes(size) + " " : "",
                            fault.status == RBPF_STATUS_READ_FAULT ? "read" : "written", *fault.detail,
                            addressPlace(*fault.detail, size, regions));
    } else if ((fault.status == RBPF_STATUS_UNKNOWN_BINDING || fault.status == RBPF_STATUS_BAD_ARGUMENT) &&
               fault.detail && *fault.detail != 0) {
        const auto name = image::bindingName(*fault.detail);
        text += name ? fmt::format(" ({})", *name) : fmt::format(" (0x{:x})", *fault.detail);
    }
    if (fault.insnIndex) {
        text += instruction.empty() ? fmt::format(" (instruction {})", *fault.insnIndex)
                                    : fmt::format(" (instruction {} `{}`)", *fault.insnIndex, instruction);
    }
    return text;
}

link::ScriptWords deployWords(const OpenedImage& opened) {
    return {[&opened](std::uint32_t insnIndex) { return opened.place(insnIndex); },
            [&opened](const link::BoardFault& fault) {
                return faultSentence({fault.status, fault.insnIndex, fault.detail}, &opened, regionsOf(opened.image));
            }};
}

} // namespace rbpf::cli
