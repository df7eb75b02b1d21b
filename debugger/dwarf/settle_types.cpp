// SPDX-License-Identifier: GPL-3.0-or-later
// After reading: every type gets its size from what is inside it, and nonsense is cut, so that nobody behind this needs
// to expect cycles or absurd sizes.
#include <unordered_map>

#include "debugger/dwarf/model.hpp"

namespace rbpf::dwarf {

void settleTypes(Model& model);

namespace {

constexpr unsigned kMaxNesting = 100;
constexpr std::uint64_t kMaxSize = std::uint64_t{1} << 28; // one region

class Settler {
public:
    explicit Settler(Model& model) : model_(model) {}

    void all() {
        for (auto& type : model_.types) {
            settle(type, 0);
        }
    }

private:
    enum class Progress : std::uint8_t {
        Fresh,
        Open,
        Done
    };

    /// False: it contains itself, or is nested beyond reason.
    bool settle(Type& type, unsigned depth) {
        auto& progress = progress_[&type];
        if (progress != Progress::Fresh) {
            return progress == Progress::Done;
        }
        if (depth > kMaxNesting) {
            return false;
        }
        progress = Progress::Open;
        dispatch(type, depth);
        if (type.size > kMaxSize) {
            reset(type);
        }
        progress_[&type] = Progress::Done;
        return true;
    }

    /// The type below, settled; Unknown in its place if that cannot be.
    const Type* inner(const Type* type, unsigned depth) {
        // Only types of the model are open to change; built-in ones are settled and not in the map.
        if (type == nullptr) {
            return builtin(Builtin::Void);
        }
        if (!owned(type)) {
            return type;
        }
        return settle(*const_cast<Type*>(type), depth + 1) ? type : builtin(Builtin::Unknown);
    }

    bool owned(const Type* type) {
        if (owned_.empty()) {
            for (const auto& each : model_.types) {
                owned_.emplace(&each, true);
            }
        }
        return owned_.contains(type);
    }

    static void reset(Type& type) { type = Type{}; }

    void dispatch(Type& type, unsigned depth) {
        switch (type.kind) {
        case TypeKind::Boolean:
        case TypeKind::Integer:
        case TypeKind::Character:
        case TypeKind::Float:
            if (type.size != 1 && type.size != 2 && type.size != 4 && type.size != 8 && type.size != 16) {
                reset(type);
            }
            break;
        case TypeKind::Enum:
            if (const auto* base = type.target != nullptr ? plain(inner(type.target, depth)) : nullptr) {
                type.size = type.size != 0 ? type.size : base->size;
                type.isSigned = type.isSigned || base->isSigned;
            }
            if (!type.declaredOnly && type.size != 1 && type.size != 2 && type.size != 4 && type.size != 8) {
                reset(type);
            }
            break;
        case TypeKind::Typedef:
        case TypeKind::Const:
        case TypeKind::Volatile:
            type.target = inner(type.target, depth);
            type.size = type.target->size;
            break;
        case TypeKind::Array:
            type.target = inner(type.target, depth);
            array(type);
            break;
        case TypeKind::Struct:
        case TypeKind::Union:
            members(type, depth);
            break;
        default:
            break;
        }
    }

    static void array(Type& type) {
        const auto element = type.target->size;
        if (element == 0 && type.count.value_or(0) != 0) {
            reset(type);
        } else if (element != 0 && type.count.value_or(0) > kMaxSize / element) {
            reset(type);
        } else {
            type.size = element * type.count.value_or(0);
        }
    }

    void members(Type& type, unsigned depth) {
        for (auto& member : type.members) {
            member.type = inner(member.type, depth);
        }
        std::erase_if(type.members, [&type](const Member& member) {
            const auto bytes = member.bitSize != 0 ? (member.bitOffset + member.bitSize + 7) / 8 : member.type->size;
            const bool odd = member.bitSize != 0 && (!isInteger(member.type) || member.type->size > 8 ||
                                                     member.bitSize > member.type->size * 8);
            return odd || member.offset > type.size || bytes > type.size - member.offset;
        });
    }

    Model& model_;
    std::unordered_map<const Type*, Progress> progress_;
    std::unordered_map<const Type*, bool> owned_;
};

} // namespace

void settleTypes(Model& model) {
    Settler(model).all();
}

} // namespace rbpf::dwarf
