# SPDX-License-Identifier: GPL-3.0-or-later
"""An nRF51 behind a debug probe, as much of it as pyOCD touches: core registers, flash, RAM, ROM table.

Flash lives in a file, so that one pyOCD finds what another one wrote. The program that pyOCD loads into RAM to erase and
write pages is not run instruction by instruction: its entry points (which pyOCD's own table names) are acted out.
"""

import binascii
import struct

FLASH_BYTES = 256 * 1024
SECTOR_BYTES = 1024
UICR, UICR_BYTES = 0x10001000, 0x400
RAM, RAM_BYTES = 0x20000000, 16 * 1024

DHCSR, DCRSR, DCRDR, DEMCR, AIRCR, CPUID = 0xE000EDF0, 0xE000EDF4, 0xE000EDF8, 0xE000EDFC, 0xE000ED0C, 0xE000ED00
C_DEBUGEN, C_HALT, S_REGRDY, S_HALT, S_RESET = 1, 2, 1 << 16, 1 << 17, 1 << 25
CATCH_RESET, RESET_REQUEST, REGISTER_WRITE = 1, 4, 1 << 16
PC, LR, R0, SP, XPSR, THUMB = 15, 14, 0, 13, 16, 1 << 24

ROM_TABLE, SCS, DWT, BPU = 0xF0000000, 0xE000E000, 0xE0001000, 0xE0002000
CORTEX_M0 = 0x410CC200


def component(part, kind):
    """The identification registers at 0xFC0 … 0xFFF of a component's page: ARM's, class `kind`."""
    peripheral = [4, 0, 0, 0, part & 0xFF, 0xB0 | part >> 8, 0x0B, 0]
    return [0] * 4 + peripheral + [0x0D, kind << 4, 0x05, 0xB1]


class Fault(Exception):
    """The bus refuses."""


class Chip:
    def __init__(self, path, algorithm, trouble=""):
        self.path = path
        self.algorithm = algorithm
        self.trouble = trouble
        try:
            with open(path, "rb") as file:
                stored = file.read()
        except FileNotFoundError:
            stored = b""
        self.flash = bytearray(stored[:FLASH_BYTES].ljust(FLASH_BYTES, b"\xff"))
        self.uicr = bytearray(stored[FLASH_BYTES:].ljust(UICR_BYTES, b"\xff"))
        # What RAM holds at first is anybody's guess; not zeros, so that nobody relies on them.
        self.ram = bytearray(b"\xa5" * RAM_BYTES)
        self.registers = [0] * 32
        self.words = {CPUID: CORTEX_M0, DEMCR: 0}
        self.halted = False
        self.debugged = False
        self.was_reset = True
        self.pages_written = 0
        offsets = [(page - ROM_TABLE) & 0xFFFFF000 | 3 for page in (SCS, DWT, BPU)]
        self.pages = {ROM_TABLE: dict(enumerate(offsets + [0])), SCS: {}, DWT: {0: 1 << 28}, BPU: {0: 4 << 4}}
        for page, part, kind in ((ROM_TABLE, 0x471, 1), (SCS, 0x008, 14), (DWT, 0x00A, 14), (BPU, 0x00B, 14)):
            self.pages[page].update({0x3F0 + i: word for i, word in enumerate(component(part, kind))})

    def save(self):
        with open(self.path, "wb") as file:
            file.write(self.flash + self.uicr)

    def reset(self):
        stack, start = struct.unpack_from("<II", self.flash, 0)
        self.registers[SP], self.registers[PC] = stack, start & ~1
        self.registers[XPSR] = THUMB
        self.was_reset = True
        self.halted = self.debugged and self.words[DEMCR] & CATCH_RESET != 0

    # Memory, a word or a byte at a time.

    def area(self, address):
        for base, memory in ((0, self.flash), (UICR, self.uicr), (RAM, self.ram)):
            if base <= address < base + len(memory):
                return memory, address - base
        return None, 0

    def read(self, address, size):
        if self.trouble == "locked":
            raise Fault(address)
        memory, at = self.area(address)
        if memory is not None:
            return int.from_bytes(memory[at:at + size], "little")
        if address == DHCSR:
            state = S_REGRDY | (S_HALT if self.halted else 0) | (C_DEBUGEN if self.debugged else 0)
            state |= (C_HALT if self.halted else 0) | (S_RESET if self.was_reset else 0)
            self.was_reset = False
            return state
        word = self.words.get(address & ~3)
        if word is None:
            page = self.pages.get(address & 0xFFFFF000)
            word = page.get((address & 0xFFF) // 4, 0) if page is not None else 0
        return word >> (address & 3) * 8 & (1 << size * 8) - 1

    def write(self, address, value, size):
        if self.trouble == "locked":
            raise Fault(address)
        value &= (1 << size * 8) - 1
        memory, at = self.area(address)
        if memory is self.ram:
            memory[at:at + size] = value.to_bytes(size, "little")
        elif memory is not None:
            pass  # flash takes no plain writes
        elif address == DHCSR:
            self.control(value)
        elif address == DCRSR:
            self.transfer(value)
        elif address == AIRCR:
            if value & RESET_REQUEST:
                self.reset()
        else:
            self.words[address] = value

    # The core.

    def control(self, value):
        self.debugged = value & C_DEBUGEN != 0
        if value & C_HALT and self.debugged:
            self.halted = True
        elif self.halted:
            self.resume()

    def transfer(self, value):
        number = value & 0x1F
        if value & REGISTER_WRITE:
            self.registers[number] = self.words.get(DCRDR, 0)
        else:
            self.words[DCRDR] = self.registers[number]

    def resume(self):
        """Acts out a call into pyOCD's program in RAM; anything else is the firmware, which just runs."""
        start = self.registers[PC] | 1
        r0, r1, r2 = self.registers[:3]
        entries = {self.algorithm["pc_init"] | 1: lambda: 0,
                   self.algorithm["pc_eraseAll"] | 1: self.erase_all,
                   self.algorithm["pc_erase_sector"] | 1: lambda: self.erase(r0),
                   self.algorithm["pc_program_page"] | 1: lambda: self.program(r0, r1, r2)}
        if self.algorithm.get("analyzer_supported"):
            entries[self.algorithm["analyzer_address"] | 1] = lambda: self.analyse(r0, r1)
        if start not in entries:
            self.halted = False
            return
        self.registers[R0] = entries[start]() & 0xFFFFFFFF
        self.registers[PC] = self.registers[LR] & ~1

    # What pyOCD's program in RAM does.

    def erase_all(self):
        self.flash[:] = b"\xff" * FLASH_BYTES
        self.uicr[:] = b"\xff" * UICR_BYTES
        self.save()
        return 0

    def erase(self, address):
        memory, at = self.area(address)
        size = SECTOR_BYTES if memory is self.flash else UICR_BYTES
        at -= at % size
        memory[at:at + size] = b"\xff" * size
        self.save()
        return 0

    def program(self, address, size, source):
        if self.trouble == "worn":
            return 1
        self.pages_written += 1
        if self.trouble == "unplugged" and self.pages_written > 3:
            raise ConnectionError
        memory, at = self.area(address)
        data = self.ram[source - RAM:source - RAM + size]
        for i, byte in enumerate(data):
            memory[at + i] &= byte  # flash bits only fall
        if self.trouble == "flips" and self.pages_written == 2:
            memory[at + 7] ^= 0x10
        self.save()
        return 0

    def analyse(self, table, count):
        """CRCs of sectors: each entry is log2 of the size and, in the upper half, the address by that size."""
        for at in range(table - RAM, table - RAM + 4 * count, 4):
            entry, = struct.unpack_from("<I", self.ram, at)
            size = 1 << (entry & 0xFFFF)
            start = (entry >> 16) * size
            struct.pack_into("<I", self.ram, at, binascii.crc32(self.flash[start:start + size]))
        return 0
