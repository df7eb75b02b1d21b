// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dwarf/line_header.hpp"

#include <vector>

#include <llvm/BinaryFormat/Dwarf.h>

#include "debugger/dwarf/cursor.hpp"

namespace rbpf::dwarf {

using namespace llvm::dwarf;

namespace {

/// Skips one value; false for forms that have no business in a line table.
bool skip(Cursor& cursor, std::uint64_t form) {
    switch (form) {
    case DW_FORM_string:
        while (cursor.fixed(1) != 0) {
        }
        return true;
    case DW_FORM_line_strp:
    case DW_FORM_strp:
    case DW_FORM_data4:
        cursor.fixed(4);
        return true;
    case DW_FORM_udata:
        cursor.uleb();
        return true;
    case DW_FORM_data1:
        cursor.fixed(1);
        return true;
    case DW_FORM_data2:
        cursor.fixed(2);
        return true;
    case DW_FORM_data8:
        cursor.fixed(8);
        return true;
    case DW_FORM_data16:
        cursor.block(16);
        return true;
    default:
        return false;
    }
}

/// The list of directories or of files.
bool skipEntries(Cursor& cursor) {
    std::vector<std::uint64_t> forms;
    for (auto count = cursor.fixed(1); count > 0; --count) {
        const auto content = cursor.uleb();
        const auto form = cursor.uleb();
        // An MD5 sum in anything but its 16 bytes is one of the things LLVM does not check.
        if (content == DW_LNCT_MD5 && form != DW_FORM_data16) {
            return false;
        }
        forms.push_back(form);
    }
    for (auto count = cursor.uleb(); count > 0 && !cursor.failed(); --count) {
        if (forms.empty()) {
            return false;
        }
        for (const auto form : forms) {
            if (!skip(cursor, form)) {
                return false;
            }
        }
    }
    return !cursor.failed();
}

} // namespace

bool isSoundLineHeader(std::span<const std::uint8_t> section, std::uint64_t offset) {
    if (offset >= section.size()) {
        return false;
    }
    Cursor cursor(section.subspan(offset));
    const auto length = cursor.fixed(4);
    const auto version = cursor.fixed(2);
    const auto addressBytes = cursor.fixed(1);
    const auto segmentBytes = cursor.fixed(1);
    cursor.fixed(4); // header length
    cursor.block(4); // instruction length, operations, default statement, line base
    const auto lineRange = cursor.fixed(1);
    const auto opcodeBase = cursor.fixed(1);
    if (length > section.size() - offset || version != 5 || addressBytes != 8 || segmentBytes != 0 || lineRange == 0 ||
        opcodeBase == 0) {
        return false;
    }
    cursor.block(opcodeBase - 1);
    return skipEntries(cursor) && skipEntries(cursor);
}

} // namespace rbpf::dwarf
