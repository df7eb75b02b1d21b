# SPDX-License-Identifier: GPL-3.0-or-later
"""The rbpf command without a board, and what it says about bad input."""

import json
import os
import pty
import subprocess
import unittest

from cli_case import BIN, DEADLINE, CliTest

LOOP = "int run(void) { for (;;) { __asm__ volatile(\"\"); } }\n"
STRAY = """int run(unsigned char *context)
{
    int sum = 0;
    for (int i = 0; i < 9; ++i) {
        sum += context[i];
    }
    return sum;
}
"""


class Projects(CliTest):
    def test_version_and_help_are_fine_and_every_command_shows_an_example(self):
        self.assertRegex(self.rbpf("--version"), r"^rbpf \d+\.\d+\.\d+\n$")
        self.assertIn("rbpf new coap-sensor demo", self.rbpf("--help"))
        for command in ("templates", "new", "build", "size", "disasm", "verify", "run", "boards", "deploy", "list", "invoke",
                        "remove", "stats", "log", "trigger", "coap", "get", "debug", "replay", "gdbserver", "dap", "lsp"):
            with self.subTest(command=command):
                self.assertIn("Example:", self.rbpf(command, "--help"))

    def test_wrong_calls_are_usage(self):
        for arguments in ((), ("nonsense",), ("build", "--nonsense"), ("new", "coap-sensor"), ("build", "nowhere"),
                          ("new", "no-such-template", "x"), ("run", "x", "--budget", "-1")):
            with self.subTest(arguments=arguments):
                self.fails(2, *arguments)

    def test_a_build_says_what_it_costs_and_does_nothing_twice(self):
        self.rbpf("new", "coap-sensor", "demo")
        line = self.rbpf("build", "demo")
        self.assertRegex(line, r"^demo 0\.1\.0: \d+ instructions, \d+ B text, (\d+ B rodata, )?stack \d+/512 B, image \d+ B\n$")
        self.assertEqual(self.rbpf("build", "demo"), line.rstrip() + " (up to date)\n")
        report = self.report("build", "demo")
        self.assertTrue(report["ok"] and report["upToDate"])
        self.assertEqual(report["diagnostics"], [])

    def test_size_adds_up(self):
        self.rbpf("new", "coap-sensor", "demo")
        report = self.report("size", "demo")
        for key in ("text", "rodata", "data", "bss", "stack", "image", "instructions"):
            self.assertIsInstance(report[key], int)
        self.assertEqual(sum(function["bytes"] for function in report["functions"]), report["text"])
        self.assertEqual(sum(part["bytes"] for part in report["parts"]), report["image"])
        self.assertEqual((self.folder / "demo/build/demo.rbpf").stat().st_size, report["image"])
        self.assertIn("src/coap_sensor.c:", self.rbpf("size", "demo"))
        self.assertIn("nothing changed", self.rbpf("size", "demo", "--against", "demo/build/demo.rbpf"))

    def test_disassembly_shows_source_lines_and_names_of_bindings(self):
        self.rbpf("new", "coap-sensor", "demo")
        self.rbpf("build", "demo")
        text = self.rbpf("disasm", "demo/build/demo.rbpf")
        self.assertIn("call bpf_saul_reg_read", text)
        self.assertIn("bpf_gcoap_resp_init(gcoap, COAP_CODE_CONTENT);", text)
        self.assertEqual(self.report("disasm", "demo/build/demo.rbpf")[0]["index"], 0)

    def test_a_syntax_error_shows_its_place_and_a_caret(self):
        words = self.fails(1, "build", self.script("int run(void)\n{\n    return missing;\n}\n"))
        self.assertRegex(words, r"src/main\.c:3:12: error: ")
        self.assertRegex(words, r"(?m)^    3 \|     return missing;\n      \|            \^")
        self.assertNotIn("\x1b", words)
        code, out, _ = self.run_rbpf("build", "script", "--json")
        self.assertEqual(code, 1)
        self.assertEqual(json.loads(out)["diagnostics"][0]["line"], 3)

    def test_colours_are_for_terminals(self):
        folder = self.script("int run(void) { return missing; }\n")
        master, slave = pty.openpty()
        environment = {key: value for key, value in self.env.items() if key != "NO_COLOR"} | {"TERM": "xterm"}
        with subprocess.Popen([str(BIN / "rbpf"), "build", str(folder)], stderr=slave, stdout=subprocess.DEVNULL,
                              env=environment) as process:
            os.close(slave)
            words = b""
            try:
                while chunk := os.read(master, 4096):
                    words += chunk
            except OSError:
                pass  # the other end is closed
            process.wait(DEADLINE)
        os.close(master)
        self.assertIn(b"\x1b[1;31merror:", words)

    def test_an_unknown_key_is_told_at_its_place(self):
        folder = self.script("int run(void) { return 1; }\n")
        (folder / "rbpf.json").write_text('{\n  "name": "a",\n  "sorces": []\n}\n', encoding="utf-8")
        words = self.fails(1, "build", folder)
        self.assertIn('rbpf.json:3:3: error: expected one of the keys', words)
        self.assertIn('did you mean "sources"?', words)

    def test_a_failed_build_leaves_the_last_good_image(self):
        folder = self.script("int run(void) { return 1; }\n")
        self.rbpf("build", folder)
        image = (folder / "build/script.rbpf").read_bytes()
        (folder / "src/main.c").write_text("int run(void) { return }\n", encoding="utf-8")
        self.fails(1, "build", folder)
        self.assertEqual((folder / "build/script.rbpf").read_bytes(), image)

    def test_new_refuses_a_folder_with_something_in_it(self):
        (self.folder / "full").mkdir()
        (self.folder / "full/note").write_text("mine", encoding="utf-8")
        self.assertIn("not empty", self.fails(2, "new", "hello", "full"))
        self.assertEqual(list((self.folder / "full").iterdir()), [self.folder / "full/note"])


class Images(CliTest):
    def test_damaged_images_are_told_by_byte_and_cause(self):
        self.rbpf("build", self.script("int run(void) { return 7; }\n"))
        whole = (self.folder / "script/build/script.rbpf").read_bytes()
        bad = self.folder / "bad.rbpf"
        for damaged, words in ((whole[:-1], "the end of the file"), (b"", "an empty file"), (b"\x7fELF" + whole, "an ELF file"),
                               (whole[:-3] + b"xyz", "checksum")):
            bad.write_bytes(damaged)
            for command in ("verify", "run", "disasm", "size", "deploy"):
                with self.subTest(command=command, words=words):
                    self.assertIn(words, self.fails(1, command, bad))
        self.assertIn("there is no such file", self.fails(1, "run", "nowhere.rbpf"))

    def test_run_reports_halt_result_and_instructions(self):
        self.script("int run(unsigned char *context) { context[1] = 9; return context[0] + 1; }\n")
        self.rbpf("build", "script")
        report = self.report("run", "script/build/script.rbpf", "--context-hex", "29 00")
        self.assertEqual((report["halt"], report["result"], report["context"]), ("exited", 42, "2909"))
        self.assertGreater(report["instructions"], 2)
        (self.folder / "context").write_bytes(b"\x01\x00")
        self.assertEqual(self.report("run", "script", "--context", "context")["result"], 2)
        self.assertIn("hexadecimal", self.fails(2, "run", "script", "--context-hex", "xyz"))
        self.assertIn("it has run", self.fails(2, "run", "script", "--entry", "other"))

    def test_a_result_is_as_signed_as_the_function_says(self):
        image = self.folder / "script/build/script.rbpf"
        for source, result, r0 in (("int run(void) { return -1; }", -1, 0xFFFFFFFF),
                                   ("unsigned run(void) { return 0xFFFFFFFFu; }", 0xFFFFFFFF, 0xFFFFFFFF),
                                   ("short run(void) { return -300; }", -300, None),
                                   ("long run(void) { return -2; }", -2, 0xFFFFFFFFFFFFFFFE)):
            with self.subTest(source=source):
                self.rbpf("build", self.script(source + "\n"))
                report = self.report("run", image)
                self.assertEqual(report["result"], result)
                self.assertEqual(report["r0"], r0 if r0 is not None else report["r0"])
                self.assertIn(f"result {result} after", self.rbpf("run", image))
        self.rbpf("build", self.script("int run(void) { return -1; }\n"))
        (self.folder / "script/build/script.debug.elf").unlink()
        self.assertIn("result 4294967295 (-1 as int) after", self.rbpf("run", image))

    def test_a_fault_names_line_address_region_and_overshoot(self):
        self.rbpf("build", self.script(STRAY))
        words = self.fails(1, "run", "script", "--context-hex", "0001020304050607")
        self.assertIn("script/src/main.c:5: ", words)
        self.assertIn("0x40000008, right behind the end of the context (8 bytes)", words)
        code, out, _ = self.run_rbpf("run", "script", "--context-hex", "00", "--json")
        self.assertEqual(code, 1)
        fault = json.loads(out)["fault"]
        self.assertEqual((fault["name"], fault["line"], fault["address"]), ("READ_FAULT", 5, 0x40000001))

    def test_a_null_pointer_is_called_one(self):
        self.rbpf("build", self.script("int run(int *context) { return *(volatile int *)context; }\n"))
        self.assertIn("a null pointer", self.fails(1, "run", "script"))

    def test_an_endless_loop_ends_with_its_budget(self):
        words = self.fails(1, "run", self.script(LOOP), "--budget", "5000")
        self.assertIn("budget", words)
        self.assertIn("after 5000 instructions", words)

    def test_a_coap_entry_answers_as_on_a_board(self):
        self.rbpf("new", "coap-sensor", "demo")
        sensors = self.folder / "sensors.json"
        sensors.write_text(json.dumps({"devices": [
            {"name": "led", "type": "switch", "actuator": True, "unit": "boolean", "value": 0},
            {"name": "t", "type": "temperature", "unit": "celsius", "scale": -2, "signal": -3.25}]}), encoding="utf-8")
        answer = self.report("run", "demo", "--sensors", sensors)["response"]
        self.assertEqual((answer["code"], answer["payload"]), ("2.05 Content", "-3.25"))


if __name__ == "__main__":
    unittest.main()
