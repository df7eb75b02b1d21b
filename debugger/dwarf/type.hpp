// SPDX-License-Identifier: GPL-3.0-or-later
// C types as a script sees them: a tree of plain data. Pointers are 8 bytes wide (their low 32 bits are the address).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rbpf::dwarf {

enum class TypeKind : std::uint8_t {
    Void,
    Boolean,
    Integer,
    Character, ///< any type of one byte that C calls a char, signed and unsigned ones included
    Float,     ///< only ever shown; BPF has no floating point
    Pointer,
    Struct,
    Union,
    Array,
    Enum,
    Typedef,
    Const,
    Volatile,
    Function,
    Unknown ///< debug information that makes no sense, or a kind C does not have
};

struct Type;

/// A member of a struct or union. Members of an anonymous struct hang below a member without a name.
struct Member {
    std::string name;
    const Type* type = nullptr;
    std::uint64_t offset = 0; ///< bytes from the start; of a bit-field: of the first byte that holds a bit of it
    unsigned bitOffset = 0;   ///< bit-fields: position in that byte, 0 … 7, from the least significant bit
    unsigned bitSize = 0;     ///< 0 = not a bit-field
};

struct Enumerator {
    std::string name;
    std::int64_t value = 0;
};

/// Types live as long as the DebugInfo that made them. No type contains itself by value, whatever the file said.
struct Type {
    TypeKind kind = TypeKind::Unknown;
    std::string name;       ///< base types and typedefs: the name; struct, union, enum: the tag; else ""
    std::uint64_t size = 0; ///< bytes; 0 = void, functions, flexible arrays and types that are only declared
    bool isSigned = false;  ///< integers, characters and enums
    bool declaredOnly = false;
    bool variadic = false; ///< functions
    const Type* target =
        nullptr; ///< pointee, element, aliased or qualified type, result of a function, base of an enum
    std::optional<std::uint64_t> count; ///< arrays: elements; none = flexible
    std::vector<Member> members;
    std::vector<Enumerator> enumerators;
    std::vector<const Type*> parameters;
};

/// The type below typedefs, const and volatile. Never null for a type that is not.
[[nodiscard]] const Type* plain(const Type* type);
/// As C writes it without a variable's name: `const char *`, `struct point`, `int[2][3]`, `int (*)(void *)`.
[[nodiscard]] std::string typeName(const Type* type);

[[nodiscard]] bool isInteger(const Type* type);   ///< Boolean, Integer, Character or Enum below its aliases
[[nodiscard]] bool isAggregate(const Type* type); ///< Struct, Union or Array
[[nodiscard]] bool isPlainChar(const Type* type); ///< `char` itself: shown as a character, its arrays as strings

/// The types of arithmetic. They live for ever.
enum class Builtin : std::uint8_t {
    Void,
    Bool,
    Char,
    SignedChar,
    UnsignedChar,
    Short,
    UnsignedShort,
    Int,
    UnsignedInt,
    Long,
    UnsignedLong,
    LongLong,
    UnsignedLongLong,
    Unknown
};
[[nodiscard]] const Type* builtin(Builtin which);

} // namespace rbpf::dwarf
