# SPDX-License-Identifier: GPL-3.0-or-later
"""A model of RFC 9669 in plain Python, for deriving the expected values of the ISA vectors.

Written from the RFC's text alone and never from the VM in firmware/, so that a mistake in one shows against the other.
Section numbers are those of RFC 9669. Memory follows headers/rbpf/image.h (virtual regions)."""
import struct
from dataclasses import dataclass

MASK32, MASK64 = 2**32 - 1, 2**64 - 1
STACK, RODATA, DATA, CONTEXT = 0x10000000, 0x20000000, 0x30000000, 0x40000000
STACK_BYTES = 512
CALL_DEPTH = 8


def signed(value, bits):
    value &= 2**bits - 1
    return value - 2**bits if value >> (bits - 1) else value


@dataclass(frozen=True)
class Insn:
    """One instruction as section 3 encodes it; `next_imm` makes it a wide one of two slots."""

    opcode: int
    dst: int = 0
    src: int = 0
    offset: int = 0
    imm: int = 0
    next_imm: int | None = None

    def encode(self):
        first = struct.pack("<BBhI", self.opcode, self.src << 4 | self.dst, self.offset, self.imm & MASK32)
        return first if self.next_imm is None else first + struct.pack("<II", 0, self.next_imm & MASK32)

    def slots(self):
        return 1 if self.next_imm is None else 2


class Fault(Exception):
    def __init__(self, status, slot, detail=None):
        super().__init__(status)
        self.status, self.slot, self.detail = status, slot, detail


def truncating_divide(a, b):
    """Section 4.1: signed division truncates towards zero."""
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def alu(code, bits, dst, src, offset):
    """Section 4.1. dst and src are already cut to `bits`; the result is cut by the caller."""
    shift = src & (bits - 1)
    if code == 0x0:
        return dst + src
    if code == 0x1:
        return dst - src
    if code == 0x2:
        return dst * src
    if code == 0x3:
        if src == 0:
            return 0
        return truncating_divide(signed(dst, bits), signed(src, bits)) if offset == 1 else dst // src
    if code == 0x4:
        return dst | src
    if code == 0x5:
        return dst & src
    if code == 0x6:
        return dst << shift
    if code == 0x7:
        return dst >> shift
    if code == 0x8:
        return -dst
    if code == 0x9:
        if src == 0:
            return dst
        if offset == 1:
            a, b = signed(dst, bits), signed(src, bits)
            return a - b * truncating_divide(a, b)
        return dst % src
    if code == 0xA:
        return dst ^ src
    if code == 0xB:
        return signed(src, offset) if offset else src
    if code == 0xC:
        return signed(dst, bits) >> shift
    raise ValueError(f"no ALU operation {code:#x}")


def byte_swap(value, bits):
    return int.from_bytes((value & (2**bits - 1)).to_bytes(bits // 8, "little"), "big")


def condition(code, bits, dst, src):
    """Section 4.3; dst and src are already cut to `bits`."""
    s_dst, s_src = signed(dst, bits), signed(src, bits)
    return {
        0x1: dst == src,
        0x2: dst > src,
        0x3: dst >= src,
        0x4: bool(dst & src),
        0x5: dst != src,
        0x6: s_dst > s_src,
        0x7: s_dst >= s_src,
        0xA: dst < src,
        0xB: dst <= src,
        0xC: s_dst < s_src,
        0xD: s_dst <= s_src,
    }[code]


def atomic(imm, old, src):
    """Section 5.3, the arithmetic ones and exchange; the value that is stored."""
    return {0x00: old + src, 0x40: old | src, 0x50: old & src, 0xA0: old ^ src, 0xE0: src}[imm & 0xF0]


SIZES = {0x00: 4, 0x08: 2, 0x10: 1, 0x18: 8}


class Machine:
    def __init__(self, memory=b"", rodata=b"", data=b""):
        self.regions = {STACK: bytearray(STACK_BYTES), CONTEXT: bytearray(memory), RODATA: bytearray(rodata), DATA: bytearray(data)}
        self.reg = [0] * 11
        self.reg[1] = CONTEXT if memory else 0
        self.reg[2] = len(memory)
        self.reg[10] = STACK + STACK_BYTES
        self.frames = []
        self.executed = 0

    def place(self, address, size, write, slot):
        """The bytes at a virtual address; only the address's low 32 bits count."""
        address &= MASK32
        base, offset = address & 0xF0000000, address & 0x0FFFFFFF
        region = self.regions.get(base)
        if region is None or offset + size > len(region) or (write and base == RODATA):
            raise Fault("WRITE_FAULT" if write else "READ_FAULT", slot, address)
        return region, offset

    def load(self, address, size, slot):
        region, at = self.place(address, size, False, slot)
        return int.from_bytes(region[at : at + size], "little")

    def store(self, address, size, value, slot):
        region, at = self.place(address, size, True, slot)
        region[at : at + size] = (value & (2 ** (8 * size) - 1)).to_bytes(size, "little")

    def run(self, program):
        """Executes a list of Insn; returns r0. Raises Fault."""
        at_slot, slot = {}, 0
        for insn in program:
            at_slot[slot] = insn
            slot += insn.slots()
        pc = 0
        while True:
            insn = at_slot[pc]
            self.executed += 1
            if self.executed > 100000:
                raise ValueError("the vector does not end")
            pc = self.step(insn, pc)
            if pc is None:
                return self.reg[0]

    def step(self, insn, pc):
        kind = insn.opcode & 7
        follow = pc + insn.slots()
        if kind in (4, 7):
            self.arithmetic(insn, 64 if kind == 7 else 32)
        elif kind in (5, 6):
            return self.jump(insn, 64 if kind == 5 else 32, pc, follow)
        elif insn.opcode == 0x18:
            self.reg[insn.dst] = (insn.imm & MASK32) | (insn.next_imm & MASK32) << 32
        elif kind == 1:
            size = SIZES[insn.opcode & 0x18]
            value = self.load(self.reg[insn.src] + insn.offset, size, pc)
            if insn.opcode & 0xE0 == 0x80:
                value = signed(value, 8 * size)
            self.reg[insn.dst] = value & MASK64
        elif kind == 2:
            self.store(self.reg[insn.dst] + insn.offset, SIZES[insn.opcode & 0x18], insn.imm, pc)
        elif insn.opcode & 0xE0 == 0xC0:
            self.exchange(insn, pc)
        else:
            self.store(self.reg[insn.dst] + insn.offset, SIZES[insn.opcode & 0x18], self.reg[insn.src], pc)
        return follow

    def arithmetic(self, insn, bits):
        code, mask = insn.opcode >> 4, 2**bits - 1
        dst = self.reg[insn.dst]
        if code == 0xD:  # section 4.2; the workstation and the boards are little-endian
            to_big_or_swap = insn.opcode & 8 or bits == 64
            cut = dst & (2**insn.imm - 1)
            self.reg[insn.dst] = byte_swap(cut, insn.imm) if to_big_or_swap else cut
            return
        src = self.reg[insn.src] if insn.opcode & 8 else insn.imm
        self.reg[insn.dst] = alu(code, bits, dst & mask, src & mask, insn.offset) & mask

    def jump(self, insn, bits, pc, follow):
        code, mask = insn.opcode >> 4, 2**bits - 1
        if code == 0x0:
            return follow + (insn.offset if bits == 64 else insn.imm)
        if code == 0x8:
            if insn.src == 0:
                self.reg[0] = 0  # the test firmware's bindings answer 0
                return follow
            if len(self.frames) + 1 == CALL_DEPTH:
                raise Fault("CALL_DEPTH", pc)
            if self.reg[10] - insn.offset < STACK:
                raise Fault("STACK_OVERFLOW", pc)
            self.frames.append((follow, self.reg[6:11]))
            self.reg[10] -= insn.offset
            return follow + insn.imm
        if code == 0x9:
            if not self.frames:
                return None
            back, self.reg[6:11] = self.frames.pop()
            return back
        src = self.reg[insn.src] if insn.opcode & 8 else insn.imm
        taken = condition(code, bits, self.reg[insn.dst] & mask, src & mask)
        return follow + insn.offset if taken else follow

    def exchange(self, insn, pc):
        size = SIZES[insn.opcode & 0x18]
        mask = 2 ** (8 * size) - 1
        address = self.reg[insn.dst] + insn.offset
        self.place(address, size, True, pc)
        old, src = self.load(address, size, pc), self.reg[insn.src]
        if insn.imm == 0xF1:  # compare and exchange: r0 always gets the old value
            if self.reg[0] & mask == old:
                self.store(address, size, src, pc)
            self.reg[0] = old
            return
        self.store(address, size, atomic(insn.imm, old, src), pc)
        if insn.imm & 1:
            self.reg[insn.src] = old
