// SPDX-License-Identifier: GPL-3.0-or-later
// Functions and frames, over the Model.
#include "debugger/dwarf/debug_info.hpp"

#include <algorithm>

#include "debugger/dwarf/model.hpp"

namespace rbpf::dwarf {

DebugInfo::DebugInfo() : model_(std::make_unique<Model>()) {}
DebugInfo::~DebugInfo() = default;
DebugInfo::DebugInfo(DebugInfo&&) noexcept = default;
DebugInfo& DebugInfo::operator=(DebugInfo&&) noexcept = default;

bool Scope::contains(std::uint32_t pc) const {
    return std::ranges::any_of(ranges, [pc](const AddressRange& range) { return range.contains(pc); });
}

const FunctionDefinition* Model::functionAt(std::uint32_t pc) const {
    const auto found =
        std::ranges::find_if(functions, [pc](const auto& function) { return function.root.contains(pc); });
    return found != functions.end() ? &*found : nullptr;
}

const LineRow* Model::rowAt(std::uint32_t pc) const {
    const auto behind = std::ranges::upper_bound(rows, pc, {}, &LineRow::address);
    if (behind == rows.begin()) {
        return nullptr;
    }
    const auto& row = *(behind - 1);
    return pc < row.end ? &row : nullptr;
}

std::vector<const Scope*> scopePath(const FunctionDefinition& function, std::uint32_t pc) {
    std::vector<const Scope*> path = {&function.root};
    for (bool deeper = true; deeper;) {
        deeper = false;
        for (const auto& child : path.back()->children) {
            if (child.contains(pc)) {
                path.push_back(&child);
                deeper = true;
                break;
            }
        }
    }
    return path;
}

bool DebugInfo::empty() const {
    return model_->rows.empty() && model_->functions.empty();
}

const std::vector<std::string>& DebugInfo::problems() const {
    return model_->problems;
}

namespace {

Function describe(const FunctionDefinition& function) {
    return {function.root.name, function.root.declared, function.range, function.bodyStart, function.frameBytes};
}

/// Where a breakpoint on an inlined copy belongs: its first statement, else its first instruction.
std::uint32_t firstStatement(const Model& model, const Scope& scope) {
    for (const auto& row : model.rows) {
        if (row.statement && row.line != 0 && scope.contains(row.address)) {
            return row.address;
        }
    }
    return scope.ranges.front().low;
}

void collectCopies(const Model& model, const Scope& scope, std::string_view name, std::vector<CodePlace>& places) {
    for (const auto& child : scope.children) {
        if (child.kind == Scope::Kind::Inlined && child.name == name) {
            const auto address = firstStatement(model, child);
            const auto* row = model.rowAt(address);
            places.push_back({address, child.name, true, row != nullptr ? row->column : 0});
        }
        collectCopies(model, child, name, places);
    }
}

} // namespace

std::vector<Function> DebugInfo::functions() const {
    std::vector<Function> result;
    for (const auto& function : model_->functions) {
        result.push_back(describe(function));
    }
    return result;
}

std::optional<Function> DebugInfo::functionAt(std::uint32_t pc) const {
    const auto* function = model_->functionAt(pc);
    return function != nullptr ? std::optional(describe(*function)) : std::nullopt;
}

std::vector<CodePlace> DebugInfo::placesOf(std::string_view name) const {
    std::vector<CodePlace> places;
    for (const auto& function : model_->functions) {
        if (function.root.name == name) {
            const auto* row = model_->rowAt(function.bodyStart);
            places.push_back({function.bodyStart, function.root.name, false, row != nullptr ? row->column : 0});
        }
        collectCopies(*model_, function.root, name, places);
    }
    std::ranges::sort(places, {}, &CodePlace::address);
    return places;
}

std::optional<Position> DebugInfo::positionOf(std::uint32_t pc) const {
    const auto* row = model_->rowAt(pc);
    if (row == nullptr || row->line == 0) {
        return std::nullopt;
    }
    return Position{model_->files[row->file], row->line, row->column};
}

std::vector<Frame> DebugInfo::framesAt(std::uint32_t pc) const {
    std::vector<Frame> frames;
    const auto* function = model_->functionAt(pc);
    if (function == nullptr) {
        return frames;
    }
    // Inside out: each frame stands where the one inside it is called.
    Position position = positionOf(pc).value_or(Position{});
    const auto path = scopePath(*function, pc);
    for (auto at = path.rbegin(); at != path.rend(); ++at) {
        const Scope& scope = **at;
        if (scope.kind == Scope::Kind::Block) {
            continue;
        }
        const auto range = std::ranges::find_if(scope.ranges, [pc](const auto& each) { return each.contains(pc); });
        frames.push_back({scope.name, scope.kind == Scope::Kind::Inlined, position, scope.declared, *range});
        position = scope.call;
    }
    return frames;
}

} // namespace rbpf::dwarf
