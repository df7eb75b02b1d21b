// SPDX-License-Identifier: GPL-3.0-or-later
// Writing values back to where they live.
#include <algorithm>

#include <fmt/format.h>

#include "debugger/dwarf/value.hpp"

namespace rbpf::dwarf {

using support::ErrorKind;
using support::fail;

namespace {

support::Result<void> writePart(const Part& part, std::span<const std::uint8_t> bytes, State& state) {
    if (part.where == Part::Where::Memory) {
        if (!state.writeMemory(part.address, bytes)) {
            return fail(ErrorKind::Board, fmt::format("memory at {:#x} cannot be written", part.address));
        }
        return {};
    }
    // The other bytes of the register stay: part of another variable may live there.
    auto value = state.readRegister(part.registerNumber);
    if (value) {
        for (std::size_t i = 0; i < bytes.size() && part.registerByte + i < 8; ++i) {
            const auto shift = 8 * (part.registerByte + i);
            *value = (*value & ~(std::uint64_t{0xff} << shift)) | (std::uint64_t{bytes[i]} << shift);
        }
    }
    if (!value || !state.writeRegister(part.registerNumber, *value)) {
        return fail(ErrorKind::Board, fmt::format("r{} cannot be written in this frame", part.registerNumber));
    }
    return {};
}

/// The bytes around a bit-field with its bits replaced.
support::Result<std::vector<std::uint8_t>> mergeBits(const Value& value, std::span<const std::uint8_t> bytes,
                                                     const State& state) {
    std::vector<std::uint8_t> merged;
    for (const auto& part : value.parts) {
        // Byte by byte, as objects of one byte: their places are known to be readable from the bit-field itself.
        for (std::uint64_t i = 0; i < part.size; ++i) {
            Value byte;
            byte.type = builtin(Builtin::UnsignedChar);
            Part place = part;
            place.offset = 0;
            place.size = 1;
            place.address += static_cast<std::uint32_t>(i);
            place.registerByte += static_cast<unsigned>(i);
            byte.parts.push_back(place);
            load(byte, state);
            if (!byte.available()) {
                return fail(ErrorKind::Board, byte.reason);
            }
            merged.push_back(byte.bytes[0]);
        }
    }
    for (unsigned bit = 0; bit < value.bitSize; ++bit) {
        const unsigned to = value.bitOffset + bit;
        const bool set = bit / 8 < bytes.size() && (bytes[bit / 8] >> (bit % 8) & 1) != 0;
        const auto mask = static_cast<std::uint8_t>(1U << (to % 8));
        if (to / 8 < merged.size()) {
            merged[to / 8] = static_cast<std::uint8_t>(set ? merged[to / 8] | mask : merged[to / 8] & ~mask);
        }
    }
    return merged;
}

} // namespace

support::Result<void> store(Value& value, std::span<const std::uint8_t> bytes, State& state) {
    if (!value.editable()) {
        return fail(ErrorKind::Usage, value.parts.empty() ? "this is a result, not a place that can be written to"
                                                          : "not all of it has a place at this instruction");
    }
    std::vector<std::uint8_t> whole(bytes.begin(), bytes.end());
    if (value.bitSize != 0) {
        auto merged = mergeBits(value, bytes, state);
        if (!merged) {
            return tl::unexpected(merged.error());
        }
        whole = std::move(*merged);
    } else if (whole.size() != value.type->size) {
        return fail(ErrorKind::Usage, fmt::format("{} bytes do not fit into {}", whole.size(), typeName(value.type)));
    }
    for (const auto& part : value.parts) {
        if (part.offset > whole.size() || part.size > whole.size() - part.offset) {
            return fail(ErrorKind::Usage, "the place is larger than the value");
        }
        const auto written = writePart(part, std::span(whole).subspan(part.offset, part.size), state);
        if (!written) {
            return written;
        }
    }
    value.availability = Availability::Available;
    value.reason.clear();
    load(value, state);
    if (!value.available()) {
        return fail(ErrorKind::Board, value.reason);
    }
    return {};
}

} // namespace rbpf::dwarf
