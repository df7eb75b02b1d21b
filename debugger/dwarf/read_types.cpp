// SPDX-License-Identifier: GPL-3.0-or-later
// Types, without recursion: a DIE that is met gets an empty Type and waits for its turn.
#include "debugger/dwarf/reader.hpp"

#include <algorithm>

namespace rbpf::dwarf {

using namespace llvm::dwarf;

namespace {

std::optional<std::uint64_t> number(const llvm::DWARFDie& die, Attribute attribute) {
    return toUnsigned(die.find(attribute));
}

/// Enumerators and array bounds come in signed and unsigned forms.
std::optional<std::int64_t> signedNumber(const llvm::DWARFDie& die, Attribute attribute) {
    const auto value = die.find(attribute);
    if (!value) {
        return std::nullopt;
    }
    if (const auto number = value->getAsSignedConstant()) {
        return number;
    }
    const auto plainNumber = value->getAsUnsignedConstant();
    return plainNumber ? std::optional(static_cast<std::int64_t>(*plainNumber)) : std::nullopt;
}

void fillBase(Type& type, const llvm::DWARFDie& die) {
    switch (number(die, DW_AT_encoding).value_or(0)) {
    case DW_ATE_boolean:
        type.kind = TypeKind::Boolean;
        break;
    case DW_ATE_signed_char:
        type.isSigned = true;
        type.kind = TypeKind::Character;
        break;
    case DW_ATE_unsigned_char:
    case DW_ATE_UTF:
        type.kind = TypeKind::Character;
        break;
    case DW_ATE_signed:
        type.isSigned = true;
        type.kind = TypeKind::Integer;
        break;
    case DW_ATE_unsigned:
        type.kind = TypeKind::Integer;
        break;
    case DW_ATE_float:
        type.kind = TypeKind::Float;
        break;
    default:
        break;
    }
    if (type.kind == TypeKind::Character && type.size != 1) {
        type.kind = TypeKind::Integer;
    }
}

} // namespace

const Type* Reader::typeOf(const llvm::DWARFDie& die) {
    const auto value = die.findRecursively({DW_AT_type});
    if (!value) {
        return builtin(Builtin::Void);
    }
    const llvm::DWARFDie target = die.getAttributeValueAsReferencedDie(*value);
    return target.isValid() ? typeAt(target) : builtin(Builtin::Unknown);
}

Type* Reader::typeAt(const llvm::DWARFDie& die) {
    const auto [entry, isNew] = typesByOffset_.try_emplace(die.getOffset(), nullptr);
    if (isNew) {
        entry->second = &model_.types.emplace_back();
        unfilled_.emplace_back(entry->second, die);
    }
    return entry->second;
}

void Reader::fillTypes() {
    while (!unfilled_.empty()) {
        const auto [type, die] = unfilled_.front();
        unfilled_.pop_front();
        fill(*type, die);
    }
}

void Reader::fill(Type& type, const llvm::DWARFDie& die) {
    type.name = stringOf(die, DW_AT_name);
    type.size = number(die, DW_AT_byte_size).value_or(0);
    type.declaredOnly = toUnsigned(die.find(DW_AT_declaration), 0) != 0;
    switch (die.getTag()) {
    case DW_TAG_base_type:
        fillBase(type, die);
        return;
    case DW_TAG_pointer_type:
        type.kind = TypeKind::Pointer;
        type.size = 8;
        type.target = typeOf(die);
        return;
    case DW_TAG_typedef:
        type.kind = TypeKind::Typedef;
        type.target = typeOf(die);
        return;
    case DW_TAG_const_type:
    case DW_TAG_volatile_type:
    case DW_TAG_restrict_type:
    case DW_TAG_atomic_type:
        type.kind = die.getTag() == DW_TAG_const_type ? TypeKind::Const : TypeKind::Volatile;
        type.name = die.getTag() == DW_TAG_const_type      ? "const"
                    : die.getTag() == DW_TAG_volatile_type ? "volatile"
                    : die.getTag() == DW_TAG_restrict_type ? "restrict"
                                                           : "_Atomic";
        type.target = typeOf(die);
        return;
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
        type.kind = die.getTag() == DW_TAG_union_type ? TypeKind::Union : TypeKind::Struct;
        fillMembers(type, die);
        return;
    case DW_TAG_enumeration_type: {
        type.kind = TypeKind::Enum;
        if (die.find(DW_AT_type)) {
            type.target = typeOf(die);
        }
        for (const llvm::DWARFDie& child : childrenOf(die)) {
            if (const auto value = signedNumber(child, DW_AT_const_value);
                child.getTag() == DW_TAG_enumerator && value) {
                type.enumerators.push_back({stringOf(child, DW_AT_name), *value});
                type.isSigned = type.isSigned || *value < 0;
            }
        }
        return;
    }
    case DW_TAG_array_type:
        fillArray(type, die);
        return;
    case DW_TAG_subroutine_type:
    case DW_TAG_subprogram:
        fillFunction(type, die);
        return;
    case DW_TAG_unspecified_type:
        type.kind = TypeKind::Void;
        return;
    default:
        type.kind = TypeKind::Unknown;
    }
}

void Reader::fillMembers(Type& type, const llvm::DWARFDie& die) {
    for (const llvm::DWARFDie& child : childrenOf(die)) {
        if (child.getTag() != DW_TAG_member) {
            continue;
        }
        Member member;
        member.name = stringOf(child, DW_AT_name);
        member.type = typeOf(child);
        if (const auto bits = number(child, DW_AT_bit_size)) {
            const auto position = number(child, DW_AT_data_bit_offset).value_or(0);
            member.bitSize = static_cast<unsigned>(std::min<std::uint64_t>(*bits, 1000));
            member.offset = position / 8;
            member.bitOffset = static_cast<unsigned>(position % 8);
            if (member.bitSize == 0 || member.bitSize > 64) {
                problem("a bit-field of impossible width: " + member.name);
                continue;
            }
        } else {
            member.offset = number(child, DW_AT_data_member_location).value_or(0);
        }
        type.members.push_back(std::move(member));
    }
}

/// One Type for each dimension; the outermost is `type` itself.
void Reader::fillArray(Type& type, const llvm::DWARFDie& die) {
    std::vector<std::optional<std::uint64_t>> dimensions;
    for (const llvm::DWARFDie& child : childrenOf(die)) {
        if (child.getTag() != DW_TAG_subrange_type) {
            continue;
        }
        if (const auto count = signedNumber(child, DW_AT_count)) {
            dimensions.emplace_back(*count < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(*count)));
        } else if (const auto bound = signedNumber(child, DW_AT_upper_bound);
                   bound && *bound >= -1 && *bound < INT64_MAX) {
            dimensions.emplace_back(static_cast<std::uint64_t>(*bound + 1));
        } else {
            dimensions.emplace_back();
        }
    }
    if (dimensions.empty() || dimensions.size() > 16) {
        dimensions.assign(1, std::nullopt);
    }
    Type* current = &type;
    for (std::size_t i = 0; i < dimensions.size(); ++i) {
        current->kind = TypeKind::Array;
        current->size = 0;
        current->count = dimensions[i];
        if (i + 1 < dimensions.size()) {
            Type* inner = &model_.types.emplace_back();
            current->target = inner;
            current = inner;
        }
    }
    current->target = typeOf(die);
}

void Reader::fillFunction(Type& type, const llvm::DWARFDie& die) {
    type.kind = TypeKind::Function;
    type.name.clear();
    type.size = 0;
    type.declaredOnly = false;
    type.target = typeOf(die);
    for (const llvm::DWARFDie& child : childrenOf(die)) {
        if (child.getTag() == DW_TAG_formal_parameter) {
            type.parameters.push_back(typeOf(child));
        } else if (child.getTag() == DW_TAG_unspecified_parameters) {
            type.variadic = true;
        }
    }
}

void Reader::nameTypes() {
    for (const Type& type : model_.types) {
        std::string name = type.name;
        switch (type.kind) {
        case TypeKind::Struct:
            name.insert(0, "struct ");
            break;
        case TypeKind::Union:
            name.insert(0, "union ");
            break;
        case TypeKind::Enum:
            name.insert(0, "enum ");
            for (const auto& enumerator : type.enumerators) {
                model_.enumerators.emplace(enumerator.name, DebugInfo::NamedConstant{&type, enumerator.value});
            }
            break;
        case TypeKind::Typedef:
        case TypeKind::Boolean:
        case TypeKind::Integer:
        case TypeKind::Character:
            break;
        default:
            continue;
        }
        if (type.name.empty() || type.name.starts_with("__ARRAY") || type.name.starts_with("DW_ATE")) {
            continue;
        }
        const auto [entry, isNew] = model_.namedTypes.emplace(name, &type);
        if (!isNew && entry->second->declaredOnly) {
            entry->second = &type;
        }
    }
}

} // namespace rbpf::dwarf
