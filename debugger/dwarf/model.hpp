// SPDX-License-Identifier: GPL-3.0-or-later
// What DebugInfo keeps of a file once it is read: plain data, checked. Internal to this folder.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "debugger/dwarf/debug_info.hpp"
#include "debugger/dwarf/location.hpp"

namespace rbpf::dwarf {

struct LocationEntry {
    bool everywhere = false; ///< else: inside of range
    AddressRange range;
    std::vector<Operation> operations;
    std::string unsupported; ///< why it could not be decoded; else ""
};

struct VariableDefinition {
    std::string name;
    const Type* type = nullptr;
    VariableKind kind = VariableKind::Local;
    Position declared;
    std::optional<std::vector<std::uint8_t>> constant; ///< DW_AT_const_value, as many bytes as the type has
    std::vector<LocationEntry> locations;
    std::uint32_t function = 0; ///< index of the function whose frame its locations count from
};

struct Scope {
    enum class Kind : std::uint8_t {
        Function,
        Inlined,
        Block
    };
    Kind kind = Kind::Function;
    std::string name;
    Position declared;
    Position call; ///< Inlined
    std::vector<AddressRange> ranges;
    std::vector<VariableDefinition> variables;
    std::vector<Scope> children;
    [[nodiscard]] bool contains(std::uint32_t pc) const;
};

struct FunctionDefinition {
    Scope root;
    AddressRange range;
    const Type* type = nullptr;
    std::uint32_t unit = 0;
    std::uint32_t bodyStart = 0;
    std::uint32_t frameBytes = 0;
    bool frameBaseIsR10 = true;       ///< DW_OP_reg10, what clang writes for BPF
    std::vector<Operation> frameBase; ///< else this
};

/// The line of the instructions in [address, end). Sorted by address, none overlap.
struct LineRow {
    std::uint32_t address = 0;
    std::uint32_t end = 0;
    std::uint32_t file = 0; ///< index into Model::files
    unsigned line = 0;      ///< 0 = code without a line
    unsigned column = 0;
    bool statement = false;
    bool prologueEnd = false;
};

struct Model {
    std::vector<std::uint8_t> text;
    bool countsFromLowEnd = true; ///< FrameShape
    std::deque<Type> types;       ///< never shrinks: addresses are stable
    std::vector<std::string> files;
    std::vector<LineRow> rows;
    std::vector<FunctionDefinition> functions;                  ///< by address
    std::vector<std::vector<VariableDefinition>> globals;       ///< by unit
    std::map<std::string, const Type*, std::less<>> namedTypes; ///< "phydat_t", "struct point", "unsigned int"
    std::map<std::string, DebugInfo::NamedConstant, std::less<>> enumerators;
    std::vector<std::string> problems;
    std::map<const Type*, const Type*> pointers; ///< made on demand
    std::map<std::pair<const Type*, std::uint64_t>, const Type*> arrays;

    [[nodiscard]] const FunctionDefinition* functionAt(std::uint32_t pc) const;
    [[nodiscard]] const LineRow* rowAt(std::uint32_t pc) const;
};

/// Scopes from a function's root down to the innermost block that holds pc.
[[nodiscard]] std::vector<const Scope*> scopePath(const FunctionDefinition& function, std::uint32_t pc);

} // namespace rbpf::dwarf
