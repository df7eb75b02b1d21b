# SPDX-License-Identifier: GPL-3.0-or-later
"""The mps2-an386 as a board: the agent on a Cortex-M4 in QEMU, beside another board."""

import json
import unittest

from emulated_board import EmulatedTest, needs


@needs("mps2_an386")
class Mps2(EmulatedTest):
    BOARD = "mps2_an386"

    def test_deploy_ask_debug_and_find_it_again_after_a_restart(self):
        self.start("--name", "fast")
        self.rbpf("new", "coap-sensor", "demo")
        config = self.folder / "demo/rbpf.json"
        settings = json.loads(config.read_text(encoding="utf-8"))
        config.write_text(json.dumps(settings | {"optimise": "debug"}), encoding="utf-8")
        self.assertIn("to fast slot 0", self.rbpf("deploy", "demo", "--board", "fast"))
        self.assertEqual(self.rbpf("get", "/sensor"), "21.50\n")
        said = self.rbpf("debug", "demo", "--board", "fast", "--command",
                         self.commands("break coap_resp", "run", "next", "next", "back", "delete", "continue", "quit"))
        self.assertIn("GET /sensor answers 2.05 Content: 21.50", said)
        self.rbpf("store", "set", "global", 5, 55)
        self.rbpf("board", "stop", "fast")
        self.start("--name", "fast")
        self.assertEqual(self.rbpf("get", "/sensor"), "21.50\n")
        self.assertEqual(self.rbpf("store", "get", "global", "5"), "55\n")

    def test_a_reset_and_a_hard_fault_leave_the_scripts_and_are_told(self):
        self.start_open()
        self.rbpf("deploy", self.script("int run(void) { return 7; }\n"))
        self.qmp.ask("system_reset")
        self.assertEqual(self.report("invoke", "0")["result"], 7)
        gdb = self.gdb()
        gdb.set_pc(0x60000000)
        gdb.leave()
        self.assertEqual(self.report("invoke", "0")["result"], 7)
        self.assertEqual(self.last_reset(), "hard fault at 0x60000000")


if __name__ == "__main__":
    unittest.main()
