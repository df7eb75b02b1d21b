# SPDX-License-Identifier: GPL-3.0-or-later
"""The conformance plugin's interface, as runners of the public suite use it."""
import os
import struct
import subprocess
import unittest

PLUGIN = os.path.join(os.environ["RBPF_BIN"], "rbpf-conformance-plugin")
FIRMWARE = os.environ.get("RBPF_FIRMWARE_BUILD", os.path.join(os.environ["RBPF_SOURCE"], "build", "firmware"))
EXIT = (0x95, 0, 0, 0, 0)


def program(*slots):
    return b"".join(struct.pack("<BBhi", op, src << 4 | dst, offset, imm) for op, dst, src, offset, imm in slots)


def run(code, *arguments, separator=""):
    text = code if isinstance(code, str) else separator.join(f"{byte:02x}" for byte in code)
    return subprocess.run([PLUGIN, *arguments], input=text + "\n", capture_output=True, text=True, timeout=60)


MOV_7 = program((0xB7, 0, 0, 0, 7), EXIT)
LOAD = program((0x71, 0, 1, 1, 0), (0x0F, 0, 2, 0, 0), EXIT)  # r0 = memory[1] + length


class Plugin(unittest.TestCase):
    def check(self, done, result):
        self.assertEqual((done.returncode, int(done.stdout, 16)), (0, result), done.stderr)

    def test_prints_r0_in_hex(self):
        self.check(run(MOV_7), 7)
        self.check(run(program((0xB7, 0, 0, 0, -1), EXIT)), 2**64 - 1)

    def test_gives_the_program_its_memory_and_length(self):
        self.check(run(LOAD, "0a0b0c"), 0x0B + 3)

    def test_takes_bytes_separated_by_blanks(self):
        self.check(run(LOAD, "0a  0b  0c  ", separator="  "), 0x0B + 3)

    def test_empty_memory_is_length_0(self):
        code = program((0xBF, 0, 2, 0, 0), EXIT)
        self.check(run(code, ""), 0)
        self.check(run(code), 0)

    def test_engine_interpreter_is_known_in_both_spellings(self):
        self.check(run(MOV_7, "00", "--engine", "interpreter"), 7)
        self.check(run(MOV_7, "--engine=interpreter"), 7)

    def test_engines_on_microcontrollers_give_the_same_results(self):
        for core in ("m0", "m4"):
            if not os.path.exists(os.path.join(FIRMWARE, "bin", f"rbpf-vm-batch-{core}")):
                self.skipTest(f"no firmware build in {FIRMWARE} (cmake --preset firmware)")
            with self.subTest(core=core):
                self.check(run(LOAD, "0a0b0c", "--engine", core), 0x0B + 3)
                done = run(LOAD, "", "--engine", core)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertIn("READ_FAULT", done.stderr)

    def test_other_engines_are_a_usage_error_that_names_the_ones_there_are(self):
        done = run(MOV_7, "--engine", "warp")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("'warp'", done.stderr)
        self.assertIn("interpreter", done.stderr)
        self.assertEqual(run(MOV_7, "--engine").returncode, 2)

    def test_options_of_other_plugins_are_ignored_aloud(self):
        done = run(MOV_7, "00", "--debug")
        self.check(done, 7)
        self.assertIn("--debug ignored", done.stderr)

    def test_formats_it_cannot_do_are_refused(self):
        self.assertEqual(run(MOV_7, "--elf").returncode, 2)
        self.assertEqual(run(MOV_7, "--jit").returncode, 2)

    def test_help_is_help(self):
        done = run("", "--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("--engine", done.stdout)

    def test_local_calls_of_raw_programs_have_their_own_stack(self):
        code = program(
            (0x7A, 10, 0, -8, 1),  # *(u64*)(r10 - 8) = 1
            (0x85, 0, 1, 0, 2),  # call +2
            (0x79, 0, 10, -8, 0),
            EXIT,
            (0x7A, 10, 0, -8, 2),
            EXIT,
        )
        self.check(run(code), 1)

    def test_calls_by_number_return(self):
        self.check(run(program((0x85, 0, 0, 0, 5), (0xB7, 0, 0, 0, 2), EXIT)), 2)

    def test_rejections_and_faults_are_a_message_and_not_a_result(self):
        for code, word in ((program((0x8D, 0, 0, 0, 0), EXIT), "INDIRECT_CALL"), (LOAD, "READ_FAULT")):
            done = run(code)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(word, done.stderr)

    def test_input_that_is_no_program_is_a_usage_error(self):
        for text in ("", "b7", "zz" * 8, "b700000007000000 9"):
            self.assertEqual(run(text).returncode, 2, text)

    def test_endless_programs_end(self):
        done = run(program((0x05, 0, 0, -1, 0), EXIT))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("stopped after", done.stderr)


if __name__ == "__main__":
    unittest.main()
