# SPDX-License-Identifier: GPL-3.0-or-later
"""Images made by hand (headers/rbpf/image.h), for system tests that need a script but no compiler."""
import struct
import zlib


def insn(opcode, dst=0, src=0, offset=0, imm=0):
    return struct.pack("<BBhi", opcode, src << 4 | dst, offset, imm)


def mov(dst, imm):
    return insn(0xB7, dst, imm=imm)


def move(dst, src):
    return insn(0xBF, dst, src)


def add(dst, imm):
    return insn(0x07, dst, imm=imm)


def add_reg(dst, src):
    return insn(0x0F, dst, src)


def call(binding):
    return insn(0x85, imm=binding)


EXIT = insn(0x95)
LOOP = insn(0x05, offset=-1)


def image(text, entries, rodata=b"", name="test", version="1.0", stack=512, budget=0):
    """entries: list of (name, trigger, instruction index)."""
    text = b"".join(text)
    bindings = sorted({struct.unpack_from("<i", text, at + 4)[0] for at in range(0, len(text), 8)
                       if text[at] == 0x85 and text[at + 1] >> 4 == 0})
    head = 56 + 8 * len(entries) + 2 * len(bindings)
    strings = b""

    def string(value):
        nonlocal strings
        at = head + len(strings)
        strings += value.encode() + b"\0"
        return at

    table = b"".join(struct.pack("<HHHH", string(n), string(t), index, 64) for n, t, index in entries)
    ids = b"".join(struct.pack("<H", i) for i in bindings)
    name_at, version_at = string(name), string(version)
    header_bytes = (head + len(strings) + 7) // 8 * 8
    header = struct.pack("<IBBHIIIIIIHBBHH16s", 0x49504272, 1, 0, header_bytes, 0, len(text), len(rodata), 0, 0, budget,
                         stack, len(entries), len(bindings), name_at, version_at, b"0123456789abcdef")
    body = (header + table + ids + strings).ljust(header_bytes, b"\0") + text + rodata
    return body[:8] + struct.pack("<I", zlib.crc32(body)) + body[12:]


def answer(fill):
    """A CoAP entry: `fill` leaves text at r10-32 and its length in r7; r6 is the request."""
    return [move(6, 1)] + fill + [
        move(1, 6), mov(2, 0x45), call(0x40),  # 2.05
        move(1, 6), mov(2, 0), call(0x42),     # text/plain
        move(1, 6), mov(2, 1), call(0x41), move(8, 0),
        move(1, 6), call(0x43),
        move(1, 0), move(2, 10), add(2, -32), move(3, 7), call(0x02),
        move(0, 8), add_reg(0, 7), EXIT]


def sensor(path="sensor", name="sensor"):
    """Listing 1 of the paper: answers the value of device 1."""
    fill = [mov(1, 1), call(0x30), move(1, 0), move(2, 10), add(2, -8), call(0x32),
            move(1, 10), add(1, -32), insn(0x69, 2, 10, -8), insn(0x91, 3, 10, -1), call(0x50), move(7, 0)]
    return image(answer(fill), [("sensor", "coap/" + path, 0)], name=name)


def constant(value, path="sensor", name="constant", padding=0):
    """Answers a number; `padding` bytes of read-only data make the image longer."""
    fill = [move(1, 10), add(1, -32), mov(2, value), call(0x51), move(7, 0)]
    return image(answer(fill), [("answer", "coap/" + path, 0)], rodata=b"x" * padding, name=name)


def counter(path="count", name="counter"):
    """Answers how often it has been asked; the count is key 1 of its own store."""
    fill = [mov(1, 1), move(2, 10), add(2, -8), call(0x12), insn(0x61, 7, 10, -8), add(7, 1),
            mov(1, 1), move(2, 7), call(0x10),
            move(1, 10), add(1, -32), move(2, 7), call(0x51), move(7, 0)]
    return image(answer(fill), [("count", "coap/" + path, 0)], name=name)


def endless(path="endless"):
    return image([LOOP, mov(0, 0), EXIT], [("endless", "coap/" + path, 0)], name="endless", budget=100000000)
