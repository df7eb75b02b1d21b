// SPDX-License-Identifier: GPL-3.0-or-later
// Reading values from their places and taking them apart.
#include "debugger/dwarf/value.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace rbpf::dwarf {

std::optional<std::uint32_t> Value::address() const {
    if (parts.size() == 1 && parts[0].where == Part::Where::Memory && bitSize == 0) {
        return parts[0].address;
    }
    return std::nullopt;
}

bool Value::editable() const {
    return !parts.empty() && std::ranges::all_of(parts, [](const Part& part) {
        return part.where == Part::Where::Memory || part.where == Part::Where::Register;
    });
}

namespace {

std::optional<std::vector<std::uint8_t>> readPart(const Part& part, std::uint64_t size, const State& state) {
    if (part.where == Part::Where::Memory) {
        auto bytes = state.readMemory(part.address, static_cast<std::uint32_t>(size));
        return bytes && bytes->size() == size ? std::move(bytes) : std::nullopt;
    }
    const auto value = state.readRegister(part.registerNumber);
    if (!value) {
        return std::nullopt;
    }
    std::vector<std::uint8_t> bytes;
    for (std::uint64_t i = 0; i < size; ++i) {
        const auto position = 8 * (part.registerByte + i);
        bytes.push_back(position < 64 ? static_cast<std::uint8_t>(*value >> position) : 0);
    }
    return bytes;
}

void become(Value& value, Availability why, std::string reason) {
    value.availability = why;
    value.reason = std::move(reason);
    value.bytes.clear();
}

/// Cuts a bit-field's value out of the bytes that hold it.
void extractBits(Value& value) {
    std::uint64_t low = 0;
    for (std::size_t i = 0; i < value.bytes.size() && i < 8; ++i) {
        low |= std::uint64_t{value.bytes[i]} << (8 * i);
    }
    std::uint64_t bits = low >> value.bitOffset;
    if (value.bytes.size() > 8 && value.bitOffset != 0) {
        bits |= std::uint64_t{value.bytes[8]} << (64 - value.bitOffset);
    }
    const unsigned unused = 64 - value.bitSize;
    bits <<= unused;
    bits = plain(value.type)->isSigned ? static_cast<std::uint64_t>(static_cast<std::int64_t>(bits) >> unused)
                                       : bits >> unused;
    value.bytes.resize(std::min<std::uint64_t>(value.type->size, 8));
    for (std::size_t i = 0; i < value.bytes.size(); ++i) {
        value.bytes[i] = static_cast<std::uint8_t>(bits >> (8 * i));
    }
}

std::uint64_t placeBytes(const Value& value) {
    return value.bitSize != 0 ? (value.bitOffset + value.bitSize + 7) / 8 : value.type->size;
}

} // namespace

void load(Value& value, const State& state) {
    if (!value.available() || value.parts.empty()) {
        return;
    }
    value.bytes.resize(std::min(placeBytes(value), kLoadBytes));
    const bool whole = !isAggregate(value.type);
    for (const auto& part : value.parts) {
        if (part.where == Part::Where::Missing && whole) {
            become(value, Availability::OptimisedOut, "it is only partly kept at this instruction");
            return;
        }
        if (part.where == Part::Where::Missing || part.where == Part::Where::Constant ||
            part.offset >= value.bytes.size()) {
            continue;
        }
        const auto size = std::min(part.size, value.bytes.size() - part.offset);
        const auto bytes = size == 0 ? std::optional(std::vector<std::uint8_t>{}) : readPart(part, size, state);
        if (!bytes) {
            become(value, Availability::Unreadable,
                   part.where == Part::Where::Memory
                       ? fmt::format("memory at {:#x} cannot be read", part.address)
                       : fmt::format("r{} is not known in this frame", part.registerNumber));
            return;
        }
        std::ranges::copy(*bytes, value.bytes.begin() + static_cast<std::ptrdiff_t>(part.offset));
    }
    if (value.bitSize != 0) {
        extractBits(value);
    }
}

Value valueAt(const Type* type, std::uint32_t address, const State& state) {
    Value value;
    value.type = type;
    Part part;
    part.where = Part::Where::Memory;
    part.size = type->size;
    part.address = address;
    value.parts.push_back(part);
    load(value, state);
    return value;
}

Value resultValue(const Type* type, std::uint64_t number) {
    Value value;
    value.type = type;
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(type->size, 8); ++i) {
        value.bytes.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
    }
    return value;
}

Value unavailable(const Type* type, Availability why, std::string reason) {
    Value value;
    value.type = type;
    value.availability = why;
    value.reason = std::move(reason);
    return value;
}

namespace {

Value slice(const Value& whole, const Type* type, std::uint64_t offset, std::uint64_t size, const State& state,
            const Member* bits) {
    Value value;
    value.type = type;
    if (!whole.available() && whole.parts.empty()) {
        value.availability = whole.availability;
        value.reason = whole.reason;
        return value;
    }
    if (bits != nullptr) {
        value.bitOffset = bits->bitOffset;
        value.bitSize = bits->bitSize;
    }
    const auto address = whole.address();
    const bool loaded = whole.available() && offset <= whole.bytes.size() && size <= whole.bytes.size() - offset;
    if (!loaded && address) {
        Part part;
        part.where = Part::Where::Memory;
        part.size = size;
        part.address = *address + static_cast<std::uint32_t>(offset);
        value.parts.push_back(part);
        load(value, state);
        return value;
    }
    if (!loaded) {
        const bool missing = whole.availability == Availability::OptimisedOut;
        return unavailable(type, missing ? Availability::OptimisedOut : Availability::Unreadable,
                           !whole.reason.empty() ? whole.reason : "it lies outside of the object");
    }
    value.bytes.assign(whole.bytes.begin() + static_cast<std::ptrdiff_t>(offset),
                       whole.bytes.begin() + static_cast<std::ptrdiff_t>(offset + size));
    std::uint64_t known = whole.parts.empty() ? size : 0;
    for (Part part : whole.parts) {
        const auto low = std::max(part.offset, offset);
        const auto high = std::min(part.offset + part.size, offset + size);
        if (low >= high) {
            continue;
        }
        part.address += static_cast<std::uint32_t>(low - part.offset);
        part.registerByte += static_cast<unsigned>(low - part.offset);
        part.offset = low - offset;
        part.size = high - low;
        known += part.where != Part::Where::Missing ? part.size : 0;
        value.parts.push_back(part);
    }
    if (known < size && (known == 0 || !isAggregate(type))) {
        become(value, Availability::OptimisedOut, "it has no place at this instruction");
    } else if (bits != nullptr) {
        extractBits(value);
    }
    return value;
}

} // namespace

Value partOf(const Value& whole, const Type* type, std::uint64_t offset, const State& state) {
    return slice(whole, type, offset, type->size, state, nullptr);
}

Value memberOf(const Value& whole, const Member& member, const State& state) {
    if (member.bitSize == 0) {
        return partOf(whole, member.type, member.offset, state);
    }
    return slice(whole, member.type, member.offset, (member.bitOffset + member.bitSize + 7) / 8, state, &member);
}

Value elementOf(const Value& array, std::uint64_t index, const State& state) {
    const Type* element = plain(array.type)->target;
    return partOf(array, element, index * element->size, state);
}

std::optional<std::uint64_t> numberOf(const Value& value) {
    const Type* type = plain(value.type);
    if (!value.available() || (!isInteger(type) && type->kind != TypeKind::Pointer) || type->size == 0 ||
        type->size > 8 || value.bytes.size() < type->size) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    for (std::size_t i = type->size; i-- > 0;) {
        number = number << 8 | value.bytes[i];
    }
    const unsigned unused = 64 - 8 * static_cast<unsigned>(type->size);
    if (type->isSigned && unused != 0) {
        number = static_cast<std::uint64_t>(static_cast<std::int64_t>(number << unused) >> unused);
    }
    return number;
}

std::optional<std::uint32_t> addressMeant(const Value& value) {
    if (const auto number = numberOf(value)) {
        return static_cast<std::uint32_t>(*number); // the VM ignores the high half
    }
    return value.address();
}

} // namespace rbpf::dwarf
