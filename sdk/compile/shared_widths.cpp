// SPDX-License-Identifier: GPL-3.0-or-later
// Contexts that a script and the firmware read alike: a member that is 8 bytes here and 4 in a 32-bit firmware is told at
// its line, with all behind it that would be out of place.
#include <set>

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Module.h>

#include "sdk/compile/internal.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::compile {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kDeepest = 8;
/// headers/rbpf/types.h: a pointer in a script, 8 bytes everywhere.
constexpr const char* kSharedPointer = "RBPF_ADDRESS_OF";

/// Without names and qualifiers; `names` gets those of typedefs.
const llvm::DIType* bare(const llvm::DIType* type, std::string* names = nullptr) {
    while (const auto* derived = llvm::dyn_cast_or_null<llvm::DIDerivedType>(type)) {
        switch (derived->getTag()) {
        case llvm::dwarf::DW_TAG_typedef:
            if (names != nullptr) {
                *names += derived->getName().str() + " ";
            }
            [[fallthrough]];
        case llvm::dwarf::DW_TAG_const_type:
        case llvm::dwarf::DW_TAG_volatile_type:
        case llvm::dwarf::DW_TAG_restrict_type:
            type = derived->getBaseType();
            break;
        default:
            return type;
        }
    }
    return type;
}

/// Of an array, else the type itself.
const llvm::DIType* elementOf(const llvm::DIType* type, std::string& names) {
    const auto* array = llvm::dyn_cast_or_null<llvm::DICompositeType>(type);
    const bool isArray = array != nullptr && array->getTag() == llvm::dwarf::DW_TAG_array_type;
    return isArray ? bare(array->getBaseType(), &names) : type;
}

bool isPointer(const llvm::DIType* type) {
    const auto* derived = llvm::dyn_cast_or_null<llvm::DIDerivedType>(type);
    return derived != nullptr && derived->getTag() == llvm::dwarf::DW_TAG_pointer_type;
}

class Widths {
public:
    Widths(Unit& unit, const llvm::Module& module) : unit_(unit), module_(module) {}

    void check() {
        for (const EntryFunction& entry : unit_.output.entries) {
            const llvm::Function* function = module_.getFunction(entry.function);
            const llvm::DISubprogram* program = function != nullptr ? function->getSubprogram() : nullptr;
            if (program == nullptr || program->getType() == nullptr || program->getType()->getTypeArray().size() < 2) {
                continue;
            }
            const llvm::DIType* first = bare(program->getType()->getTypeArray()[1]); // 0 is the result
            if (isPointer(first)) {
                checkMembers(bare(llvm::cast<llvm::DIDerivedType>(first)->getBaseType()), 0);
            }
        }
    }

private:
    void checkMembers(const llvm::DIType* type, unsigned depth) {
        const auto* whole = llvm::dyn_cast_or_null<llvm::DICompositeType>(type);
        if (whole == nullptr || depth > kDeepest) {
            return;
        }
        for (const llvm::DINode* element : whole->getElements()) {
            const auto* member = llvm::dyn_cast<llvm::DIDerivedType>(element);
            if (member == nullptr || member->getTag() != llvm::dwarf::DW_TAG_member || !isOurs(*member)) {
                continue;
            }
            std::string names;
            const llvm::DIType* held = elementOf(bare(member->getBaseType(), &names), names);
            if (isPointer(held)) {
                tell(*member, "is a pointer", std::string(kSharedPointer) + "(type) of <rbpf/types.h> is 8 bytes on both sides");
            } else if (const auto* number = llvm::dyn_cast_or_null<llvm::DIBasicType>(held)) {
                const llvm::StringRef name = number->getName();
                const bool isLong = name.contains("long") && !name.contains("long long");
                if (isLong && names.find("64") == std::string::npos) {
                    tell(*member, "is as wide as a pointer", "uint32_t and uint64_t are the same on both sides");
                }
            } else {
                checkMembers(held, depth + 1);
            }
        }
    }

    /// Not the SDK's: its headers are checked where they are made.
    static bool isOurs(const llvm::DIDerivedType& member) {
        const std::string file = member.getFile() != nullptr ? member.getFile()->getFilename().str() : std::string();
        return !file.empty() && file.find("/headers/rbpf/") == std::string::npos && file.find("/headers/compat/") == std::string::npos;
    }

    void tell(const llvm::DIDerivedType& member, const std::string& what, const std::string& hint) {
        const fs::path name = member.getFile()->getFilename().str();
        const fs::path file = name.is_absolute() ? name : fs::path(member.getFile()->getDirectory().str()) / name;
        const unsigned line = member.getLine();
        if (!told_.insert({file.string(), line}).second || lineOf(file, line).find(kSharedPointer) != std::string::npos) {
            return;
        }
        unit_.add({support::Severity::Warning,
                   {file.lexically_normal().string(), line, 0, line, 0},
                   "`" + member.getName().str() + "` of the context " + what + ": 8 bytes in a script, 4 in the firmware of a 32-bit board",
                   hint,
                   {},
                   {}});
    }

    /// A line of a source, as the editor or the disk has it.
    [[nodiscard]] std::string lineOf(const fs::path& file, unsigned line) const {
        const std::string path = (file.is_absolute() ? file : unit_.request.projectDir / file).lexically_normal();
        const auto unsaved = unit_.request.unsaved.find(path);
        const std::string text = unsaved != unit_.request.unsaved.end() ? unsaved->second : support::readText(path).value_or("");
        std::size_t start = 0;
        for (unsigned at = 1; at < line && start != std::string::npos; ++at) {
            start = text.find('\n', start);
            start += start != std::string::npos ? 1 : 0;
        }
        return start != std::string::npos ? text.substr(start, text.find('\n', start) - start) : std::string();
    }

    Unit& unit_;
    const llvm::Module& module_;
    std::set<std::pair<std::string, unsigned>> told_;
};

} // namespace

void checkSharedWidths(Unit& unit, const llvm::Module& module) {
    Widths(unit, module).check();
}

} // namespace rbpf::compile
