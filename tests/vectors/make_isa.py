#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/vectors/isa/*.json: what RFC 9669 says every instruction does, as data.

  make_isa.py            writes the files
  make_isa.py --check    exits with 1 if the files differ from what would be written

A vector: name; code, one line an instruction ("hex slots  text for people"); memory (hex, the context), rodata, data;
then either result (r0) and after (the context afterwards, absent: as before), or fault {status, insn, detail}, or
rejection {status: one of, insn: absent where the RFC leaves it open}."""
import argparse
import json
import os
import sys

from assembly import (ALU_CODES, ATOMIC_IMMS, JUMP_CODES, alu, atomic, call, call_local, exit_, ja, ja32, jump, lddw, load,
                      load_signed, mov, neg, store, store_imm, swap, text)
from model import CONTEXT, DATA, MASK64, RODATA, STACK, Fault, Insn, Machine

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "isa")
MIN64, MAX64, MIN32, MAX32 = -(2**63), 2**63 - 1, -(2**31), 2**31 - 1
MEMORY = bytes.fromhex("0102030485868788f9fafbfc7d7e7f80")


def hexadecimal(value):
    value &= MASK64
    return f"{value:#x}"


def line(insn):
    return f"{insn.encode().hex()}  {text(insn)}"


def vector(name, *code, memory=b"", rodata=b"", data=b""):
    """A vector whose outcome the model says."""
    machine = Machine(memory, rodata, data)
    result = {"name": name, "code": [line(insn) for insn in code]}
    for key, value in (("memory", memory), ("rodata", rodata), ("data", data)):
        if value:
            result[key] = value.hex()
    try:
        result["result"] = hexadecimal(machine.run(code))
        if bytes(machine.regions[CONTEXT]) != memory:
            result["after"] = machine.regions[CONTEXT].hex()
    except Fault as fault:
        result["fault"] = {"status": fault.status, "insn": fault.slot}
        if fault.detail is not None:
            result["fault"]["detail"] = fault.detail
    return result


def rejected(name, statuses, insn, *code):
    """A vector that the verifier must refuse. A slot may be an Insn or 8 raw bytes."""
    lines = [line(item) if isinstance(item, Insn) else f"{item.hex()}  (raw)" for item in code]
    rejection = {"status": statuses.split("|")}
    if insn is not None:
        rejection["insn"] = insn
    return {"name": name, "code": lines, "rejection": rejection}


PAIRS = [
    (0, 0), (1, 0), (1, -1), (-7, 3), (7, -3), (-7, -3), (MIN64, -1), (MAX64, 1), (MIN32, -1), (0x80000000, 0xFFFFFFFF),
    (0x123456789ABCDEF0, 0xFEDCBA987654321), (0xFFFFFFFF00000005, 0xFFFFFFFF00000000), (0x100000000, 0x100000001),
]
SHIFTS = [(0x8000000180000001, count) for count in (0, 1, 31, 32, 33, 63, 64, 65, -1)] + [(1, 31), (1, 63), (-1, 32), (MAX64, 4)]
IMMEDIATES = [(5, 0), (5, -1), (-5, 3), (5, -3), (-5, -3), (MIN64, -1), (MIN64, 1), (0x80000000, -1), (0x123456789ABCDEF0, 0),
              (0x123456789ABCDEF0, MIN32), (0x123456789ABCDEF0, MAX32)]
SHIFT_IMMEDIATES = [(0x8000000180000001, imm) for imm in (0, 1, 31, 32, 63, 64, -1)] + [(1, 31), (1, 63)]


def operands(name, by_register):
    if name in ("lsh", "rsh", "arsh"):
        return SHIFTS if by_register else SHIFT_IMMEDIATES
    return PAIRS if by_register else IMMEDIATES


def arithmetic(bits):
    for name in [*ALU_CODES, "sdiv", "smod"]:
        for a, b in operands(name, True):
            yield vector(f"{name}{bits} of registers {hexadecimal(a)}, {hexadecimal(b)}", lddw(0, a), lddw(1, b),
                         alu(name, bits, 0, src=1), exit_())
        for a, b in operands(name, False):
            yield vector(f"{name}{bits} by immediate {hexadecimal(a)}, {b}", lddw(0, a), alu(name, bits, 0, imm=b), exit_())
        yield vector(f"{name}{bits} of a register and itself", lddw(3, 0x8877665544332211), alu(name, bits, 3, src=3),
                     alu("mov", 64, 0, src=3), exit_())
        yield vector(f"{name}{bits} leaves its source alone", lddw(4, 0x8877665544332211), lddw(5, 0xFFEEDDCC00000003),
                     alu(name, bits, 4, src=5), alu("mov", 64, 0, src=5), exit_())
    for value in (0, 1, -1, MIN64, MAX64, MIN32, 0x80000000, 0xFFFFFFFF, 0x100000000, 0x123456789ABCDEF0):
        yield vector(f"neg{bits} of {hexadecimal(value)}", lddw(0, value), neg(bits, 0), exit_())
    for width in (8, 16, 32) if bits == 64 else (8, 16):
        for value in (0, 1, -1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0x7FFFFFFF, 0x80000000, 0x123456789ABCDEF0, 0xFFFFFFFF00000000):
            yield vector(f"movsx{width} to {bits} bits of {hexadecimal(value)}", mov(0, -1), lddw(1, value),
                         alu("mov", bits, 0, src=1, offset=width), exit_())
    for number in range(10):
        other = (number + 7) % 10
        yield vector(f"add{bits} and sub{bits} between r{number} and r{other}", mov(0, 0), lddw(number, 0x700000005),
                     lddw(other, 0x1FFFFFFFF), alu("add", bits, number, src=other), alu("sub", bits, other, src=number),
                     alu("xor", 64, number, src=other), alu("mov", 64, 0, src=number), exit_())


def swaps():
    for kind in ("le", "be", "bswap"):
        for bits in (16, 32, 64):
            for value in (0, 1, -1, 0x80, 0x8000000080008081, 0x0102030405060708, 0xF1F2F3F4F5F6F7F8):
                yield vector(f"{kind}{bits} of {hexadecimal(value)}", lddw(0, value), swap(kind, bits, 0), exit_())


def jumps(bits):
    pairs = [(0, 0), (1, 0), (0, 1), (-1, 1), (1, -1), (5, 6), (6, 3), (MIN64, MAX64), (MAX64, MIN64), (0x80000000, 0x7FFFFFFF),
             (0x7FFFFFFF, 0x80000000), (0x500000001, 0x100000001), (0x100000000, 0), (0xFFFFFFFF80000000, 0x80000000)]
    immediates = [(0, 0), (1, 0), (0, 1), (-1, -1), (1, -1), (-1, 1), (0xFFFFFFFF, -1), (MIN64, MIN32), (0x80000000, MIN32),
                  (0x100000005, 5), (0x7FFFFFFF, MAX32), (0x8000000000000000, -1)]
    for name in JUMP_CODES:
        for a, b in pairs:
            yield vector(f"{name}{bits} of registers {hexadecimal(a)}, {hexadecimal(b)}", lddw(1, a), lddw(2, b), mov(0, 1),
                         jump(name, bits, 1, 1, src=2), mov(0, 2), exit_())
        for a, b in immediates:
            yield vector(f"{name}{bits} with immediate {hexadecimal(a)}, {b}", lddw(9, a), mov(0, 1), jump(name, bits, 9, 1, imm=b),
                         mov(0, 2), exit_())
    yield vector(f"a loop of {bits}-bit comparisons counts down", mov(0, 0), mov(1, 10), alu("add", 64, 0, src=1),
                 alu("sub", 64, 1, imm=1), jump("jne", bits, 1, -3, imm=0), exit_())


def control():
    yield vector("goto skips forwards", mov(0, 1), ja(1), mov(0, 2), exit_())
    yield vector("goto +0 goes on", mov(0, 1), ja(0), exit_())
    yield vector("goto jumps backwards", mov(0, 1), ja(2), mov(0, 3), exit_(), ja(-3))
    yield vector("gotol skips forwards", mov(0, 1), ja32(1), mov(0, 2), exit_())
    yield vector("gotol jumps backwards", mov(0, 1), ja32(2), mov(0, 3), exit_(), ja32(-3))
    yield vector("a jump counts a wide instruction as two slots", mov(0, 1), ja(2), lddw(0, 9), exit_())
    yield vector("a jump's target may be a wide instruction", ja(1), exit_(), lddw(0, 0x1122334455667788), exit_())
    for value in (0, 1, -1, MIN64, MAX64, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFF80000000):
        yield vector(f"lddw of {hexadecimal(value)}", lddw(0, value), exit_())
    yield vector("exit returns r0 as it is", alu("mov", 64, 0, imm=MIN32), exit_())
    yield vector("r1 is the context's address and r2 its length", alu("mov", 64, 0, src=1), alu("lsh", 64, 0, imm=8),
                 alu("or", 64, 0, src=2), exit_(), memory=MEMORY)
    yield vector("without a context r1 and r2 are 0", alu("mov", 64, 0, src=1), alu("or", 64, 0, src=2), exit_())
    yield vector("other registers start as 0", *[alu("or", 64, 0, src=n) for n in range(3, 10)], exit_())
    yield vector("a call of the firmware sets r0", mov(0, 5), call(1), exit_())
    yield vector("a call of the firmware keeps r6 to r9", mov(6, 6), mov(7, 70), mov(8, 800), mov(9, 9000), call(1),
                 *[alu("add", 64, 0, src=n) for n in range(6, 10)], exit_())


def local_calls():
    add = [alu("add", 64, 0, src=n) for n in range(1, 6)]
    set_arguments = [mov(n, 1 << n) for n in range(1, 6)]
    yield vector("a local call passes r1 to r5 and returns r0", *set_arguments, call_local(1), exit_(), mov(0, 0), *add, exit_())
    clobber = [mov(n, -n) for n in range(6, 10)]
    yield vector("a local call keeps the caller's r6 to r9", *[mov(n, 1 << n) for n in range(6, 10)], call_local(6), mov(0, 0),
                 *[alu("add", 64, 0, src=n) for n in range(6, 10)], exit_(), *clobber, exit_())
    yield vector("a local call backwards", ja(2), mov(0, 42), exit_(), call_local(-3), exit_())
    yield vector("the callee's stack lies below the caller's frame", store_imm(8, 10, 1, -8), call_local(2, 16), load(8, 0, 10, -8),
                 exit_(), store_imm(8, 10, 2, -8), exit_())
    yield vector("r10 is the caller's again after a local call", alu("mov", 64, 6, src=10), call_local(3, 64), alu("mov", 64, 0, src=10),
                 alu("sub", 64, 0, src=6), exit_(), exit_())
    yield vector("the callee's r10 is lower by the caller's frame", alu("mov", 64, 1, src=10), call_local(1, 48), exit_(),
                 alu("mov", 64, 0, src=1), alu("sub", 64, 0, src=10), exit_())
    yield vector("the callee reaches the caller's stack through a pointer", store_imm(4, 10, 77, -4), alu("mov", 64, 1, src=10),
                 alu("sub", 64, 1, imm=4), call_local(1, 8), exit_(), load(4, 0, 1), exit_())
    nested = [mov(0, 0), call_local(1, 8), exit_()]
    for depth in range(2, 8):
        nested += [alu("add", 64, 0, imm=depth)] + ([call_local(1, 8)] if depth < 7 else []) + [exit_()]
    yield vector("local calls nest seven deep", *nested)
    eight = [call_local(1)] + [exit_(), call_local(1)] * 6 + [exit_(), mov(0, 8), exit_()]
    yield vector("eight functions may be active at once", *eight)
    yield vector("recursion without end faults by its depth", mov(0, 0), call_local(-2), exit_())
    yield vector("local calls that need more than the stack fault", mov(0, 0), call_local(1, 256), exit_(), call_local(1, 256), exit_(),
                 call_local(1, 256), exit_(), mov(0, 1), exit_())


def loads_and_stores():
    for size in (1, 2, 4, 8):
        for offset in sorted({0, 1, 4, 16 - size}):
            yield vector(f"load of {size} bytes at offset {offset}", load(size, 0, 1, offset), exit_(), memory=MEMORY)
            yield vector(f"store of {size} bytes from a register at offset {offset}", lddw(3, 0xE1E2E3E4E5E6E7E8),
                         store(size, 1, 3, offset), exit_(), memory=MEMORY)
            for imm in (0x11223344, -2):
                yield vector(f"store of {size} bytes, immediate {imm}, at offset {offset}", store_imm(size, 1, imm, offset), exit_(),
                             memory=MEMORY)
            if size < 8:
                yield vector(f"sign-extending load of {size} bytes at offset {offset}", load_signed(size, 0, 1, offset), exit_(),
                             memory=MEMORY)
        yield vector(f"load of {size} bytes at a negative offset", alu("add", 64, 1, imm=8), load(size, 0, 1, -8), exit_(), memory=MEMORY)
        yield vector(f"load of {size} bytes into its own address register", load(size, 1, 1, 8), alu("mov", 64, 0, src=1), exit_(),
                     memory=MEMORY)
        yield vector(f"the stack keeps {size} bytes", lddw(3, 0xE1E2E3E4E5E6E7E8), store(size, 10, 3, -size), load(size, 0, 10, -size),
                     exit_())
        yield vector(f"the stack's lowest {size} bytes", store_imm(size, 10, 1, -512), load(size, 0, 10, -512), exit_())
        yield vector(f"the stack starts as zeroes, {size} bytes", load(size, 0, 10, -64), exit_())
        yield vector(f"rodata is readable, {size} bytes", lddw(1, RODATA), load(size, 0, 1, 1), exit_(), rodata=MEMORY)
        yield vector(f"data is readable and writable, {size} bytes", lddw(1, DATA), load(size, 3, 1), store(size, 1, 3, 4),
                     load(8, 0, 1), exit_(), data=MEMORY)
    yield vector("an address computed past 32 bits keeps only its low half", lddw(3, 0x700000000), alu("add", 64, 1, src=3),
                 load(4, 0, 1), exit_(), memory=MEMORY)


def memory_faults():
    for size in (1, 2, 4, 8):
        accesses = (("load", load(size, 0, 1, 0)), ("store", store(size, 1, 3, 0)), ("store of an immediate", store_imm(size, 1, 1)))
        signed_load = (("sign-extending load", load_signed(size, 0, 1)),) if size < 8 else ()
        for what, access in accesses + signed_load:
            for place, address in (("at null", 0), ("just behind the context", CONTEXT + 16), ("across the context's end", CONTEXT + 17 - size),
                                   ("just below the stack", STACK - 1), ("across the stack's end", STACK + 513 - size),
                                   ("in a region that is not granted", 0x50000000), ("at the last address", 0xFFFFFFFF)):
                if size == 1 and place.startswith("across"):
                    continue
                yield vector(f"{what} of {size} bytes {place} faults", mov(0, 0), lddw(1, address), access, exit_(), memory=MEMORY)
            yield vector(f"{what} of {size} bytes below the context faults", Insn(access.opcode, access.dst, access.src, -1, access.imm),
                         exit_(), memory=MEMORY)
        yield vector(f"store of {size} bytes to rodata faults", lddw(1, RODATA), store(size, 1, 3), exit_(), rodata=MEMORY)
    yield vector("a faulting instruction changes nothing before it", store_imm(4, 1, 7), mov(0, 9), load(4, 0, 1, 14), exit_(), memory=MEMORY)


def atomics():
    for size in (4, 8):
        bits = 8 * size
        operations = [(f"{name}{suffix}", imm | fetch) for name, imm in ATOMIC_IMMS.items() for suffix, fetch in (("", 0), ("_fetch", 1))]
        for name, imm in [*operations, ("xchg", 0xE1)]:
            for old, src in ((0x1122334455667788, 0xF0F0F0F0F0F0F0F0), (MASK64, 1), (0x80000000, 0x80000000), (0, MASK64)):
                memory = bytes(8) + old.to_bytes(8, "little")
                place = f"{bits} bits of {hexadecimal(old)} with {hexadecimal(src)}"
                yield vector(f"{name}, {place}: memory", lddw(3, src), atomic(imm, size, 1, 3, 8), exit_(), memory=memory)
                yield vector(f"{name}, {place}: register", lddw(3, src), atomic(imm, size, 1, 3, 8), alu("mov", 64, 0, src=3), exit_(),
                             memory=memory)
        for expected in (0x1122334455667788, 0x55667788, 0xFFFFFFFF55667788, 0x1122334400000000):
            yield vector(f"cmpxchg, {bits} bits, r0 {hexadecimal(expected)}", lddw(0, expected), lddw(3, 0xA1A2A3A4A5A6A7A8),
                         atomic(0xF1, size, 1, 3, 0), exit_(), memory=(0x1122334455667788).to_bytes(8, "little"))
            yield vector(f"cmpxchg, {bits} bits, keeps its source, r0 {hexadecimal(expected)}", lddw(0, expected),
                         lddw(3, 0xA1A2A3A4A5A6A7A8), atomic(0xF1, size, 1, 3, 0), alu("mov", 64, 0, src=3), exit_(),
                         memory=(0x1122334455667788).to_bytes(8, "little"))
        yield vector(f"atomics of {bits} bits reach the stack", store_imm(8, 10, 40, -8), mov(3, 2), atomic(0x01, size, 10, 3, -8),
                     load(8, 0, 10, -8), alu("lsh", 64, 0, imm=8), alu("or", 64, 0, src=3), exit_())
        yield vector(f"fetching into the address register, {bits} bits", alu("mov", 64, 6, src=1), alu("mov", 64, 3, src=1),
                     atomic(0xE1, size, 3, 3), alu("mov", 64, 0, src=3), exit_(), memory=MEMORY)
        for name, imm in [*operations, ("xchg", 0xE1), ("cmpxchg", 0xF1)]:
            for place, address in (("behind the context", CONTEXT + 16), ("at null", 0)):
                yield vector(f"{name} of {bits} bits {place} faults", mov(3, 1), lddw(1, address), atomic(imm, size, 1, 3), exit_(), memory=MEMORY)


def rejections():
    raw = bytes.fromhex
    yield rejected("an opcode that does not exist", "BAD_OPCODE", 0, raw("ff00000000000000"), exit_())
    valid = {insn.opcode for insn in every_valid()}
    for opcode in range(256):
        if opcode not in valid and opcode not in (0x8D, 0xB8, 0xD8):
            yield rejected(f"opcode {opcode:#04x} does not exist", "BAD_OPCODE", 1, mov(0, 0), Insn(opcode, 0, 0, 0, 0), exit_())
    yield rejected("calls through a register are refused", "INDIRECT_CALL", 1, mov(0, 0), Insn(0x8D, 2), exit_())
    yield rejected("calls through a register are refused, in their X form too", "INDIRECT_CALL|BAD_FIELD|BAD_REGISTER", 1, mov(0, 0),
                   Insn(0x8D, 0, 2, 0, 0), exit_())
    for insn in every_valid():
        if insn.opcode in (0x05, 0x06, 0x85, 0x95):
            continue
        bad = Insn(insn.opcode, 11, insn.src, insn.offset, insn.imm, insn.next_imm)
        yield rejected(f"register 11 as destination of {text(insn)}", "BAD_REGISTER", 1, mov(0, 0), bad, exit_(), exit_())
        if insn.opcode & 8 and insn.opcode & 7 in (4, 5, 6, 7) and insn.opcode not in (0xDC,) or insn.opcode & 7 in (1, 3):
            bad = Insn(insn.opcode, insn.dst, 15, insn.offset, insn.imm)
            yield rejected(f"register 15 as source of {text(insn)}", "BAD_REGISTER", 1, mov(0, 0), bad, exit_(), exit_())
        if insn.opcode & 7 in (0, 1, 4, 7):
            bad = Insn(insn.opcode, 10, insn.src, insn.offset, insn.imm, insn.next_imm)
            yield rejected(f"r10 may not be written by {text(insn)}", "BAD_REGISTER", 1, mov(0, 0), bad, exit_(), exit_())
    for imm in (0x01, 0x41, 0x51, 0xA1, 0xE1):
        yield rejected(f"r10 may not be fetched into, atomic {imm:#x}", "BAD_REGISTER", 0, atomic(imm, 8, 1, 10), exit_())
    for imm in (0x02, 0x10, 0xE0, 0xF0, 0x100, -1):
        yield rejected(f"atomic operation {imm & 0xFFFFFFFF:#x} does not exist", "BAD_FIELD|BAD_OPCODE", 0, atomic(imm, 8, 1, 3), exit_())
    for bits in (0, 8, 24, 128):
        for kind in ("le", "be", "bswap"):
            yield rejected(f"{kind} of {bits} bits does not exist", "BAD_FIELD|BAD_OPCODE", 0, swap(kind, bits, 0), exit_())
    for offset in (2, -1, 8):
        for name in ("div", "mod"):
            yield rejected(f"{name} with offset {offset} does not exist", "BAD_FIELD|BAD_OPCODE", 0, alu(name, 64, 0, imm=3, offset=offset), exit_())
    for bits, offset in ((64, 1), (64, 24), (64, 64), (32, 32), (32, 7)):
        yield rejected(f"mov{bits} with offset {offset} does not exist", "BAD_FIELD|BAD_OPCODE", 0, alu("mov", bits, 0, src=1, offset=offset), exit_())
    for src in range(1, 7):
        yield rejected(f"lddw of kind {src} needs a linker that this machine does not have", "BAD_FIELD|BAD_OPCODE|BAD_REGISTER", 0,
                       Insn(0x18, 0, src, 0, 0, 0), exit_())
    yield rejected("a call of kind 2 needs type information that there is none of", "BAD_FIELD|BAD_OPCODE|BAD_CALL|BAD_REGISTER|UNKNOWN_BINDING", 0,
                   Insn(0x85, 0, 2, 0, 1), exit_())
    yield from control_rejections(raw)


def control_rejections(raw):
    yield rejected("lddw without its second slot", "TRUNCATED|BAD_JUMP|BAD_OPCODE|NO_EXIT|BAD_FIELD", None, exit_(), raw("1800000000000000"))
    yield rejected("lddw whose second slot has an opcode", "BAD_FIELD|BAD_OPCODE", None, raw("1800000001000000"), exit_(), exit_())
    for what, jump_insn in (("goto", ja), ("gotol", ja32), ("if", lambda distance: jump("jeq", 64, 0, distance, imm=0)),
                            ("if of 32 bits", lambda distance: jump("jeq", 32, 0, distance, src=1))):
        yield rejected(f"{what} before the text", "BAD_JUMP", 0, jump_insn(-2), exit_())
        yield rejected(f"{what} just behind the text", "BAD_JUMP", 0, jump_insn(1), exit_())
        yield rejected(f"{what} far behind the text", "BAD_JUMP", 0, jump_insn(32767), exit_())
        yield rejected(f"{what} into the second slot of lddw", "BAD_JUMP", 0, jump_insn(1), lddw(0, 1), exit_())
        yield rejected(f"{what} backwards into the second slot of lddw", "BAD_JUMP", 2, lddw(0, 1), jump_insn(-2), exit_())
    for distance in (MAX32, MIN32, -(2**29), 2**29):
        yield rejected(f"gotol {distance} wraps around", "BAD_JUMP", 0, ja32(distance), exit_())
        yield rejected(f"a local call of {distance} wraps around", "BAD_CALL", 0, call_local(distance), exit_())
    for what, distance in (("before the text", -2), ("just behind the text", 3), ("into the second slot of lddw", 1)):
        yield rejected(f"a local call {what}", "BAD_CALL", 0, call_local(distance), lddw(0, 1), exit_())
    yield rejected("a local call with a frame that is not a multiple of 8", "BAD_FRAME", 0, call_local(1, 12), exit_(), exit_())
    yield rejected("a local call with a negative frame", "BAD_FRAME", 0, call_local(1, -8), exit_(), exit_())
    yield rejected("a local call with a frame larger than the stack", "BAD_FRAME", 0, call_local(1, 520), exit_(), exit_())
    for what, last in (("an addition", mov(0, 0)), ("a wide load", lddw(0, 0)), ("a conditional jump", jump("jeq", 64, 0, -1, imm=0)),
                       ("a call", call(1)), ("a local call", call_local(-2))):
        yield rejected(f"text that ends with {what}", "NO_EXIT", None, exit_(), last)


def every_valid():
    """One of each encoding that RFC 9669 gives, with fields that make it valid."""
    for bits in (32, 64):
        for name in [*ALU_CODES, "sdiv", "smod"]:
            yield alu(name, bits, 0, imm=1)
            yield alu(name, bits, 0, src=1)
        yield neg(bits, 0)
        for width in (8, 16, 32) if bits == 64 else (8, 16):
            yield alu("mov", bits, 0, src=1, offset=width)
        for name in JUMP_CODES:
            yield jump(name, bits, 0, 0, imm=1)
            yield jump(name, bits, 0, 0, src=1)
    for kind in ("le", "be", "bswap"):
        for bits in (16, 32, 64):
            yield swap(kind, bits, 0)
    yield from (ja(0), ja32(0), call(1), call_local(1), exit_(), lddw(0, 1))
    for size in (1, 2, 4, 8):
        yield from (load(size, 0, 1), store(size, 1, 0), store_imm(size, 1, 0))
        if size < 8:
            yield load_signed(size, 0, 1)
        if size >= 4:
            for imm in (0x00, 0x01, 0x40, 0x41, 0x50, 0x51, 0xA0, 0xA1, 0xE1, 0xF1):
                yield atomic(imm, size, 1, 0)


FILES = {
    "alu32": lambda: arithmetic(32),
    "alu64": lambda: arithmetic(64),
    "swap": swaps,
    "jump32": lambda: jumps(32),
    "jump64": lambda: jumps(64),
    "control": control,
    "call": local_calls,
    "memory": loads_and_stores,
    "memory_faults": memory_faults,
    "atomic": atomics,
    "rejections": rejections,
}


def render(vectors):
    seen, lines = set(), []
    for item in vectors:
        if item["name"] in seen:
            raise SystemExit(f"two vectors are called {item['name']!r}")
        seen.add(item["name"])
        lines.append(json.dumps(item))
    return "[\n" + ",\n".join(lines) + "\n]\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    stale = []
    for name, make in FILES.items():
        path, new = os.path.join(HERE, f"{name}.json"), render(make())
        if not check:
            os.makedirs(HERE, exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(new)
        elif not os.path.exists(path) or open(path, encoding="utf-8").read() != new:
            stale.append(path)
    for path in stale:
        print(f"{path}: not what make_isa.py writes; run tests/vectors/make_isa.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
