# SPDX-License-Identifier: GPL-3.0-or-later
"""The boards' firmware as ELF: what lies where, that it fits with its stack, and how much of everything it takes.

The figures are printed (and kept as JSON where RBPF_FIGURES names a file): flash, static RAM, worst-case stack.
"""

import json
import os
import re
import shutil
import subprocess
import unittest

import stack_depth
from emulated_board import elf

# Flash, RAM, bytes of a page that is erased at once; as the chips' data sheets have them.
CHIPS = {"microbit": (256 << 10, 16 << 10, 1 << 10), "nrf52840dk": (1 << 20, 256 << 10, 4 << 10),
         "mps2_an386": (4 << 20, 4 << 20, 1 << 10)}
INTERRUPTS = {"microbit": ["uart0Handler", "timer0Interrupt"], "nrf52840dk": ["uart0Handler", "timer0Interrupt"],
              "mps2_an386": ["receiveHandler", "transmitHandler", "wakeHandler", "sysTick"]}
RAM = 0x20000000
EXCEPTION_FRAME = 36  # what the processor pushes, with its padding; interrupts do not interrupt each other
HEAP = re.compile(r"^(_?malloc(_r)?|_?free(_r)?|_?sbrk(_r)?|_Znwj|_Znaj|_ZdlPv|_ZdlPvj)$")


def output(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


class Firmware:
    def __init__(self, board):
        self.board = board
        self.sections = {}
        for line in output("arm-none-eabi-objdump", "-h", elf(board)).splitlines():
            found = re.match(r"\s*\d+ (\S+)\s+([0-9a-f]{8})\s+([0-9a-f]{8})\s+([0-9a-f]{8})", line)
            if found:
                self.sections[found.group(1)] = tuple(int(found.group(i), 16) for i in (2, 3))
        self.symbols = {}
        for line in output("arm-none-eabi-nm", elf(board)).splitlines():
            parts = line.split()
            if len(parts) == 3:
                self.symbols[parts[2]] = int(parts[0], 16)

    def flash(self):
        return sum(self.sections.get(name, (0, 0))[0] for name in (".text", ".ARM.exidx", ".data"))

    def static_ram(self):
        return sum(self.sections.get(name, (0, 0))[0] for name in (".noinit", ".data", ".bss"))

    def stack(self):
        return self.symbols["stackTop"] - self.symbols["stackBottom"]


@unittest.skipUnless(shutil.which("arm-none-eabi-nm"), "gcc-arm-none-eabi is not installed")
class Boards(unittest.TestCase):
    def setUp(self):
        missing = [board for board in CHIPS if not elf(board).exists()]
        if missing:
            self.skipTest(f"no firmware for {', '.join(missing)} (cmake --preset firmware)")
        self.firmware = {board: Firmware(board) for board in CHIPS}

    def test_everything_lies_in_the_chips_memory_and_the_storage_behind_the_program(self):
        for board, (flash, ram, page) in CHIPS.items():
            with self.subTest(board):
                symbols = self.firmware[board].symbols
                start, store, end = (symbols[name] for name in ("storageStart", "storeStart", "storageEnd"))
                self.assertLessEqual(self.firmware[board].flash(), start)
                self.assertLess(start, store)
                self.assertLess(store, end)
                self.assertLessEqual(end + page, flash, "a page behind the storage stays erased")
                for place in (start, store, end):
                    self.assertEqual(place % page, 0)
                self.assertEqual((end - store) % (2 * page), 0, "the stores' two halves are whole pages")
                self.assertEqual(symbols["stackBottom"], RAM, "what a stack overflows into is not there")
                self.assertLessEqual(symbols["bssEnd"], RAM + ram)

    def test_the_processor_finds_its_stack_and_its_first_instruction(self):
        for board in CHIPS:
            with self.subTest(board):
                symbols = self.firmware[board].symbols
                dump = output("arm-none-eabi-objdump", "-s", "--start-address=0", "--stop-address=8", elf(board))
                words = re.search(r"^ 0+ ([0-9a-f]{8}) ([0-9a-f]{8})", dump, re.M).groups()
                stack, reset = (int.from_bytes(bytes.fromhex(word), "little") for word in words)
                self.assertEqual(stack, symbols["stackTop"])
                self.assertEqual(reset & 1, 1, "Thumb")
                self.assertEqual(reset & ~1, symbols["resetHandler"])

    def test_there_is_no_heap(self):
        for board in CHIPS:
            with self.subTest(board):
                self.assertEqual([name for name in self.firmware[board].symbols if HEAP.match(name)], [])

    def test_the_deepest_path_fits_the_stack(self):
        figures = {}
        for board, (_, ram, _) in CHIPS.items():
            with self.subTest(board):
                firmware = self.firmware[board]
                roots = ["resetHandler", *INTERRUPTS[board]]
                depth = {root: worst[0] for root, worst in stack_depth.worst(elf(board), roots).items()}
                needed = depth.pop("resetHandler") + EXCEPTION_FRAME + max(depth.values())
                self.assertLess(needed, firmware.stack())
                figures[board] = {"flash": firmware.flash(), "ram": firmware.static_ram(), "stack": firmware.stack(),
                                  "stackWorst": needed, "left": ram - firmware.static_ram() - firmware.stack()}
                print(f"\n{board}: flash {firmware.flash()} B, static RAM {firmware.static_ram()} B, stack "
                      f"{firmware.stack()} B of which {needed} B are used at worst, {figures[board]['left']} B left")
        if os.environ.get("RBPF_FIGURES"):
            with open(os.environ["RBPF_FIGURES"], "w", encoding="utf-8") as file:
                json.dump(figures, file, indent=2)


if __name__ == "__main__":
    unittest.main()
