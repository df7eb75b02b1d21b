// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/mix.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

#include "sdk/image/bindings.hpp"
#include "sdk/image/instruction.hpp"

namespace rbpf::analyse {

namespace {

using image::Instruction;

constexpr std::uint8_t kFramePointer = 10;
constexpr std::uint8_t kModeMask = 0xe0, kAtomic = 0xc0;
/// VM addresses: the upper four bits name the region.
constexpr std::uint32_t kRegionShift = 28, kRodata = 2, kData = 3;

enum Class : std::uint8_t {
    Loads,
    Stores,
    Atomics,
    Arithmetic32,
    Arithmetic64,
    Constants,
    Branches,
    BindingCalls,
    FunctionCalls,
    Exits,
    Others,
    kClasses
};

constexpr std::array<std::string_view, kClasses> kNames{
    "loads",           "stores",   "atomic operations", "32-bit arithmetic", "64-bit arithmetic", "64-bit constants",
    "jumps", "calls of bindings", "calls of functions", "exits", "others"};

Class classOf(const Instruction& in) {
    switch (in.instructionClass()) {
    case image::kClassLd: return in.opcode == image::kOpLddw ? Constants : Others;
    case image::kClassLdx: return Loads;
    case image::kClassSt: return Stores;
    case image::kClassStx: return (in.opcode & kModeMask) == kAtomic ? Atomics : Stores;
    case image::kClassAlu: return Arithmetic32;
    case image::kClassAlu64: return Arithmetic64;
    default: break;
    }
    if (in.opcode == image::kOpExit) {
        return Exits;
    }
    if (in.isBindingCall()) {
        return BindingCalls;
    }
    return in.isLocalCall() ? FunctionCalls : in.isJump() ? Branches : Others;
}

/// A constant that may be an address; 0: it is not.
std::uint32_t constantOf(const Instruction& in) {
    constexpr std::uint8_t kMoveConstant64 = 0xb7, kMoveConstant32 = 0xb4;
    const bool isShort = in.opcode == kMoveConstant64 || in.opcode == kMoveConstant32;
    const bool isWide = in.opcode == image::kOpLddw && in.imm2 == 0;
    return isShort || isWide ? static_cast<std::uint32_t>(in.imm) : 0;
}

bool isIn(std::uint32_t address, std::uint32_t region, std::uint32_t bytes) {
    constexpr std::uint32_t kOffset = (1U << kRegionShift) - 1;
    return address >> kRegionShift == region && (address & kOffset) < bytes;
}

void addMemory(NamedMemory& memory, const image::Image& image, const Instruction& in, Class kind) {
    if (kind == Loads || kind == Stores || kind == Atomics) {
        const std::uint8_t base = kind == Loads ? in.src : in.dst;
        ++(base == kFramePointer ? memory.stackAccesses : memory.otherAccesses);
        return;
    }
    const std::uint32_t constant = constantOf(in);
    memory.rodataAddresses += isIn(constant, kRodata, image.rodataBytes) ? 1 : 0;
    memory.dataAddresses += isIn(constant, kData, image.dataBytes + image.bssBytes) ? 1 : 0;
}

} // namespace

Mix mixOf(const image::Image& image, const std::vector<PlacedCode>& code) {
    Mix mix;
    std::array<std::uint32_t, kClasses> counts{};
    std::map<std::uint32_t, BindingUse> bindings;
    for (const Instruction& in : image::decode(image.text())) {
        const Class kind = classOf(in);
        ++counts[kind];
        addMemory(mix.memory, image, in, kind);
        if (kind == BindingCalls) {
            const auto id = static_cast<std::uint32_t>(in.imm);
            BindingUse& use = bindings[id];
            use.id = id;
            use.calls.push_back(placeOf(code, in.index * 8));
        }
    }
    for (std::size_t kind = 0; kind < kClasses; ++kind) {
        if (counts[kind] > 0) {
            mix.classes.push_back({kNames[kind], counts[kind]});
        }
    }
    std::ranges::stable_sort(mix.classes, std::greater<>(), &ClassCount::instructions);
    for (auto& [id, use] : bindings) {
        const auto name = image::bindingName(id);
        use.name = name ? std::string(*name) : fmt::format("binding 0x{:02x}", id);
        mix.bindings.push_back(std::move(use));
    }
    return mix;
}

} // namespace rbpf::analyse
