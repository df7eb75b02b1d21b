// SPDX-License-Identifier: GPL-3.0-or-later
// Every reason for which the verifier refuses a text, and what it must not refuse.
#include <catch2/catch.hpp>

#include "program.hpp"

using namespace rbpf::test;

namespace {

/// The verdict over a program with an exit behind it.
rbpf_fault_t verdict(Program program, bool withExit = true) {
    Firmware firmware;
    firmware.bindings.push_back({7, [](rbpf_container_t&) { return 0; }});
    if (withExit)
        program.push_back(exitInsn());
    Machine machine(program, firmware);
    REQUIRE(machine.opened == RBPF_STATUS_OK);
    CHECK(machine.rejection.status == machine.verified);
    return machine.rejection;
}

int status(const Program& program) {
    return verdict(program).status;
}

} // namespace

TEST_CASE("every arithmetic opcode of RFC 9669 is accepted, and no other") {
    for (int op = 0; op < 256; op++) {
        const int code = op >> 4;
        const int cls = op & 7;
        const bool isAlu = cls == 4 || cls == 7;
        if (!isAlu)
            continue;
        const bool fromRegister = op & 8;
        const bool exists = code <= 0xd && !(code == 8 && fromRegister) && !(op == 0xdf);
        const int32_t imm = code == 0xd ? 16 : 0;
        CAPTURE(op);
        CHECK(status({{static_cast<uint8_t>(op), 1, 0, 0, imm}}) == (exists ? RBPF_STATUS_OK : RBPF_STATUS_BAD_OPCODE));
    }
}

TEST_CASE("every jump opcode of RFC 9669 but callx is accepted, and no other") {
    for (int op = 0; op < 256; op++) {
        const int code = op >> 4;
        const int cls = op & 7;
        if (cls != 5 && cls != 6)
            continue;
        const bool fromRegister = op & 8;
        const bool compare = (code >= 1 && code <= 7) || (code >= 0xa && code <= 0xd);
        int expected = compare || op == 0x05 || op == 0x06 || op == 0x95 ? RBPF_STATUS_OK : RBPF_STATUS_BAD_OPCODE;
        if (op == 0x85)
            expected = RBPF_STATUS_UNKNOWN_BINDING;
        if (op == 0x8d)
            expected = RBPF_STATUS_INDIRECT_CALL;
        CAPTURE(op, fromRegister);
        CHECK(status({{static_cast<uint8_t>(op), 0, 0, 0, 0}}) == expected);
    }
}

TEST_CASE("every load and store opcode of RFC 9669 is accepted, legacy packet access is not") {
    for (int op = 0; op < 256; op++) {
        const int cls = op & 7, mode = op >> 5, size = op >> 3 & 3;
        if (cls < 1 || cls > 3)
            continue;
        const bool exists =
            mode == 3 || (mode == 4 && cls == 1 && size != 3) || (mode == 6 && cls == 3 && (size == 0 || size == 3));
        CAPTURE(op);
        CHECK(status({{static_cast<uint8_t>(op), 1, 0, 0, 0}}) == (exists ? RBPF_STATUS_OK : RBPF_STATUS_BAD_OPCODE));
    }
    for (uint8_t op : {0x20, 0x28, 0x30, 0x38, 0x40, 0x48, 0x50})
        CHECK(status({{op, 0, 0, 0, 0}}) == RBPF_STATUS_BAD_OPCODE);
}

TEST_CASE("opcode 0 is not an instruction") {
    CHECK(status({{0, 0, 0, 0, 0}}) == RBPF_STATUS_BAD_OPCODE);
}

TEST_CASE("registers above r10 are refused in every class") {
    for (uint8_t op : {0xbf, 0xbc, 0x61, 0x63, 0x1d, 0x1e, 0xdb})
        for (uint8_t reg = 11; reg < 16; reg++) {
            CHECK(status({{op, reg, 0, 0, 0}}) == RBPF_STATUS_BAD_REGISTER);
            CHECK(status({{op, 0, reg, 0, 0}}) == RBPF_STATUS_BAD_REGISTER);
        }
}

TEST_CASE("r10 may be read and pointed with, but not written") {
    CHECK(status({movReg(10, 1)}) == RBPF_STATUS_BAD_REGISTER);
    CHECK(status({{0xb4, 10, 0, 0, 0}}) == RBPF_STATUS_BAD_REGISTER);
    CHECK(status({{0x61, 10, 1, 0, 0}}) == RBPF_STATUS_BAD_REGISTER);
    CHECK(status({{0x87, 10, 0, 0, 0}}) == RBPF_STATUS_BAD_REGISTER);
    CHECK(status(lddw(10, 1)) == RBPF_STATUS_BAD_REGISTER);
    CHECK(status({{0xdb, 1, 10, 0, 0x01}}) == RBPF_STATUS_BAD_REGISTER); // fetch-and-add into r10
    CHECK(status({{0xdb, 1, 10, 0, 0xe1}}) == RBPF_STATUS_BAD_REGISTER); // exchange with r10
    CHECK(status({movReg(1, 10)}) == RBPF_STATUS_OK);
    CHECK(status({{0x7b, 10, 10, -8, 0}}) == RBPF_STATUS_OK);
    CHECK(status({{0x7a, 10, 0, -8, 3}}) == RBPF_STATUS_OK);
    CHECK(status({{0xdb, 10, 1, -8, 0}}) == RBPF_STATUS_OK);
    CHECK(status({{0xdb, 1, 10, 0, 0xf1}}) == RBPF_STATUS_OK); // compare-and-exchange writes r0
    CHECK(status({{0x1d, 10, 1, 0, 0}}) == RBPF_STATUS_OK);
}

TEST_CASE("unused fields must be zero") {
    CHECK(status({{0x07, 1, 2, 0, 1}}) == RBPF_STATUS_BAD_FIELD); // add imm with a source
    CHECK(status({{0x0f, 1, 2, 0, 1}}) == RBPF_STATUS_BAD_FIELD); // add reg with an immediate
    CHECK(status({{0x07, 1, 0, 1, 1}}) == RBPF_STATUS_BAD_FIELD); // add with an offset
    CHECK(status({{0x87, 1, 0, 0, 1}}) == RBPF_STATUS_BAD_FIELD); // neg with an immediate
    CHECK(status({{0x87, 1, 2, 0, 0}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0xd4, 1, 2, 0, 16}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0xdc, 1, 2, 0, 16}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0xd7, 1, 0, 1, 16}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x61, 1, 2, 0, 1}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x62, 1, 2, 0, 1}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x63, 1, 2, 0, 1}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x15, 1, 2, 0, 1}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x1d, 1, 2, 0, 1}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x05, 1, 0, 0, 0}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x05, 0, 1, 0, 0}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x05, 0, 0, 0, 1}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x06, 0, 0, 1, 0}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x06, 1, 0, 0, 0}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x95, 1, 0, 0, 0}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x95, 0, 0, 1, 0}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x95, 0, 0, 0, 1}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x85, 1, 0, 0, 7}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x85, 0, 0, 8, 7}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x85, 0, 2, 0, 7}}) == RBPF_STATUS_BAD_FIELD); // calls by BTF id
    CHECK(status({{0x85, 1, 1, 0, 0}}) == RBPF_STATUS_BAD_FIELD);
}

TEST_CASE("offsets of arithmetic choose only what exists") {
    for (int off = 0; off <= 64; off++) {
        const int16_t offset = static_cast<int16_t>(off);
        CAPTURE(off);
        const auto allowed = [](bool ok) { return ok ? RBPF_STATUS_OK : RBPF_STATUS_BAD_FIELD; };
        for (uint8_t op : {0x3f, 0x37, 0x3c, 0x34, 0x9f, 0x97, 0x9c, 0x94})
            CHECK(status({{op, 1, 0, offset, 0}}) == allowed(off <= 1));
        CHECK(status({{0xbf, 1, 2, offset, 0}}) == allowed(off == 0 || off == 8 || off == 16 || off == 32));
        CHECK(status({{0xbc, 1, 2, offset, 0}}) == allowed(off == 0 || off == 8 || off == 16));
        CHECK(status({{0xb7, 1, 0, offset, 0}}) == allowed(off == 0));
    }
}

TEST_CASE("byte swaps have 16, 32 or 64 bits") {
    for (int32_t bits = -1; bits <= 65; bits++)
        for (uint8_t op : {0xd4, 0xdc, 0xd7}) {
            CAPTURE(bits, op);
            const bool ok = bits == 16 || bits == 32 || bits == 64;
            CHECK(status({{op, 1, 0, 0, bits}}) == (ok ? RBPF_STATUS_OK : RBPF_STATUS_BAD_FIELD));
        }
}

TEST_CASE("only the atomic operations of RFC 9669 exist") {
    for (int32_t op = 0; op < 0x200; op++) {
        const int32_t base = op & ~1;
        const bool ok = base == 0 || base == 0x40 || base == 0x50 || base == 0xa0 || op == 0xe1 || op == 0xf1;
        CAPTURE(op);
        CHECK(status({{0xdb, 1, 2, 0, op}}) == (ok ? RBPF_STATUS_OK : RBPF_STATUS_BAD_FIELD));
        CHECK(status({{0xc3, 1, 2, 0, op}}) == (ok ? RBPF_STATUS_OK : RBPF_STATUS_BAD_FIELD));
    }
}

TEST_CASE("a jump stays inside the text and lands on an instruction") {
    CHECK(verdict({jump(-2)}).status == RBPF_STATUS_BAD_JUMP);
    CHECK(verdict({jump(-1)}).status == RBPF_STATUS_OK);
    CHECK(verdict({jump(0)}).status == RBPF_STATUS_OK);
    CHECK(verdict({jump(1)}).status == RBPF_STATUS_BAD_JUMP);
    CHECK(verdict({jump(-32768)}).status == RBPF_STATUS_BAD_JUMP);
    CHECK(verdict({{0x06, 0, 0, 0, 0x7fffffff}}).status == RBPF_STATUS_BAD_JUMP);
    CHECK(verdict({{0x06, 0, 0, 0, INT32_MIN}}).status == RBPF_STATUS_BAD_JUMP);
    CHECK(verdict({{0x15, 0, 0, 1, 0}}).status == RBPF_STATUS_BAD_JUMP);
    const rbpf_fault_t second = verdict(join({{jump(1)}, lddw(0, 0)}));
    CHECK(second.status == RBPF_STATUS_BAD_JUMP);
    CHECK(second.insnIndex == 0);
    const rbpf_fault_t back = verdict(join({lddw(0, 0), {jump(-2)}}));
    CHECK(back.status == RBPF_STATUS_BAD_JUMP);
    CHECK(back.insnIndex == 2);
    CHECK(verdict(join({lddw(0, 0), {jump(-3)}})).status == RBPF_STATUS_OK);
}

TEST_CASE("a local call lands on an instruction") {
    CHECK(verdict({callLocal(0)}).status == RBPF_STATUS_OK);
    CHECK(verdict({callLocal(1)}).status == RBPF_STATUS_BAD_CALL);
    CHECK(verdict({callLocal(-2)}).status == RBPF_STATUS_BAD_CALL);
    CHECK(verdict({callLocal(INT32_MAX)}).status == RBPF_STATUS_BAD_CALL);
    CHECK(verdict(join({{callLocal(1)}, lddw(0, 0)})).status == RBPF_STATUS_BAD_CALL);
}

TEST_CASE("frame sizes are multiples of 8 within the stack") {
    CHECK(verdict({callLocal(0, 512)}).status == RBPF_STATUS_OK);
    CHECK(verdict({callLocal(0, 520)}).status == RBPF_STATUS_BAD_FRAME);
    CHECK(verdict({callLocal(0, 4)}).status == RBPF_STATUS_BAD_FRAME);
    CHECK(verdict({callLocal(0, -8)}).status == RBPF_STATUS_BAD_FRAME);
    for (uint16_t frame : {4, 520}) {
        ImageSpec spec{{exitInsn()}};
        spec.entries[0].frameBytes = frame;
        CHECK(Machine(spec).verified == RBPF_STATUS_BAD_FRAME);
    }
}

TEST_CASE("a binding that the firmware lacks is named") {
    CHECK(verdict({callBinding(7)}).status == RBPF_STATUS_OK);
    const rbpf_fault_t unknown = verdict({movImm(0, 0), callBinding(8)});
    CHECK(unknown.status == RBPF_STATUS_UNKNOWN_BINDING);
    CHECK(unknown.insnIndex == 1);
    CHECK(unknown.detail == 8);
}

TEST_CASE("a rejection for another reason carries no detail") {
    const rbpf_fault_t rejection = verdict({callBinding(7), {0, 0, 0, 0, 0}});
    CHECK(rejection.status == RBPF_STATUS_BAD_OPCODE);
    CHECK(rejection.insnIndex == 1);
    CHECK(rejection.detail == 0);
}

TEST_CASE("the text ends with an exit or an unconditional jump") {
    CHECK(verdict({exitInsn()}, false).status == RBPF_STATUS_OK);
    CHECK(verdict({exitInsn(), jump(-2)}, false).status == RBPF_STATUS_OK);
    CHECK(verdict({exitInsn(), {0x06, 0, 0, 0, -2}}, false).status == RBPF_STATUS_OK);
    const rbpf_fault_t rejection = verdict({exitInsn(), movImm(0, 0)}, false);
    CHECK(rejection.status == RBPF_STATUS_NO_EXIT);
    CHECK(rejection.insnIndex == 1);
    CHECK(verdict({exitInsn(), {0x15, 0, 0, -2, 0}}, false).status == RBPF_STATUS_NO_EXIT);
    CHECK(verdict({exitInsn(), callLocal(-2)}, false).status == RBPF_STATUS_NO_EXIT);
    CHECK(verdict(lddw(0, 0), false).status == RBPF_STATUS_NO_EXIT);
    CHECK(verdict({exitInsn(), lddw(0, 0)[0]}, false).status == RBPF_STATUS_NO_EXIT);
}

TEST_CASE("the constant of lddw is plain and its second slot empty") {
    for (uint8_t kind = 1; kind <= 6; kind++) {
        Program program = lddw(1, 5);
        program[0].src = kind;
        CHECK(status(program) == RBPF_STATUS_BAD_FIELD);
    }
    Program withOffset = lddw(1, 5);
    withOffset[0].off = 1;
    CHECK(status(withOffset) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x18, 1, 0, 0, 0}, movImm(0, 0)}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x18, 1, 0, 0, 0}, {0, 1, 0, 0, 0}}) == RBPF_STATUS_BAD_FIELD);
    CHECK(status({{0x18, 1, 0, 0, 0}, {0, 0, 0, 1, 0}}) == RBPF_STATUS_BAD_FIELD);
}

TEST_CASE("lddwd and lddwr exist in Femto-Container images only") {
    CHECK(status(wide(0xb8, 1, 0)) == RBPF_STATUS_BAD_OPCODE);
    CHECK(status(wide(0xd8, 1, 0)) == RBPF_STATUS_BAD_OPCODE);
}

TEST_CASE("entries start at an instruction") {
    for (uint16_t index : {1, 3, 65535}) {
        ImageSpec spec{join({lddw(0, 0), {exitInsn()}})};
        spec.entries.push_back({"second", "", index, 0});
        Machine machine(spec);
        CHECK(machine.verified == RBPF_STATUS_BAD_ENTRY);
        CHECK(machine.rejection.insnIndex == index);
    }
    ImageSpec spec{join({lddw(0, 0), {exitInsn()}})};
    spec.entries.push_back({"second", "", 2, 0});
    CHECK(Machine(spec).verified == RBPF_STATUS_OK);
}

TEST_CASE("an image beyond the device's limits is refused") {
    ImageSpec spec{{exitInsn()}};
    spec.data = {1};
    spec.bssBytes = 15;
    const Bytes bytes = build(spec);
    Machine machine(bytes);
    Firmware firmware;
    rbpf_fault_t rejection;
    const uint32_t size = static_cast<uint32_t>(bytes.size());
    const auto verify = [&](rbpf_limits_t limits) {
        return rbpf_image_verify(&machine.image, &limits, &firmware, &rejection);
    };
    CHECK(verify({size, 512, 16}) == RBPF_STATUS_OK);
    CHECK(verify({size - 1, 512, 16}) == RBPF_STATUS_TOO_LARGE);
    CHECK(verify({size, 504, 16}) == RBPF_STATUS_TOO_LARGE);
    CHECK(verify({size, 512, 15}) == RBPF_STATUS_TOO_LARGE);
}
