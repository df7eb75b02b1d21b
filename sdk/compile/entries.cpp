// SPDX-License-Identifier: GPL-3.0-or-later
// Which functions start a run: those in a section named like a trigger (libbpf's SEC convention), those that rbpf.json
// names, else the only exported one. All others become internal, so that the optimiser may do with them as it likes.
#include <algorithm>

#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Utils/ModuleUtils.h>

#include "sdk/compile/internal.hpp"

namespace rbpf::compile {
namespace {

constexpr const char* kTriggers =
    R"(triggers are "coap/PATH", "timer/MILLISECONDS", "packet" and "event/NAME", for example SEC("timer/1000"))";

void complain(Unit& unit, support::SourceRange range, std::string message, std::string hint,
              std::vector<support::Diagnostic> notes = {}) {
    unit.add({support::Severity::Error, std::move(range), std::move(message), std::move(hint), {}, std::move(notes)});
}

bool calledByOthers(const llvm::Function& function) {
    for (const llvm::User* user : function.users()) {
        const auto* call = llvm::dyn_cast<llvm::CallBase>(user);
        if (call != nullptr && call->getFunction() != &function) {
            return true;
        }
    }
    return false;
}

/// Exported functions; if there are several, those that no other function calls.
std::vector<llvm::Function*> candidates(llvm::Module& module) {
    std::vector<llvm::Function*> exported;
    for (llvm::Function& function : module) {
        if (!function.isDeclaration() && function.hasExternalLinkage()) {
            exported.push_back(&function);
        }
    }
    if (exported.size() > 1) {
        std::vector<llvm::Function*> roots;
        std::copy_if(exported.begin(), exported.end(), std::back_inserter(roots),
                     [](const llvm::Function* function) { return !calledByOthers(*function); });
        if (!roots.empty()) {
            return roots;
        }
    }
    return exported;
}

void addOnlyExported(Unit& unit, llvm::Module& module, std::vector<llvm::Function*>& entries) {
    const std::vector<llvm::Function*> found = candidates(module);
    if (found.size() == 1) {
        entries.push_back(found.front());
        return;
    }
    if (found.empty()) {
        complain(unit, {}, "the script has no entry: every function in it is static or there is none",
                 R"(give a function a trigger, for example SEC("coap/sensor"), or make one function non-static)");
        return;
    }
    std::vector<support::Diagnostic> notes;
    std::string names;
    for (const llvm::Function* function : found) {
        names += (names.empty() ? "" : ", ") + nameOf(*function);
        notes.push_back({support::Severity::Note, placeOf(*function), nameOf(*function) + " is here", {}, {}, {}});
    }
    complain(
        unit, placeOf(*found[1]), "several functions could be the entry: " + names,
        R"(mark the entries with a trigger, SEC("coap/…"), or name them in rbpf.json ("entries"), or make the others static)",
        std::move(notes));
}

void addEntry(Unit& unit, llvm::Function& function, std::string trigger) {
    const support::SourceRange place = placeOf(function);
    if (function.arg_size() > 5) {
        return; // checkLimits tells
    }
    unit.output.entries.push_back({nameOf(function), std::move(trigger), place.file, place.line});
}

} // namespace

void findEntries(Unit& unit, llvm::Module& module) {
    std::vector<llvm::Function*> entries;
    std::vector<std::string> triggers;
    const auto add = [&](llvm::Function& function, std::string trigger) {
        entries.push_back(&function);
        triggers.push_back(std::move(trigger));
    };

    for (llvm::Function& function : module) {
        if (function.isDeclaration() || !function.hasSection()) {
            continue;
        }
        std::string trigger = function.getSection().str();
        function.setSection("");
        if (trigger == ".text") {
            continue;
        }
        const std::string wrong = checkTrigger(trigger);
        if (!wrong.empty()) {
            complain(unit, placeOf(function),
                     "\"" + trigger + "\" on the function `" + nameOf(function) + "`: " + wrong, kTriggers);
            continue;
        }
        add(function, std::move(trigger));
    }
    for (const auto& [name, place] : unit.request.entryFunctions) {
        llvm::Function* function = module.getFunction(name);
        if (function == nullptr || function->isDeclaration()) {
            complain(unit, place, "the entry `" + name + "` of rbpf.json is not a function of the script",
                     "is it spelled as in the source, and is its source among \"sources\"?");
        } else if (std::find(entries.begin(), entries.end(), function) == entries.end()) {
            add(*function, "");
        }
    }
    if (entries.empty() && !unit.hasErrors()) {
        addOnlyExported(unit, module, entries);
        triggers.resize(entries.size());
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
        llvm::Function& function = *entries[i];
        function.setLinkage(llvm::GlobalValue::ExternalLinkage);
        function.setVisibility(llvm::GlobalValue::DefaultVisibility);
        if (function.getName() != nameOf(function)) { // a static function that linking has renamed
            unit.add({support::Severity::Error,
                      placeOf(function),
                      "two entries are called `" + nameOf(function) + "`",
                      "give one of them another name",
                      {},
                      {}});
        }
        addEntry(unit, function, std::move(triggers[i]));
    }

    // `used` (part of SEC) has done its work; anything that no entry reaches may go.
    for (const char* list : {"llvm.used", "llvm.compiler.used"}) {
        if (llvm::GlobalVariable* variable = module.getGlobalVariable(list)) {
            variable->eraseFromParent();
        }
    }
    for (llvm::GlobalValue& value : module.global_values()) {
        if (!value.isDeclaration() && std::find(entries.begin(), entries.end(), &value) == entries.end()) {
            value.setLinkage(llvm::GlobalValue::InternalLinkage);
            value.setVisibility(llvm::GlobalValue::DefaultVisibility);
        }
        value.setDSOLocal(true);
    }
    for (llvm::GlobalObject& object : module.global_objects()) {
        object.setComdat(nullptr);
    }
}

} // namespace rbpf::compile
