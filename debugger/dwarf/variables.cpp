// SPDX-License-Identifier: GPL-3.0-or-later
// Variables in scope and their values.
#include <algorithm>
#include <set>
#include <tuple>

#include "debugger/dwarf/debug_info.hpp"
#include "debugger/dwarf/model.hpp"

namespace rbpf::dwarf {

namespace {

Variable describe(const VariableDefinition& definition) {
    return {definition.name, definition.type, definition.kind, definition.declared, false, &definition};
}

bool hasPlace(const VariableDefinition& definition) {
    return definition.constant.has_value() || !definition.locations.empty();
}

/// The declaration in one file and the definition in another are one variable.
const VariableDefinition* findGlobal(const std::vector<VariableDefinition>& variables, std::string_view name) {
    const VariableDefinition* found = nullptr;
    for (const auto& variable : variables) {
        if (variable.name == name && (found == nullptr || (!hasPlace(*found) && hasPlace(variable)))) {
            found = &variable;
        }
    }
    return found;
}

} // namespace

std::vector<Variable> DebugInfo::variablesAt(std::uint32_t pc, std::size_t frame) const {
    std::vector<Variable> result;
    const auto* function = model_->functionAt(pc);
    if (function == nullptr) {
        return result;
    }
    // Inside out; a function's own scope, inlined or not, ends its frame.
    const auto path = scopePath(*function, pc);
    std::vector<const Scope*> scopes;
    std::size_t current = 0;
    for (auto at = path.rbegin(); at != path.rend(); ++at) {
        if (current == frame) {
            scopes.push_back(*at);
        }
        current += (*at)->kind != Scope::Kind::Block ? 1 : 0;
    }
    std::set<std::string> names;
    for (const Scope* scope : scopes) {
        std::set<std::string> here;
        for (const auto& definition : scope->variables) {
            if (definition.name.empty()) {
                continue;
            }
            auto variable = describe(definition);
            variable.shadowed = names.contains(variable.name);
            here.insert(variable.name);
            result.push_back(std::move(variable));
        }
        names.merge(here);
    }
    return result;
}

std::vector<Variable> DebugInfo::globals() const {
    std::vector<Variable> result;
    for (const auto& unit : model_->globals) {
        for (const auto& definition : unit) {
            const bool declaredElsewhere =
                !hasPlace(definition) && std::ranges::any_of(model_->globals, [&definition](const auto& other) {
                    const auto* found = findGlobal(other, definition.name);
                    return found != nullptr && hasPlace(*found);
                });
            if (!declaredElsewhere) {
                result.push_back(describe(definition));
            }
        }
    }
    std::ranges::sort(result, {}, [](const Variable& variable) {
        return std::tie(variable.name, variable.declared.file, variable.declared.line);
    });
    return result;
}

std::optional<Variable> DebugInfo::findVariable(std::string_view name, std::uint32_t pc, std::size_t frame) const {
    for (auto& variable : variablesAt(pc, frame)) {
        if (variable.name == name && !variable.shadowed) {
            return variable;
        }
    }
    const auto* function = model_->functionAt(pc);
    if (function != nullptr) {
        const auto* own = findGlobal(model_->globals[function->unit], name);
        if (own != nullptr && hasPlace(*own)) {
            return describe(*own);
        }
    }
    const VariableDefinition* found = nullptr;
    for (const auto& unit : model_->globals) {
        const auto* other = findGlobal(unit, name);
        if (other != nullptr && (found == nullptr || (!hasPlace(*found) && hasPlace(*other)))) {
            found = other;
        }
    }
    return found != nullptr ? std::optional(describe(*found)) : std::nullopt;
}

Value DebugInfo::read(const Variable& variable, std::uint32_t pc, const State& state) const {
    const auto* definition = variable.definition;
    if (definition == nullptr) {
        return unavailable(variable.type, Availability::OptimisedOut, "it is not a variable of this program");
    }
    const auto size = definition->type->size;
    if (plain(definition->type)->kind == TypeKind::Unknown) {
        return unavailable(definition->type, Availability::Unreadable,
                           "its type is missing from the debug information");
    }
    if (definition->constant) {
        Value value;
        value.type = definition->type;
        value.bytes = *definition->constant;
        value.bytes.resize(std::min(size, kLoadBytes));
        return value;
    }
    if (definition->locations.empty()) {
        return unavailable(definition->type, Availability::OptimisedOut, "the optimiser removed it");
    }
    const auto entry = std::ranges::find_if(definition->locations, [pc](const LocationEntry& location) {
        return location.everywhere || location.range.contains(pc);
    });
    if (entry == definition->locations.end()) {
        return unavailable(definition->type, Availability::OptimisedOut, "it is not kept at this instruction");
    }
    if (!entry->unsupported.empty()) {
        return unavailable(definition->type, Availability::OptimisedOut, entry->unsupported);
    }
    FrameShape frame;
    if (definition->kind != VariableKind::Global && definition->function < model_->functions.size()) {
        const auto& function = model_->functions[definition->function];
        frame = {function.frameBaseIsR10, function.frameBase, function.frameBytes, model_->countsFromLowEnd};
    }
    auto located = locate(entry->operations, size, frame, state);
    Value value;
    value.type = definition->type;
    value.availability = located.availability;
    value.reason = std::move(located.reason);
    value.parts = std::move(located.parts);
    value.bytes = std::move(located.bytes);
    if (std::ranges::all_of(value.parts, [](const Part& part) { return part.where == Part::Where::Constant; })) {
        value.parts.clear(); // a number, not an object
    }
    load(value, state);
    return value;
}

} // namespace rbpf::dwarf
