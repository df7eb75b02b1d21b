// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes of a location expression to operations. What this cannot decode makes the whole expression unusable, never
// half.
#include <llvm/BinaryFormat/Dwarf.h>

#include "debugger/dwarf/cursor.hpp"
#include "debugger/dwarf/location.hpp"

namespace rbpf::dwarf {

using namespace llvm::dwarf;
using support::ErrorKind;
using support::fail;

namespace {

constexpr std::size_t kMaxOperations = 1000;

bool isPlainOperation(unsigned code) {
    return (code >= DW_OP_reg0 && code <= DW_OP_reg31) || (code >= DW_OP_lit0 && code <= DW_OP_lit31) ||
           (code >= DW_OP_dup && code <= DW_OP_over) || code == DW_OP_swap || code == DW_OP_rot ||
           (code >= DW_OP_abs && code <= DW_OP_plus) || (code >= DW_OP_shl && code <= DW_OP_xor) ||
           (code >= DW_OP_eq && code <= DW_OP_ne) || code == DW_OP_deref || code == DW_OP_nop ||
           code == DW_OP_stack_value || code == DW_OP_drop;
}

} // namespace

support::Result<std::vector<Operation>> decodeLocation(std::span<const std::uint8_t> bytes,
                                                       const LocationContext& context) {
    std::vector<Operation> operations;
    Cursor cursor(bytes);
    while (!cursor.done()) {
        Operation operation;
        operation.code = static_cast<std::uint8_t>(cursor.fixed(1));
        const unsigned code = operation.code;
        switch (code) {
        case DW_OP_addr:
            operation.a = cursor.fixedSigned(8);
            break;
        case DW_OP_addrx:
        case DW_OP_constx: {
            const auto address = context.address(cursor.uleb());
            if (!address) {
                return fail(ErrorKind::Script, "its address is missing from the debug information");
            }
            operation.code = code == DW_OP_addrx ? DW_OP_addr : DW_OP_const8u;
            operation.a = static_cast<std::int64_t>(*address);
            break;
        }
        case DW_OP_const1u:
        case DW_OP_const2u:
        case DW_OP_const4u:
        case DW_OP_const8u:
        case DW_OP_pick:
        case DW_OP_deref_size:
            operation.a = static_cast<std::int64_t>(cursor.fixed(code == DW_OP_const2u   ? 2
                                                                 : code == DW_OP_const4u ? 4
                                                                 : code == DW_OP_const8u ? 8
                                                                                         : 1));
            break;
        case DW_OP_const1s:
        case DW_OP_const2s:
        case DW_OP_const4s:
        case DW_OP_const8s:
            operation.a = cursor.fixedSigned(code == DW_OP_const1s   ? 1
                                             : code == DW_OP_const2s ? 2
                                             : code == DW_OP_const4s ? 4
                                                                     : 8);
            break;
        case DW_OP_constu:
        case DW_OP_plus_uconst:
        case DW_OP_regx:
        case DW_OP_piece:
            operation.a = static_cast<std::int64_t>(cursor.uleb());
            break;
        case DW_OP_bit_piece:
            operation.a = static_cast<std::int64_t>(cursor.uleb());
            operation.b = static_cast<std::int64_t>(cursor.uleb());
            break;
        case DW_OP_consts:
        case DW_OP_fbreg:
            operation.a = cursor.sleb();
            break;
        case DW_OP_bregx:
            operation.b = static_cast<std::int64_t>(cursor.uleb());
            operation.a = cursor.sleb();
            break;
        case DW_OP_implicit_value: {
            const auto block = cursor.block(cursor.uleb());
            operation.bytes.assign(block.begin(), block.end());
            break;
        }
        case DW_OP_entry_value:
        case DW_OP_GNU_entry_value: {
            // clang writes one register operation in it; anything else cannot be asked for.
            Cursor inner(cursor.block(cursor.uleb()));
            const auto what = static_cast<unsigned>(inner.fixed(1));
            if (what < DW_OP_reg0 || what > DW_OP_reg0 + 10 || !inner.done()) {
                return fail(ErrorKind::Script, "it depends on a value at the function's start that cannot be told");
            }
            operation.code = DW_OP_entry_value;
            operation.a = static_cast<std::int64_t>(what - DW_OP_reg0);
            break;
        }
        case DW_OP_convert:
        case DW_OP_reinterpret: {
            const auto offset = cursor.uleb();
            operation.code = DW_OP_convert;
            if (offset != 0) {
                const auto type = context.baseType(offset);
                if (!type || type->size == 0 || type->size > 8) {
                    return fail(ErrorKind::Script, "it depends on a type that is missing from the debug information");
                }
                operation.a = static_cast<std::int64_t>(type->size);
                operation.b = type->isSigned ? 1 : 0;
            } else {
                operation.a = 8;
            }
            break;
        }
        default:
            if (code >= DW_OP_breg0 && code <= DW_OP_breg31) {
                operation.a = cursor.sleb();
            } else if (!isPlainOperation(code)) {
                return fail(ErrorKind::Script, "its place is described in a way this debugger does not know");
            }
        }
        if (cursor.failed() || operations.size() >= kMaxOperations) {
            return fail(ErrorKind::Script, "the description of its place is damaged");
        }
        operations.push_back(std::move(operation));
    }
    return operations;
}

} // namespace rbpf::dwarf
