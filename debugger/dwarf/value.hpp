// SPDX-License-Identifier: GPL-3.0-or-later
// A C object or result: its type, its bytes and where each of them lives. Reading, taking apart and writing back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "debugger/dwarf/state.hpp"
#include "debugger/dwarf/type.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::dwarf {

/// A run of a value's bytes and its place. The optimiser may keep a struct half in registers.
struct Part {
    enum class Where : std::uint8_t {
        Memory,
        Register,
        Constant, ///< computed; there is nothing to write to
        Missing   ///< optimised out
    };
    Where where = Where::Missing;
    std::uint64_t offset = 0;    ///< into the value, bytes
    std::uint64_t size = 0;      ///< bytes
    std::uint32_t address = 0;   ///< Memory
    unsigned registerNumber = 0; ///< Register
    unsigned registerByte = 0;   ///< Register: the first byte used, 0 = least significant
};

enum class Availability : std::uint8_t {
    Available,    ///< parts of an aggregate may be missing even so: see Value::parts
    OptimisedOut, ///< the program has it nowhere at this pc
    Unreadable    ///< it has a place but that cannot be read
};

/// Values above this many bytes are read piece by piece when they are looked at.
inline constexpr std::uint64_t kLoadBytes = 4096;

struct Value {
    const Type* type = nullptr;
    Availability availability = Availability::Available;
    std::string reason; ///< why it is not available, a clause without full stop; else ""
    std::vector<std::uint8_t>
        bytes;               ///< little-endian, at most kLoadBytes; of a bit-field: its value, widened to the type
    std::vector<Part> parts; ///< in order, without gaps; empty = a result that has no place
    unsigned bitOffset = 0;  ///< bit-fields: position in the first byte of parts
    unsigned bitSize = 0;    ///< 0 = not a bit-field

    [[nodiscard]] bool available() const { return availability == Availability::Available; }
    /// Where it starts if all of it lies in memory and it is not a bit-field.
    [[nodiscard]] std::optional<std::uint32_t> address() const;
    /// It has a place that may be written to; whether the board lets one is another matter.
    [[nodiscard]] bool editable() const;
};

/// Fills value.bytes from its parts; sets its availability. A scalar with a missing byte is optimised out.
void load(Value& value, const State& state);
/// The object of `type` at an address.
[[nodiscard]] Value valueAt(const Type* type, std::uint32_t address, const State& state);
/// A value without a place: what an expression computed.
[[nodiscard]] Value resultValue(const Type* type, std::uint64_t number);
[[nodiscard]] Value unavailable(const Type* type, Availability why, std::string reason);

/// The object of `type` that lies `offset` bytes into `whole`; outside of it only memory is followed (p[7], flexible
/// arrays).
[[nodiscard]] Value partOf(const Value& whole, const Type* type, std::uint64_t offset, const State& state);
[[nodiscard]] Value memberOf(const Value& whole, const Member& member, const State& state);
[[nodiscard]] Value elementOf(const Value& array, std::uint64_t index, const State& state);

/// Integers, enums, booleans and pointers as a number, sign-extended to 64 bits where the type is signed; nothing for
/// other types and where the value is not available.
[[nodiscard]] std::optional<std::uint64_t> numberOf(const Value& value);

/// What "show the memory at …" means by it: the number behind p, p + 4, &m; the place of arrays and structs.
[[nodiscard]] std::optional<std::uint32_t> addressMeant(const Value& value);

/// Writes `bytes` (as many as the type has) to the value's place and reads it back.
[[nodiscard]] support::Result<void> store(Value& value, std::span<const std::uint8_t> bytes, State& state);

/// What a person typed for a variable of `type`, as bytes: numbers (decimal, 0x, 0, 0b, 'c', a sign), names of
/// enumerators, true and false, "text" for arrays of char. Range-checked; `bitSize` narrows it for bit-fields.
[[nodiscard]] support::Result<std::vector<std::uint8_t>> encode(const Type* type, std::string_view text,
                                                                unsigned bitSize = 0);
/// The same for a number that is already one (`isSigned`: how to read its top bit).
[[nodiscard]] support::Result<std::vector<std::uint8_t>> encodeNumber(const Type* type, std::uint64_t number,
                                                                      bool isSigned, unsigned bitSize = 0);

} // namespace rbpf::dwarf
