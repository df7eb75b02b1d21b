// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dwarf/type.hpp"

#include <array>

namespace rbpf::dwarf {

namespace {

constexpr unsigned kMaxChain = 200; // longer than any chain that settled types can have

Type base(TypeKind kind, const char* name, std::uint64_t size, bool isSigned) {
    Type type;
    type.kind = kind;
    type.name = name;
    type.size = size;
    type.isSigned = isSigned;
    return type;
}

/// C writes types around the name: `inner` is what stands where the name would.
std::string declare(const Type* type, std::string inner, unsigned depth) {
    if (type == nullptr || depth > 32) {
        return "…" + inner;
    }
    const auto spaced = [&inner](std::string name) {
        return inner.empty() || inner.front() == '[' ? name + inner : name + " " + inner;
    };
    switch (type->kind) {
    case TypeKind::Pointer: {
        const bool around = type->target != nullptr &&
                            (type->target->kind == TypeKind::Array || type->target->kind == TypeKind::Function);
        return declare(type->target, around ? "(*" + inner + ")" : "*" + inner, depth + 1);
    }
    case TypeKind::Array:
        return declare(type->target, inner + "[" + (type->count ? std::to_string(*type->count) : "") + "]", depth + 1);
    case TypeKind::Function: {
        std::string parameters;
        for (const Type* parameter : type->parameters) {
            parameters += (parameters.empty() ? "" : ", ") + declare(parameter, "", depth + 1);
        }
        if (type->variadic) {
            parameters += parameters.empty() ? "..." : ", ...";
        }
        return declare(type->target, inner + "(" + (parameters.empty() ? "void" : parameters) + ")", depth + 1);
    }
    case TypeKind::Const:
    case TypeKind::Volatile:
        if (type->target != nullptr && type->target->kind == TypeKind::Pointer) {
            return declare(type->target, type->name + (inner.empty() ? "" : " " + inner), depth + 1);
        }
        return type->name + " " + declare(type->target, std::move(inner), depth + 1);
    case TypeKind::Struct:
        return spaced("struct " + (type->name.empty() ? "{…}" : type->name));
    case TypeKind::Union:
        return spaced("union " + (type->name.empty() ? "{…}" : type->name));
    case TypeKind::Enum:
        return spaced("enum " + (type->name.empty() ? "{…}" : type->name));
    case TypeKind::Void:
        return spaced("void");
    case TypeKind::Unknown:
        return spaced("(unknown type)");
    default:
        return spaced(type->name);
    }
}

} // namespace

const Type* plain(const Type* type) {
    for (unsigned i = 0; i < kMaxChain && type != nullptr; ++i) {
        if (type->kind != TypeKind::Typedef && type->kind != TypeKind::Const && type->kind != TypeKind::Volatile) {
            return type;
        }
        type = type->target;
    }
    return builtin(Builtin::Unknown);
}

std::string typeName(const Type* type) {
    return declare(type, "", 0);
}

bool isInteger(const Type* type) {
    const auto kind = plain(type)->kind;
    return kind == TypeKind::Boolean || kind == TypeKind::Integer || kind == TypeKind::Character ||
           kind == TypeKind::Enum;
}

bool isAggregate(const Type* type) {
    const auto kind = plain(type)->kind;
    return kind == TypeKind::Struct || kind == TypeKind::Union || kind == TypeKind::Array;
}

bool isPlainChar(const Type* type) {
    const Type* bare = plain(type);
    // A typedef of char (uint8_t is one of unsigned char) is meant as a number only if its base is not plain char.
    return bare->kind == TypeKind::Character && bare->name == "char";
}

const Type* builtin(Builtin which) {
    static const std::array<Type, 14> types = {
        base(TypeKind::Void, "void", 0, false),
        base(TypeKind::Boolean, "_Bool", 1, false),
        base(TypeKind::Character, "char", 1, true),
        base(TypeKind::Character, "signed char", 1, true),
        base(TypeKind::Character, "unsigned char", 1, false),
        base(TypeKind::Integer, "short", 2, true),
        base(TypeKind::Integer, "unsigned short", 2, false),
        base(TypeKind::Integer, "int", 4, true),
        base(TypeKind::Integer, "unsigned int", 4, false),
        base(TypeKind::Integer, "long", 8, true),
        base(TypeKind::Integer, "unsigned long", 8, false),
        base(TypeKind::Integer, "long long", 8, true),
        base(TypeKind::Integer, "unsigned long long", 8, false),
        base(TypeKind::Unknown, "", 0, false),
    };
    return &types[static_cast<std::size_t>(which)];
}

} // namespace rbpf::dwarf
