// SPDX-License-Identifier: GPL-3.0-or-later
// Types by name, and types made from others.
#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "debugger/dwarf/debug_info.hpp"
#include "debugger/dwarf/expression_tree.hpp"
#include "debugger/dwarf/model.hpp"

namespace rbpf::dwarf {

namespace {

/// C spells base types in any order ("long unsigned int"); nothing if the words are not a base type's.
std::optional<Builtin> baseType(std::string_view name) {
    static constexpr std::array<std::string_view, 8> kWords = {"char",  "short",  "int",      "long",
                                                               "_Bool", "signed", "unsigned", "void"};
    std::array<unsigned, kWords.size()> count{};
    std::istringstream words{std::string(name)};
    unsigned total = 0;
    for (std::string word; words >> word; ++total) {
        const auto at = std::ranges::find(kWords, word == "bool" ? "_Bool" : std::string_view(word));
        if (at == kWords.end()) {
            return std::nullopt;
        }
        ++count[static_cast<std::size_t>(at - kWords.begin())];
    }
    const auto [chars, shorts, ints, longs, bools, signeds, unsigneds, voids] = count;
    if (total == 0 || ints > 1 || signeds + unsigneds > 1 || chars + (shorts > 0 ? 1 : 0) + (longs > 0 ? 1 : 0) > 1 ||
        shorts > 1 || longs > 2 || (chars != 0 && ints != 0) || ((bools != 0 || voids != 0) && total != 1)) {
        return std::nullopt;
    }
    const bool isUnsigned = unsigneds != 0;
    if (voids != 0) {
        return Builtin::Void;
    }
    if (bools != 0) {
        return Builtin::Bool;
    }
    if (chars != 0) {
        return isUnsigned ? Builtin::UnsignedChar : signeds != 0 ? Builtin::SignedChar : Builtin::Char;
    }
    if (shorts != 0) {
        return isUnsigned ? Builtin::UnsignedShort : Builtin::Short;
    }
    if (longs == 2) {
        return isUnsigned ? Builtin::UnsignedLongLong : Builtin::LongLong;
    }
    if (longs == 1) {
        return isUnsigned ? Builtin::UnsignedLong : Builtin::Long;
    }
    return isUnsigned ? Builtin::UnsignedInt : Builtin::Int;
}

struct Standard {
    std::string_view name;
    Builtin type;
};

/// What <stdint.h> and <stddef.h> define for BPF; known even where the script uses none of them.
constexpr std::array<Standard, 12> kStandard = {{
    {"int8_t", Builtin::SignedChar},
    {"uint8_t", Builtin::UnsignedChar},
    {"int16_t", Builtin::Short},
    {"uint16_t", Builtin::UnsignedShort},
    {"int32_t", Builtin::Int},
    {"uint32_t", Builtin::UnsignedInt},
    {"int64_t", Builtin::Long},
    {"uint64_t", Builtin::UnsignedLong},
    {"intptr_t", Builtin::Long},
    {"uintptr_t", Builtin::UnsignedLong},
    {"size_t", Builtin::UnsignedLong},
    {"ssize_t", Builtin::Long},
}};

} // namespace

const Type* DebugInfo::findType(std::string_view name) const {
    if (const auto base = baseType(name)) {
        return builtin(*base);
    }
    const auto found = model_->namedTypes.find(name);
    if (found != model_->namedTypes.end()) {
        return found->second;
    }
    const auto standard = std::ranges::find(kStandard, name, &Standard::name);
    return standard != kStandard.end() ? builtin(standard->type) : nullptr;
}

const Type* DebugInfo::pointerTo(const Type* target) const {
    auto& entry = model_->pointers[target];
    if (entry == nullptr) {
        Type& type = model_->types.emplace_back();
        type.kind = TypeKind::Pointer;
        type.size = 8;
        type.target = target;
        entry = &type;
    }
    return entry;
}

const Type* DebugInfo::arrayOf(const Type* element, std::uint64_t count) const {
    auto& entry = model_->arrays[{element, count}];
    if (entry == nullptr) {
        Type& type = model_->types.emplace_back();
        type.kind = TypeKind::Array;
        type.target = element;
        type.count = count;
        type.size = element->size * count;
        entry = &type;
    }
    return entry;
}

std::optional<DebugInfo::NamedConstant> DebugInfo::findEnumerator(std::string_view name) const {
    const auto found = model_->enumerators.find(name);
    return found != model_->enumerators.end() ? std::optional(found->second) : std::nullopt;
}

std::vector<std::string> DebugInfo::typeNames() const {
    std::set<std::string> names;
    for (const auto& [name, type] : model_->namedTypes) {
        names.insert(name);
    }
    for (const auto& standard : kStandard) {
        names.emplace(standard.name);
    }
    return {names.begin(), names.end()};
}

std::vector<std::string> DebugInfo::enumeratorNames() const {
    std::vector<std::string> names;
    for (const auto& [name, constant] : model_->enumerators) {
        names.push_back(name);
    }
    return names;
}

const Type* DebugInfo::functionType(std::string_view name) const {
    const auto found = std::ranges::find_if(model_->functions, [name](const auto& f) { return f.root.name == name; });
    return found != model_->functions.end() ? found->type : nullptr;
}

std::int64_t DebugInfo::resultOf(std::string_view function, std::uint64_t r0) const {
    const Type* type = functionType(function);
    const Type* returned = type != nullptr ? plain(type->target) : nullptr;
    const bool known = returned != nullptr && isInteger(returned);
    return static_cast<std::int64_t>(known ? convertNumber({r0, returned}, returned).bits : r0);
}

} // namespace rbpf::dwarf
