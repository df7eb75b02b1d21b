# SPDX-License-Identifier: GPL-3.0-or-later
"""Names for RFC 9669 instructions: constructors for those who write vectors, text for those who read them."""
from model import MASK32, SIZES, Insn, signed

ALU_CODES = {"add": 0, "sub": 1, "mul": 2, "div": 3, "or": 4, "and": 5, "lsh": 6, "rsh": 7, "mod": 9, "xor": 0xA, "mov": 0xB, "arsh": 0xC}
ALU_SIGNS = {0: "+=", 1: "-=", 2: "*=", 3: "/=", 4: "|=", 5: "&=", 6: "<<=", 7: ">>=", 9: "%=", 0xA: "^=", 0xB: "=", 0xC: "s>>="}
JUMP_CODES = {"jeq": 1, "jgt": 2, "jge": 3, "jset": 4, "jne": 5, "jsgt": 6, "jsge": 7, "jlt": 0xA, "jle": 0xB, "jslt": 0xC, "jsle": 0xD}
JUMP_SIGNS = {1: "==", 2: ">", 3: ">=", 4: "&", 5: "!=", 6: "s>", 7: "s>=", 0xA: "<", 0xB: "<=", 0xC: "s<", 0xD: "s<="}
ATOMIC_IMMS = {"add": 0x00, "or": 0x40, "and": 0x50, "xor": 0xA0}
SIZE_CODES = {1: 0x10, 2: 0x08, 4: 0x00, 8: 0x18}


def alu(name, bits, dst, src=None, imm=0, offset=0):
    """`name` of ALU_CODES, or sdiv, smod; src None takes the immediate."""
    if name in ("sdiv", "smod"):
        name, offset = name[1:], 1
    opcode = ALU_CODES[name] << 4 | (7 if bits == 64 else 4) | (0 if src is None else 8)
    return Insn(opcode, dst, src or 0, offset, imm)


def neg(bits, dst):
    return Insn(0x87 if bits == 64 else 0x84, dst)


def swap(kind, bits, dst):
    return Insn({"le": 0xD4, "be": 0xDC, "bswap": 0xD7}[kind], dst, imm=bits)


def lddw(dst, value):
    return Insn(0x18, dst, imm=signed(value, 32), next_imm=signed(value >> 32, 32))


def jump(name, bits, dst, offset, src=None, imm=0):
    opcode = JUMP_CODES[name] << 4 | (5 if bits == 64 else 6) | (0 if src is None else 8)
    return Insn(opcode, dst, src or 0, offset, imm)


def ja(offset):
    return Insn(0x05, offset=offset)


def ja32(imm):
    return Insn(0x06, imm=imm)


def call(binding):
    return Insn(0x85, imm=binding)


def call_local(distance, frame_bytes=0):
    return Insn(0x85, src=1, offset=frame_bytes, imm=distance)


def exit_():
    return Insn(0x95)


def load(size, dst, src, offset=0):
    return Insn(0x61 | SIZE_CODES[size], dst, src, offset)


def load_signed(size, dst, src, offset=0):
    return Insn(0x81 | SIZE_CODES[size], dst, src, offset)


def store(size, dst, src, offset=0):
    return Insn(0x63 | SIZE_CODES[size], dst, src, offset)


def store_imm(size, dst, imm, offset=0):
    return Insn(0x62 | SIZE_CODES[size], dst, 0, offset, imm)


def atomic(imm, size, dst, src, offset=0):
    return Insn(0xC3 | SIZE_CODES[size], dst, src, offset, imm)


def mov(dst, imm):
    return alu("mov", 64, dst, imm=imm)


def text(insn):
    """One line in the manner of LLVM's BPF assembler."""
    kind, code, bits = insn.opcode & 7, insn.opcode >> 4, {4: 32, 7: 64, 5: 64, 6: 32}.get(insn.opcode & 7)
    if kind in (4, 7):
        return _alu_text(insn, code, bits)
    if kind in (5, 6):
        return _jump_text(insn, code, bits)
    if insn.opcode == 0x18:
        return f"r{insn.dst} = {(insn.imm & MASK32) | ((insn.next_imm or 0) & MASK32) << 32:#x} ll"
    bits = 8 * SIZES[insn.opcode & 0x18]
    mode = insn.opcode & 0xE0
    if kind == 1 and mode in (0x60, 0x80):
        return f"r{insn.dst} = *({'s' if mode == 0x80 else 'u'}{bits} *)(r{insn.src} {insn.offset:+d})"
    where = f"*(u{bits} *)(r{insn.dst} {insn.offset:+d})"
    if kind == 2:
        return f"{where} = {insn.imm}"
    if kind == 3 and mode == 0x60:
        return f"{where} = r{insn.src}"
    if kind == 3:
        name = {0xE1: "xchg", 0xF1: "cmpxchg r0"}.get(insn.imm)
        name = name or {0: "add", 0x40: "or", 0x50: "and", 0xA0: "xor"}.get(insn.imm & 0xF0, "?") + ("_fetch" if insn.imm & 1 else "")
        return f"lock {name} {where}, r{insn.src}"
    return f"opcode {insn.opcode:#04x}"


def _alu_text(insn, code, bits):
    name = "r" if bits == 64 else "w"
    dst = f"{name}{insn.dst}"
    if code == 0x8:
        return f"{dst} = -{dst}"
    if code == 0xD:
        kind = "bswap" if bits == 64 else "be" if insn.opcode & 8 else "le"
        return f"r{insn.dst} = {kind}{insn.imm} r{insn.dst}"
    sign = ALU_SIGNS.get(code, "?=")
    if code in (3, 9) and insn.offset == 1:
        sign = "s" + sign
    source = f"{name}{insn.src}" if insn.opcode & 8 else str(insn.imm)
    if code == 0xB and insn.offset:
        source = f"(s{insn.offset}) {source}"
    return f"{dst} {sign} {source}"


def _jump_text(insn, code, bits):
    if code == 0x0:
        return f"goto {insn.offset:+d}" if bits == 64 else f"gotol {insn.imm:+d}"
    if code == 0x8 and not insn.opcode & 8:
        return {0: f"call {insn.imm}", 1: f"call {insn.imm:+d} (frame {insn.offset})"}.get(insn.src, f"call kind {insn.src}")
    if code == 0x8:
        return f"callx r{insn.dst}"
    if code == 0x9:
        return "exit"
    name = "r" if bits == 64 else "w"
    source = f"{name}{insn.src}" if insn.opcode & 8 else str(insn.imm)
    return f"if {name}{insn.dst} {JUMP_SIGNS.get(code, '?')} {source} goto {insn.offset:+d}"
