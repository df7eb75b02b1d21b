// SPDX-License-Identifier: GPL-3.0-or-later
// From LLVM's view of a file to the Model. Internal, and the only header of this folder that names LLVM.
#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <llvm/DebugInfo/DWARF/DWARFContext.h>
#include <llvm/DebugInfo/DWARF/DWARFDie.h>

#include "debugger/dwarf/model.hpp"

namespace rbpf::dwarf {

class Reader {
public:
    Reader(llvm::DWARFContext& context, Model& model) : context_(context), model_(model) {}
    void readAll();

private:
    // units
    void readUnit(llvm::DWARFUnit& unit);
    void readRows(llvm::DWARFUnit& unit);
    std::uint32_t fileIndex(const std::string& name);
    void settleRows();

    // scopes and variables
    struct VariableUse;
    void readFunction(const llvm::DWARFDie& die, std::uint32_t unit);
    void readScope(const llvm::DWARFDie& die, Scope& scope, std::uint32_t function, unsigned depth);
    void addLostVariables(const llvm::DWARFDie& die, Scope& scope, std::uint32_t function,
                          const std::vector<std::uint64_t>& seen);
    VariableDefinition readVariable(const llvm::DWARFDie& die, VariableKind kind, std::uint32_t function);
    std::vector<AddressRange> rangesOf(const llvm::DWARFDie& die);
    std::vector<Operation> decode(llvm::DWARFUnit* unit, llvm::ArrayRef<std::uint8_t> bytes, std::string& unsupported);
    Position declarationOf(const llvm::DWARFDie& die);

    // types
    const Type* typeOf(const llvm::DWARFDie& die); ///< of a DIE that has DW_AT_type
    Type* typeAt(const llvm::DWARFDie& die);       ///< of a DIE that is a type
    void fillTypes();
    void fill(Type& type, const llvm::DWARFDie& die);
    void fillMembers(Type& type, const llvm::DWARFDie& die);
    void fillArray(Type& type, const llvm::DWARFDie& die);
    void fillFunction(Type& type, const llvm::DWARFDie& die);
    void nameTypes();

    /// Name of the file that DW_AT_decl_file or DW_AT_call_file stands for; "" if the unit's line table is damaged.
    [[nodiscard]] std::string fileNamed(const llvm::DWARFFormValue& value) const;
    void problem(std::string text);
    /// All its tables could be read; LLVM follows null pointers when asked for places in a unit where that failed.
    [[nodiscard]] bool sound(const llvm::DWARFDie& die) const { return soundUnits_.contains(die.getDwarfUnit()); }

    llvm::DWARFContext& context_;
    Model& model_;
    std::unordered_map<std::uint64_t, Type*> typesByOffset_;
    std::unordered_set<const llvm::DWARFUnit*> soundUnits_;
    std::unordered_set<const llvm::DWARFUnit*> soundLines_; ///< LLVM may parse their line tables
    std::deque<std::pair<Type*, llvm::DWARFDie>> unfilled_;
};

/// Sizes of all types, from the inside out; cuts what contains itself and what is larger than a script's memory.
void settleTypes(Model& model);

[[nodiscard]] std::string stringOf(const llvm::DWARFDie& die, llvm::dwarf::Attribute attribute);
/// LLVM's own range of children runs past the end where a damaged file leaves out the entry that ends the list.
[[nodiscard]] std::vector<llvm::DWARFDie> childrenOf(const llvm::DWARFDie& die);
[[nodiscard]] std::string normalPath(const std::string& path);

} // namespace rbpf::dwarf
