// SPDX-License-Identifier: GPL-3.0-or-later
// Opening: compile units, their line tables, and the order in which the rest is read.
#include "debugger/dwarf/reader.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <tuple>

#include <llvm/DebugInfo/DWARF/DWARFDebugLine.h>
#include <llvm/Support/MemoryBuffer.h>

#include "debugger/dwarf/elf_sections.hpp"
#include "debugger/dwarf/frame_size.hpp"
#include "debugger/dwarf/info_walk.hpp"
#include "debugger/dwarf/line_header.hpp"

namespace rbpf::dwarf {

namespace {

constexpr std::size_t kMaxProblems = 50;
/// What DWARF 5 needs of a file; indexes, unwind tables and what belongs to older versions stay out of LLVM's reach.
constexpr std::array<std::string_view, 9> kUsedSections = {".debug_abbrev",   ".debug_addr",     ".debug_info",
                                                           ".debug_line",     ".debug_line_str", ".debug_loclists",
                                                           ".debug_rnglists", ".debug_str",      ".debug_str_offsets"};
constexpr std::string_view kFramesNote = "frames: r10\n"; ///< sdk/compile's, see FrameShape
constexpr auto kPathKind = llvm::DILineInfoSpecifier::FileLineInfoKind::AbsoluteFilePath;

} // namespace

std::vector<llvm::DWARFDie> childrenOf(const llvm::DWARFDie& die) {
    std::vector<llvm::DWARFDie> result;
    for (auto child = die.getFirstChild(); child.isValid() && !child.isNULL(); child = child.getSibling()) {
        result.push_back(child);
    }
    return result;
}

std::string normalPath(const std::string& path) {
    return std::filesystem::path(path).lexically_normal().string();
}

void Reader::problem(std::string text) {
    if (model_.problems.size() < kMaxProblems) {
        model_.problems.push_back(std::move(text));
    }
}

std::uint32_t Reader::fileIndex(const std::string& name) {
    const auto found = std::ranges::find(model_.files, name);
    if (found != model_.files.end()) {
        return static_cast<std::uint32_t>(found - model_.files.begin());
    }
    model_.files.push_back(name);
    return static_cast<std::uint32_t>(model_.files.size() - 1);
}

void Reader::readRows(llvm::DWARFUnit& unit) {
    if (!soundLines_.contains(&unit)) {
        problem("a unit's line table cannot be read");
        return;
    }
    auto table =
        context_.getLineTableForUnit(&unit, [this](llvm::Error error) { problem(llvm::toString(std::move(error))); });
    if (!table) {
        problem(llvm::toString(table.takeError()));
        return;
    }
    if (*table == nullptr) {
        return;
    }
    const char* directory = unit.getCompilationDir();
    std::unordered_map<std::uint64_t, std::uint32_t> files;
    const auto fileOf = [&](std::uint64_t number) {
        const auto known = files.find(number);
        if (known != files.end()) {
            return known->second;
        }
        std::string name;
        if (!(*table)->getFileNameByIndex(number, directory != nullptr ? directory : "", kPathKind, name)) {
            name.assign(1, '?');
        }
        return files.emplace(number, fileIndex(normalPath(name))).first->second;
    };
    const auto& rows = (*table)->Rows;
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
        const auto& row = rows[i];
        const std::uint64_t end = rows[i + 1].Address.Address;
        if (row.EndSequence || end <= row.Address.Address || end > model_.text.size() || row.Address.Address % 8 != 0) {
            continue; // empty, or of code that was dropped
        }
        LineRow result;
        result.address = static_cast<std::uint32_t>(row.Address.Address);
        result.end = static_cast<std::uint32_t>(end);
        result.file = fileOf(row.File);
        result.line = row.Line;
        result.column = row.Column;
        result.statement = row.IsStmt;
        result.prologueEnd = row.PrologueEnd;
        model_.rows.push_back(result);
    }
}

/// Sorts the rows of all units and cuts what overlaps, so that an address has one line.
void Reader::settleRows() {
    auto& rows = model_.rows;
    std::ranges::sort(rows, {}, [](const LineRow& row) {
        return std::tuple(row.address, row.end, row.file, row.line, row.column, row.statement, row.prologueEnd);
    });
    std::uint32_t free = 0;
    for (auto& row : rows) {
        row.address = std::max(row.address, free);
        free = std::max(free, row.end);
    }
    std::erase_if(rows, [](const LineRow& row) { return row.address >= row.end; });
}

void Reader::readUnit(llvm::DWARFUnit& unit) {
    const llvm::DWARFDie root = unit.getUnitDIE(false);
    if (!root.isValid()) {
        problem("a compile unit cannot be read");
        return;
    }
    const auto index = static_cast<std::uint32_t>(model_.globals.size());
    model_.globals.emplace_back();
    readRows(unit);
    for (const llvm::DWARFDie& die : childrenOf(root)) {
        switch (die.getTag()) {
        case llvm::dwarf::DW_TAG_subprogram:
            readFunction(die, index);
            break;
        case llvm::dwarf::DW_TAG_variable: {
            auto variable = readVariable(die, VariableKind::Global, 0);
            if (!variable.name.empty()) { // string literals are variables without a name
                model_.globals.back().push_back(std::move(variable));
            }
            break;
        }
        case llvm::dwarf::DW_TAG_typedef:
        case llvm::dwarf::DW_TAG_structure_type:
        case llvm::dwarf::DW_TAG_union_type:
        case llvm::dwarf::DW_TAG_enumeration_type:
        case llvm::dwarf::DW_TAG_base_type:
            static_cast<void>(typeAt(die));
            break;
        default:
            break;
        }
    }
}

void Reader::readAll() {
    const llvm::StringRef lines = context_.getDWARFObj().getLineSection().Data;
    for (const auto& unit : context_.compile_units()) {
        if (auto error = unit->tryExtractDIEsIfNeeded(false)) {
            problem(llvm::toString(std::move(error)));
        } else {
            soundUnits_.insert(unit.get());
        }
        const auto offset = llvm::dwarf::toSectionOffset(unit->getUnitDIE().find(llvm::dwarf::DW_AT_stmt_list));
        if (offset && isSoundLineHeader({reinterpret_cast<const std::uint8_t*>(lines.data()), lines.size()}, *offset)) {
            soundLines_.insert(unit.get());
        }
    }
    for (const auto& unit : context_.compile_units()) {
        if (soundUnits_.contains(unit.get())) {
            readUnit(*unit);
        }
    }
    fillTypes();
    settleTypes(model_);
    nameTypes();
    settleRows();
    std::ranges::sort(model_.functions, {}, [](const FunctionDefinition& f) {
        return std::tuple(f.range.low, f.range.high, std::string_view(f.root.name));
    });
    // Variables refer to their function by its place in the list, which the sort has just changed.
    for (std::size_t i = 0; i < model_.functions.size(); ++i) {
        const auto renumber = [i](auto&& self, Scope& scope) -> void {
            for (auto& variable : scope.variables) {
                variable.function = static_cast<std::uint32_t>(i);
            }
            for (auto& child : scope.children) {
                self(self, child);
            }
        };
        renumber(renumber, model_.functions[i].root);
    }
}

support::Result<DebugInfo> DebugInfo::open(std::span<const std::uint8_t> elf) {
    const auto sections = readSections(elf);
    if (!sections) {
        return tl::unexpected(sections.error());
    }
    DebugInfo info;
    Model& model = *info.model_;
    const auto bytesOf = [&](std::string_view name) {
        const auto found = sections->find(std::string(name));
        return found != sections->end() ? found->second : std::span<const std::uint8_t>{};
    };
    const auto text = bytesOf(".text");
    model.text.assign(text.begin(), text.end());
    const auto note = bytesOf(".debug_rbpf");
    model.countsFromLowEnd = std::string_view(reinterpret_cast<const char*>(note.data()), note.size()) != kFramesNote;
    if (const auto why = whyUnsound(bytesOf(".debug_info"), bytesOf(".debug_abbrev")); !why.empty()) {
        model.problems.push_back("the debug information is damaged: " + why);
        return info;
    }
    llvm::StringMap<std::unique_ptr<llvm::MemoryBuffer>> debugSections;
    for (const auto name : kUsedSections) {
        const auto bytes = bytesOf(name);
        const llvm::StringRef content(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        debugSections[name.substr(1)] = llvm::MemoryBuffer::getMemBufferCopy(content, name);
    }
    const auto tell = [&model](llvm::Error error) {
        auto text = llvm::toString(std::move(error));
        if (model.problems.size() < kMaxProblems) {
            model.problems.push_back(std::move(text));
        }
    };
    const auto context = llvm::DWARFContext::create(debugSections, 8, true, tell, tell);
    Reader(*context, model).readAll();
    settleFrames(model, bytesOf(".stack_sizes"));
    return info;
}

} // namespace rbpf::dwarf
