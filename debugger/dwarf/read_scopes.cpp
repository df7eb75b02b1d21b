// SPDX-License-Identifier: GPL-3.0-or-later
// Functions, inlined calls, blocks and the variables in them.
#include "debugger/dwarf/reader.hpp"

#include <algorithm>
#include <limits>

#include <llvm/DebugInfo/DWARF/DWARFLocationExpression.h>

namespace rbpf::dwarf {

using namespace llvm::dwarf;

namespace {

constexpr unsigned kMaxDepth = 128;
constexpr std::uint64_t kNowhere = std::numeric_limits<std::uint32_t>::max();

bool isVariable(const llvm::DWARFDie& die) {
    return die.getTag() == DW_TAG_formal_parameter || die.getTag() == DW_TAG_variable;
}

unsigned unsignedOf(const llvm::DWARFDie& die, Attribute attribute) {
    return static_cast<unsigned>(toUnsigned(die.find(attribute), 0));
}

} // namespace

std::string stringOf(const llvm::DWARFDie& die, Attribute attribute) {
    return llvm::dwarf::toString(die.findRecursively(attribute), "");
}

std::string Reader::fileNamed(const llvm::DWARFFormValue& value) const {
    if (!soundLines_.contains(value.getUnit())) {
        return "";
    }
    const auto name = value.getAsFile(llvm::DILineInfoSpecifier::FileLineInfoKind::AbsoluteFilePath);
    return name ? normalPath(*name) : "";
}

Position Reader::declarationOf(const llvm::DWARFDie& die) {
    Position position;
    if (const auto file = die.findRecursively({DW_AT_decl_file})) {
        position.file = fileNamed(*file);
    }
    position.line = static_cast<unsigned>(toUnsigned(die.findRecursively({DW_AT_decl_line}), 0));
    return position;
}

std::vector<AddressRange> Reader::rangesOf(const llvm::DWARFDie& die) {
    std::vector<AddressRange> result;
    auto ranges = die.getAddressRanges();
    if (!ranges) {
        problem(llvm::toString(ranges.takeError()));
        return result;
    }
    for (const auto& range : *ranges) {
        if (range.LowPC < range.HighPC && range.HighPC <= model_.text.size()) {
            result.push_back({static_cast<std::uint32_t>(range.LowPC), static_cast<std::uint32_t>(range.HighPC)});
        }
    }
    std::ranges::sort(result, {}, &AddressRange::low);
    return result;
}

std::vector<Operation> Reader::decode(llvm::DWARFUnit* unit, llvm::ArrayRef<std::uint8_t> bytes,
                                      std::string& unsupported) {
    LocationContext context;
    context.address = [unit](std::uint64_t index) -> std::optional<std::uint64_t> {
        if (index > kNowhere) {
            return std::nullopt;
        }
        const auto entry = unit->getAddrOffsetSectionItem(static_cast<std::uint32_t>(index));
        return entry ? std::optional<std::uint64_t>(entry->Address) : std::nullopt;
    };
    context.baseType = [unit](std::uint64_t offset) -> std::optional<LocationContext::BaseType> {
        const llvm::DWARFDie die = unit->getDIEForOffset(unit->getOffset() + offset);
        if (!die.isValid() || die.getTag() != DW_TAG_base_type) {
            return std::nullopt;
        }
        const auto encoding = toUnsigned(die.find(DW_AT_encoding), 0);
        return LocationContext::BaseType{toUnsigned(die.find(DW_AT_byte_size), 0),
                                         encoding == DW_ATE_signed || encoding == DW_ATE_signed_char};
    };
    auto operations = decodeLocation({bytes.data(), bytes.size()}, context);
    if (!operations) {
        unsupported = operations.error().message;
        return {};
    }
    return std::move(*operations);
}

VariableDefinition Reader::readVariable(const llvm::DWARFDie& die, VariableKind kind, std::uint32_t function) {
    VariableDefinition variable;
    variable.name = stringOf(die, DW_AT_name);
    variable.type = typeOf(die);
    variable.kind = kind;
    variable.declared = declarationOf(die);
    variable.function = function;
    if (const auto constant = die.findRecursively({DW_AT_const_value})) {
        std::vector<std::uint8_t> bytes;
        if (const auto block = constant->getAsBlock()) {
            bytes.assign(block->begin(), block->end());
        } else {
            auto number = constant->getAsSignedConstant();
            const auto plainNumber = constant->getAsUnsignedConstant();
            if (number || plainNumber) {
                const auto value = number ? static_cast<std::uint64_t>(*number) : *plainNumber;
                for (unsigned i = 0; i < 8; ++i) {
                    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
                }
            }
        }
        if (!bytes.empty()) {
            variable.constant = std::move(bytes);
        }
    }
    if (!sound(die) || !die.find(DW_AT_location)) {
        return variable;
    }
    auto locations = die.getLocations(DW_AT_location);
    if (!locations) {
        problem(llvm::toString(locations.takeError()));
        return variable;
    }
    for (const auto& location : *locations) {
        LocationEntry entry;
        entry.everywhere = !location.Range.has_value();
        if (location.Range) {
            if (location.Range->LowPC >= location.Range->HighPC || location.Range->HighPC > model_.text.size()) {
                continue;
            }
            entry.range = {static_cast<std::uint32_t>(location.Range->LowPC),
                           static_cast<std::uint32_t>(location.Range->HighPC)};
        }
        entry.operations = decode(die.getDwarfUnit(), location.Expr, entry.unsupported);
        if (kind == VariableKind::Local && !entry.operations.empty() && entry.operations.front().code == DW_OP_addr) {
            variable.kind = VariableKind::Static;
        }
        variable.locations.push_back(std::move(entry));
    }
    return variable;
}

/// The optimiser drops whole variables from inlined copies; the abstract function still knows them.
void Reader::addLostVariables(const llvm::DWARFDie& die, Scope& scope, std::uint32_t function,
                              const std::vector<std::uint64_t>& seen) {
    const llvm::DWARFDie origin = die.getAttributeValueAsReferencedDie(DW_AT_abstract_origin);
    if (!origin.isValid() || origin == die) {
        return;
    }
    for (const llvm::DWARFDie& child : childrenOf(origin)) {
        if (isVariable(child) && std::ranges::find(seen, child.getOffset()) == seen.end()) {
            const bool parameter = child.getTag() == DW_TAG_formal_parameter;
            scope.variables.push_back(
                readVariable(child, parameter ? VariableKind::Parameter : VariableKind::Local, function));
        }
    }
}

void Reader::readScope(const llvm::DWARFDie& die, Scope& scope, std::uint32_t function, unsigned depth) {
    std::vector<std::uint64_t> seen;
    for (const llvm::DWARFDie& child : childrenOf(die)) {
        if (isVariable(child)) {
            const bool parameter = child.getTag() == DW_TAG_formal_parameter;
            scope.variables.push_back(
                readVariable(child, parameter ? VariableKind::Parameter : VariableKind::Local, function));
            const llvm::DWARFDie origin = child.getAttributeValueAsReferencedDie(DW_AT_abstract_origin);
            if (origin.isValid()) {
                seen.push_back(origin.getOffset());
            }
            continue;
        }
        const bool inlined = child.getTag() == DW_TAG_inlined_subroutine;
        if (!inlined && child.getTag() != DW_TAG_lexical_block) {
            continue;
        }
        if (depth >= kMaxDepth) {
            problem("scopes are nested too deeply");
            return;
        }
        Scope inner;
        inner.kind = inlined ? Scope::Kind::Inlined : Scope::Kind::Block;
        inner.ranges = rangesOf(child);
        if (inner.ranges.empty()) {
            continue;
        }
        if (inlined) {
            inner.name = stringOf(child, DW_AT_name);
            inner.declared = declarationOf(child);
            if (const auto file = child.find(DW_AT_call_file)) {
                inner.call.file = fileNamed(*file);
            }
            inner.call.line = unsignedOf(child, DW_AT_call_line);
            inner.call.column = unsignedOf(child, DW_AT_call_column);
        }
        readScope(child, inner, function, depth + 1);
        scope.children.push_back(std::move(inner));
    }
    addLostVariables(die, scope, function, seen);
    // Parameters before locals, whatever order the optimiser left them in.
    std::vector<VariableDefinition> ordered;
    for (const bool parameters : {true, false}) {
        for (auto& variable : scope.variables) {
            if ((variable.kind == VariableKind::Parameter) == parameters) {
                ordered.push_back(std::move(variable));
            }
        }
    }
    scope.variables = std::move(ordered);
}

void Reader::readFunction(const llvm::DWARFDie& die, std::uint32_t unit) {
    FunctionDefinition function;
    function.root.ranges = rangesOf(die);
    if (function.root.ranges.empty()) {
        return; // declared only, or everywhere inlined
    }
    function.range = {function.root.ranges.front().low, function.root.ranges.back().high};
    function.root.name = stringOf(die, DW_AT_name);
    function.root.declared = declarationOf(die);
    function.unit = unit;
    function.type = typeAt(die);
    if (const auto base = die.find(DW_AT_frame_base)) {
        if (const auto block = base->getAsBlock()) {
            std::string unsupported;
            function.frameBase = decode(die.getDwarfUnit(), *block, unsupported);
            const auto& base = function.frameBase;
            function.frameBaseIsR10 = base.empty() || (base.size() == 1 && base[0].code == DW_OP_reg0 + 10);
        }
    }
    readScope(die, function.root, static_cast<std::uint32_t>(model_.functions.size()), 0);
    model_.functions.push_back(std::move(function));
}

} // namespace rbpf::dwarf
