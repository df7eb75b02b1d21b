// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dwarf/info_walk.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <llvm/BinaryFormat/Dwarf.h>

#include "debugger/dwarf/cursor.hpp"

namespace rbpf::dwarf {

using namespace llvm::dwarf;

namespace {

constexpr std::size_t kUnitHeaderBytes = 12;
constexpr std::size_t kMaxDepth = 512;
/// Each entry costs LLVM some tens of bytes of memory, each reference is followed several times.
constexpr std::size_t kMaxEntries = 1'000'000;
constexpr std::uint64_t kMaxCode = 0xffff; ///< of tags, attributes and forms

struct Abbreviation {
    bool hasChildren = false;
    bool isUnit = false;
    std::vector<std::uint64_t> forms;
};

using Abbreviations = std::vector<Abbreviation>; ///< number n at n - 1

bool leadsElsewhere(std::uint64_t attribute) {
    return attribute == DW_AT_dwo_name || attribute == DW_AT_GNU_dwo_name || attribute == DW_AT_GNU_dwo_id ||
           attribute == DW_AT_signature;
}

class Walk {
public:
    Walk(std::span<const std::uint8_t> info, std::span<const std::uint8_t> abbreviations)
        : info_(info), abbreviations_(abbreviations) {}

    std::string run() {
        for (std::size_t at = 0; at < info_.size() && why_.empty();) {
            at += walkUnit(at);
        }
        const auto missing = [this](std::uint64_t to) { return !std::ranges::binary_search(entries_, to); };
        if (why_.empty() && std::ranges::any_of(references_, missing)) {
            bad("a reference leads to no entry");
        }
        return why_;
    }

private:
    bool bad(std::string why) {
        if (why_.empty()) {
            why_ = std::move(why);
        }
        return false;
    }

    /// Of the table at an offset of .debug_abbrev; null: it is not sound.
    const Abbreviations* tableAt(std::uint64_t offset) {
        const auto known = tables_.find(offset);
        if (known != tables_.end()) {
            return &known->second;
        }
        if (offset >= abbreviations_.size()) {
            return nullptr;
        }
        Abbreviations table;
        Cursor cursor(abbreviations_.subspan(offset));
        for (auto code = cursor.uleb(); code != 0; code = cursor.uleb()) {
            const auto tag = cursor.uleb();
            const auto children = cursor.fixed(1);
            Abbreviation abbreviation;
            abbreviation.hasChildren = children == DW_CHILDREN_yes;
            abbreviation.isUnit = tag == DW_TAG_compile_unit;
            if (code != table.size() + 1 || tag == 0 || tag > kMaxCode || children > DW_CHILDREN_yes) {
                return nullptr;
            }
            for (;;) {
                const auto attribute = cursor.uleb();
                const auto form = cursor.uleb();
                if (attribute == 0 && form == 0) {
                    break;
                }
                if (form == DW_FORM_implicit_const) {
                    cursor.sleb();
                }
                if (attribute == 0 || attribute > kMaxCode || form > kMaxCode || leadsElsewhere(attribute)) {
                    return nullptr;
                }
                abbreviation.forms.push_back(form);
            }
            table.push_back(std::move(abbreviation));
        }
        return cursor.failed() ? nullptr : &tables_.emplace(offset, std::move(table)).first->second;
    }

    /// One value; `unit` is where the unit begins. False for forms that a compile unit of DWARF 5 does not have.
    bool walkValue(Cursor& cursor, std::uint64_t form, std::uint64_t unit) {
        switch (form) {
        case DW_FORM_flag_present:
        case DW_FORM_implicit_const:
            return true;
        case DW_FORM_data1:
        case DW_FORM_flag:
        case DW_FORM_strx1:
        case DW_FORM_addrx1:
            cursor.block(1);
            return true;
        case DW_FORM_data2:
        case DW_FORM_strx2:
        case DW_FORM_addrx2:
            cursor.block(2);
            return true;
        case DW_FORM_strx3:
        case DW_FORM_addrx3:
            cursor.block(3);
            return true;
        case DW_FORM_data4:
        case DW_FORM_strx4:
        case DW_FORM_addrx4:
        case DW_FORM_strp:
        case DW_FORM_line_strp:
        case DW_FORM_sec_offset:
            cursor.block(4);
            return true;
        case DW_FORM_data8:
        case DW_FORM_addr:
            cursor.block(8);
            return true;
        case DW_FORM_data16:
            cursor.block(16);
            return true;
        case DW_FORM_string:
            while (cursor.fixed(1) != 0) {
            }
            return true;
        case DW_FORM_sdata:
        case DW_FORM_udata:
        case DW_FORM_strx:
        case DW_FORM_addrx:
        case DW_FORM_loclistx:
        case DW_FORM_rnglistx:
            cursor.uleb();
            return true;
        case DW_FORM_block1:
            cursor.block(cursor.fixed(1));
            return true;
        case DW_FORM_block2:
            cursor.block(cursor.fixed(2));
            return true;
        case DW_FORM_block4:
            cursor.block(cursor.fixed(4));
            return true;
        case DW_FORM_block:
        case DW_FORM_exprloc:
            cursor.block(cursor.uleb());
            return true;
        case DW_FORM_ref1:
            references_.push_back(unit + cursor.fixed(1));
            return true;
        case DW_FORM_ref2:
            references_.push_back(unit + cursor.fixed(2));
            return true;
        case DW_FORM_ref4:
            references_.push_back(unit + cursor.fixed(4));
            return true;
        case DW_FORM_ref8:
            references_.push_back(unit + cursor.fixed(8));
            return true;
        case DW_FORM_ref_udata:
            references_.push_back(unit + cursor.uleb());
            return true;
        case DW_FORM_ref_addr:
            references_.push_back(cursor.fixed(4));
            return true;
        default:
            return bad("a value is in a form that is not known");
        }
    }

    bool walkEntries(std::span<const std::uint8_t> body, std::uint64_t unit, const Abbreviations& table) {
        Cursor cursor(body);
        std::size_t depth = 0;
        do {
            const std::uint64_t at = unit + kUnitHeaderBytes + (body.size() - cursor.left());
            const auto code = cursor.uleb();
            if (cursor.failed()) {
                return bad("a list of entries does not end");
            }
            if (code == 0) {
                if (depth == 0) {
                    return bad("a unit has no entry");
                }
                --depth;
                continue;
            }
            if (code > table.size() || table[code - 1].isUnit != (depth == 0)) {
                return bad("an entry is of a kind that is not declared");
            }
            if (depth >= kMaxDepth || entries_.size() >= kMaxEntries) {
                return bad("there are too many entries");
            }
            entries_.push_back(at);
            for (const auto form : table[code - 1].forms) {
                if (!walkValue(cursor, form, unit)) {
                    return false;
                }
            }
            if (cursor.failed()) {
                return bad("an entry runs past the end of its unit");
            }
            depth += table[code - 1].hasChildren ? 1 : 0;
        } while (depth != 0);
        return cursor.done() || bad("a unit goes on behind its last entry");
    }

    /// The bytes it takes; when it is not sound, why_ is set.
    std::size_t walkUnit(std::size_t at) {
        Cursor cursor(info_.subspan(at));
        const auto length = cursor.fixed(4);
        const auto version = cursor.fixed(2);
        const auto type = cursor.fixed(1);
        const auto addressBytes = cursor.fixed(1);
        const auto tableOffset = cursor.fixed(4);
        const std::uint64_t total = length + 4;
        if (cursor.failed() || total < kUnitHeaderBytes || total > info_.size() - at) {
            bad("a unit runs past the end of its section");
            return 0;
        }
        if (version != 5 || type != DW_UT_compile || addressBytes != 8) {
            bad("a unit is not a compile unit of DWARF 5");
            return 0;
        }
        const auto* table = tableAt(tableOffset);
        if (table == nullptr) {
            bad("a table of abbreviations is damaged");
            return 0;
        }
        walkEntries(info_.subspan(at + kUnitHeaderBytes, total - kUnitHeaderBytes), at, *table);
        return total;
    }

    std::span<const std::uint8_t> info_;
    std::span<const std::uint8_t> abbreviations_;
    std::map<std::uint64_t, Abbreviations> tables_; ///< by offset
    std::vector<std::uint64_t> entries_;            ///< where they begin, ascending
    std::vector<std::uint64_t> references_;         ///< where they lead
    std::string why_;
};

} // namespace

std::string whyUnsound(std::span<const std::uint8_t> info, std::span<const std::uint8_t> abbreviations) {
    return Walk(info, abbreviations).run();
}

} // namespace rbpf::dwarf
