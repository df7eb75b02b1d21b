// SPDX-License-Identifier: GPL-3.0-or-later
// Source lines to code and back.
#include <algorithm>
#include <filesystem>
#include <set>

#include "debugger/dwarf/debug_info.hpp"
#include "debugger/dwarf/model.hpp"

namespace rbpf::dwarf {

namespace {

/// One of the two ends in all components of the other.
bool sameEnd(const std::string& left, const std::string& right) {
    const std::filesystem::path one(left);
    const std::filesystem::path other(right);
    auto a = one.end();
    auto b = other.end();
    while (a != one.begin() && b != other.begin()) {
        if (*--a != *--b) {
            return false;
        }
    }
    return true;
}

/// Indexes of the files that `name` means; an exact name excludes others that merely end alike.
std::set<std::uint32_t> filesNamed(const Model& model, std::string_view name) {
    const auto wanted = std::filesystem::path(name).lexically_normal().string();
    std::set<std::uint32_t> exact;
    std::set<std::uint32_t> alike;
    for (std::uint32_t i = 0; i < model.files.size(); ++i) {
        if (model.files[i] == wanted) {
            exact.insert(i);
        } else if (!wanted.empty() && sameEnd(model.files[i], wanted)) {
            alike.insert(i);
        }
    }
    return exact.empty() ? alike : exact;
}

/// The innermost function's scope: tells one inlined copy from another.
const Scope* frameScope(const Model& model, std::uint32_t pc) {
    const auto* function = model.functionAt(pc);
    if (function == nullptr) {
        return nullptr;
    }
    const auto path = scopePath(*function, pc);
    const auto found =
        std::find_if(path.rbegin(), path.rend(), [](const Scope* scope) { return scope->kind != Scope::Kind::Block; });
    return *found;
}

void add(std::vector<AddressRange>& ranges, AddressRange range) {
    if (!ranges.empty() && ranges.back().high == range.low) {
        ranges.back().high = range.high;
    } else {
        ranges.push_back(range);
    }
}

} // namespace

std::vector<std::string> DebugInfo::files() const {
    std::set<std::string> names;
    for (const auto& row : model_->rows) {
        if (row.line != 0) {
            names.insert(model_->files[row.file]);
        }
    }
    return {names.begin(), names.end()};
}

std::vector<unsigned> DebugInfo::linesWithCode(std::string_view file) const {
    const auto wanted = filesNamed(*model_, file);
    std::set<unsigned> lines;
    for (const auto& row : model_->rows) {
        if (row.statement && row.line != 0 && wanted.contains(row.file)) {
            lines.insert(row.line);
        }
    }
    return {lines.begin(), lines.end()};
}

std::optional<LineMatch> DebugInfo::placesOfLine(std::string_view file, unsigned line) const {
    const auto wanted = filesNamed(*model_, file);
    unsigned best = 0;
    for (const auto& row : model_->rows) {
        if (row.statement && wanted.contains(row.file) && row.line >= line && row.line != 0 &&
            (best == 0 || row.line < best)) {
            best = row.line;
        }
    }
    if (best == 0) {
        return std::nullopt;
    }
    LineMatch match;
    match.line = best;
    match.moved = best != line;
    // One place for each copy of the line: rows that merely go on with it (another column, a loop's second half) are no
    // further places to stop, unless another line of the same frame lies between and control may enter there alone.
    std::set<const Scope*> copies;
    for (const auto& row : model_->rows) {
        if (!row.statement || row.line != best || !wanted.contains(row.file)) {
            continue;
        }
        const Scope* scope = frameScope(*model_, row.address);
        if (!copies.insert(scope).second) {
            continue;
        }
        match.file = model_->files[row.file];
        CodePlace place;
        place.address = row.address;
        place.column = row.column;
        const auto* function = model_->functionAt(row.address);
        // On the line a function starts at, its body is meant, when that is on the line too.
        if (function != nullptr && scope == &function->root && row.address == function->range.low) {
            const auto* body = model_->rowAt(function->bodyStart);
            if (body != nullptr && body->line == best && body->file == row.file) {
                place.address = function->bodyStart;
                place.column = body->column;
            }
        }
        if (scope != nullptr) {
            place.function = scope->name;
            place.inlined = scope->kind == Scope::Kind::Inlined;
        }
        match.places.push_back(std::move(place));
    }
    return match;
}

StepRanges DebugInfo::stepRanges(std::uint32_t pc, std::size_t frame) const {
    StepRanges result;
    const auto frames = framesAt(pc);
    const auto* function = model_->functionAt(pc);
    if (frame >= frames.size() || function == nullptr) {
        return result;
    }
    // The frame's scope, and on the way to it nothing: frames count from the inside.
    std::vector<const Scope*> chain;
    for (const Scope* scope : scopePath(*function, pc)) {
        if (scope->kind != Scope::Kind::Block) {
            chain.push_back(scope);
        }
    }
    const Scope* wanted = chain[chain.size() - 1 - frame];
    const Position& here = frames[frame].position;
    for (const auto& row : model_->rows) {
        for (std::uint32_t at = row.address; at < row.end; at += 8) {
            if (!wanted->contains(at)) {
                continue;
            }
            const auto path = scopePath(*function, at);
            const Scope* called = nullptr; // the outermost function inlined into the frame at this address
            bool inFrame = false;
            for (const Scope* scope : path) {
                if (inFrame && called == nullptr && scope->kind == Scope::Kind::Inlined) {
                    called = scope;
                }
                inFrame = inFrame || scope == wanted;
            }
            const Position& call = called != nullptr ? called->call : here;
            const bool sameLine = called != nullptr ? call.line == here.line && call.file == here.file
                                                    : row.line == here.line && model_->files[row.file] == here.file;
            // Code without a line belongs to the line before it.
            const bool goesOn =
                called == nullptr && row.line == 0 && !result.own.empty() && result.own.back().high == at;
            if (!inFrame || (!sameLine && !goesOn)) {
                continue;
            }
            if (called == nullptr) {
                add(result.own, {at, at + 8});
            }
            add(result.withCalls, {at, at + 8});
        }
    }
    return result;
}

} // namespace rbpf::dwarf
