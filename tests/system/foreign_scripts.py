# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts in the manner of rBPF and of Femto-Containers build with `rbpf build` as they are, run with `rbpf run --json`,
and answer on a board."""

import json
import struct
import unittest

from board_test import SOURCE, BoardTest

SCRIPTS = SOURCE / "tests" / "unit" / "headers" / "scripts"
CONTEXT = 0x40000000  # where a script sees its context


class ForeignScripts(BoardTest):
    def built(self, script, prefix="", trigger=None):
        """A project around one source file, whose only function is its entry; built."""
        folder = self.folder / script.removesuffix(".c")
        (folder / "src").mkdir(parents=True)
        settings = {"name": folder.name.replace("_", "-")}
        if trigger is not None:
            settings["entries"] = [{"function": trigger[0], "trigger": trigger[1]}]
        (folder / "rbpf.json").write_text(json.dumps(settings), encoding="utf-8")
        text = (SCRIPTS / script).read_text(encoding="utf-8")
        (folder / "src" / script).write_text(prefix + text, encoding="utf-8")
        self.rbpf("build", folder)
        return folder

    def run_image(self, folder, context=b""):
        return self.report("run", self.image(folder), *(["--context-hex", context.hex()] if context else []))

    def test_a_pointer_in_a_context_is_followed(self):
        folder = self.built("rbpf_shared_pointer.c")
        context = struct.pack("<QII", CONTEXT + 16, 3, 0) + struct.pack("<3H", 0x1234, 0xFFFF, 1)
        self.assertEqual(self.run_image(folder, context)["result"], 0x1234 + 0xFFFF + 1)

    def test_rodata_and_formatted_printing_work(self):
        folder = self.built("femto_counter.c")
        self.assertEqual(self.run_image(folder, struct.pack("<QQ", 3, 5))["result"], 1)
        self.assertEqual(self.run_image(folder, struct.pack("<QQ", 3, 0))["result"], 0)

    def test_a_script_that_sleeps_in_a_loop_comes_to_its_end(self):
        report = self.run_image(self.built("femto_container.c"))
        self.assertEqual((report["halt"], report["result"]), ("exited", 0))

    def test_a_script_that_follows_the_packet_record_answers(self):
        folder = self.built("rbpf_own_constants.c", trigger=("greet", "coap/greet"))
        self.start_board()
        self.deploy(folder)
        self.assertEqual([self.coap("get", "/greet") for _ in range(2)], ["1", "2"])

    def test_listing_1_as_printed_answers_behind_either_include(self):
        self.start_board({"devices": [{"name": "relay", "type": "switch", "actuator": True, "unit": "boolean", "value": 0},
                                      {"name": "temperature", "type": "temperature", "unit": "celsius", "scale": -1,
                                       "signal": -6.5}]})
        for include in ("rbpf/rbpf.h", "bpf/bpfapi/helpers.h"):
            with self.subTest(include=include):
                folder = self.built("listing1.c", f'#include "{include}"\n', ("coap_resp", "coap/listing"))
                self.deploy(folder)
                self.assertEqual(self.coap("get", "/listing"), "-6.5")
                self.rbpf("remove", 0, "--board", "test")
                folder.rename(self.folder / include.replace("/", "-"))


if __name__ == "__main__":
    unittest.main()
