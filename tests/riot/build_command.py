# SPDX-License-Identifier: GPL-3.0-or-later
"""rbpf firmware build with a real make and a played RIOT: a checkout whose Makefile.include says what RIOT would. What
RIOT itself makes of the modules: native64.py."""

import os
import signal
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
from cli_case import CliTest, until  # noqa: E402

GOOD = """all:
\t@mkdir -p $(BINDIRBASE)/$(BOARD) && echo ELF > $(BINDIRBASE)/$(BOARD)/rbpf.elf
\t@echo '"make" -C $(RIOTBASE)/core'
\t@echo '   text\t   data\t    bss\t    dec\t    hex\tfilename'
\t@echo '  55944\t     72\t  38516\t  94532\t  17144\t$(BINDIRBASE)/$(BOARD)/rbpf.elf'
"""


class FirmwareBuild(CliTest):
    def setUp(self):
        super().setUp()
        self.env.pop("RIOTBASE", None)
        self.riot = self.folder / "RIOT"
        for board in ("nrf52840dk", "native64", "common"):
            (self.riot / "boards" / board).mkdir(parents=True)
        (self.riot / "makefiles").mkdir()
        (self.riot / "makefiles/board_alias.inc.mk").write_text("BOARD_ALIAS += feather:adafruit-feather\n", encoding="utf-8")
        self.says(GOOD)

    def says(self, makefile):
        (self.riot / "Makefile.include").write_text(makefile, encoding="utf-8")

    def build(self, *arguments):
        return self.rbpf("firmware", "build", "--riot", self.riot, *arguments)

    def wrong(self, code, *arguments):
        return self.fails(code, "firmware", "build", "--riot", self.riot, *arguments)

    def test_the_program_and_its_sizes_are_told(self):
        said = self.build("--board", "nrf52840dk", "--jobs", "1")
        self.assertRegex(said, r"build/riot/nrf52840dk/rbpf\.elf: 56016 B of flash, 38588 B of RAM\n$")
        told = self.report("firmware", "build", "--riot", self.riot, "--board", "feather", "--output", "out")
        self.assertEqual((told["board"], told["flash"], told["ram"]), ("feather", 56016, 38588))
        self.assertEqual(told["elf"], str(self.folder / "out/feather/rbpf.elf"))
        self.env["RIOTBASE"] = str(self.riot)
        self.rbpf("firmware", "build", "--board", "native64")

    def test_without_riot_it_says_where_to_get_it(self):
        words = self.fails(2, "firmware", "build", "--board", "native64")
        self.assertIn("RIOTBASE", words)
        self.assertIn("git clone", words)
        words = self.fails(2, "firmware", "build", "--riot", self.folder, "--board", "native64")
        self.assertIn("is no RIOT checkout", words)

    def test_a_board_that_riot_does_not_have_is_named_and_the_likely_one(self):
        words = self.wrong(2, "--board", "nrf52840kd")
        self.assertIn('RIOT has no board "nrf52840kd"', words)
        self.assertIn('did you mean "nrf52840dk"?', words)
        self.assertIn("boards are the folders of", self.wrong(2, "--board", "common"))

    def test_a_folder_that_is_no_application_is_named(self):
        self.assertIn("is no RIOT application", self.wrong(2, "--board", "native64", "--app", self.riot / "boards"))

    def test_the_first_error_is_told_without_colours(self):
        self.says("all:\n\t@printf 'In file included from a.h\\n\\033[01m\\033[Kmain.c:3:1: \\033[01;31m\\033[Kerror: \\033[m\\033[Kno'"
                  "; echo; echo 'b.c:1:1: error: later'; exit 1\n")
        words = self.wrong(1, "--board", "native64")
        self.assertIn("RIOT's build for native64 failed: main.c:3:1: error: no\n", words)
        self.assertNotIn("later", words)
        self.assertIn("later", self.wrong(1, "--board", "native64", "--verbose"))

    def test_a_missing_compiler_and_a_missing_network_have_their_own_words(self):
        self.says("all:\n\t@echo '/bin/sh: 1: arm-none-eabi-gcc: not found'; exit 2\n")
        words = self.wrong(1, "--board", "nrf52840dk")
        self.assertIn("the compiler for nrf52840dk, arm-none-eabi-gcc, is not installed", words)
        self.assertIn("apt install gcc-arm-none-eabi", words)
        self.says("all:\n\t@echo \"fatal: unable to access 'https://example.org/': Could not resolve host\"; exit 2\n")
        self.assertIn("could not download a package that nrf52840dk needs", self.wrong(1, "--board", "nrf52840dk"))

    def test_a_make_that_builds_nothing_is_no_success(self):
        self.says("all:\n\t@echo nothing to do\n")
        self.assertIn("told of no program: nothing to do", self.wrong(1, "--board", "native64"))

    def test_ctrl_c_ends_it_and_its_make(self):
        mark = self.folder / "begun"
        self.says(f"all:\n\t@echo $$$$ > {mark}; exec sleep 600\n")
        process = self.start_rbpf("firmware", "build", "--riot", self.riot, "--board", "native64")
        until(lambda: mark.exists() and mark.read_text(encoding="utf-8").strip(), "make")
        process.send_signal(signal.SIGINT)
        _, words = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, words)
        child = int(mark.read_text(encoding="utf-8"))
        until(lambda: not Path(f"/proc/{child}").exists(), "the end of what make had started")


if __name__ == "__main__":
    os.environ.pop("RIOTBASE", None)
    unittest.main()
