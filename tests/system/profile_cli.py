# SPDX-License-Identifier: GPL-3.0-or-later
"""rbpf profile: what a run executes, counted on the workstation's VM and on a native board."""

import json
import signal
import subprocess
import unittest

from cli_case import CliTest

# The loop makes as many turns as the context says; 13 is special.
LOOP = """#include <rbpf/rbpf.h>
int run(volatile int *context)
{
    int sum = 0;
    for (int i = 0; i < context[0]; i++) {
        sum += context[1];
    }
    if (context[0] == 13) {
        sum += context[1] * 7;
    }
    return sum;
}
"""
FIVE, THIRTEEN = "05000000 02000000", "0d000000 02000000"


class Profile(CliTest):
    def check_sums(self, profile):
        """Every count is told once by instruction, once by function."""
        self.assertEqual(sum(one["count"] for one in profile["instructions"]), profile["executed"])
        self.assertEqual(sum(one["executed"] for one in profile["functions"]), profile["executed"])
        for branch in profile["branches"]:
            count = next(one["count"] for one in profile["instructions"] if one["index"] == branch["index"])
            self.assertEqual(branch["taken"] + branch["notTaken"], count)

    def test_counts_are_exact(self):
        demo = self.script(LOOP)
        run = self.report("run", demo, "--context-hex", FIVE)
        profile = self.report("profile", demo, "--context-hex", FIVE, "--runs", "3")
        self.assertEqual(profile["executed"], 3 * run["instructions"])
        self.assertEqual(profile["runs"], 3)
        self.assertEqual(profile["functions"][0]["calls"], 3)
        self.check_sums(profile)
        lines = {line["line"]: line for line in profile["lines"]}
        self.assertEqual(lines[6]["count"], 15, "five turns, three times")

    def test_what_runs_took_stands_beside_what_any_run_may_take(self):
        demo = self.script(LOOP)
        profile = self.report("profile", demo, "--context-hex", FIVE, "--runs", "3")
        self.assertEqual(profile["longestRun"] * 3, profile["executed"])
        self.assertEqual(profile["worst"]["kind"], "unbounded")
        config = demo / "rbpf.json"
        config.write_text(json.dumps(json.loads(config.read_text(encoding="utf-8")) | {"bounds": {"src/main.c:5": 20}}),
                          encoding="utf-8")
        profile = self.report("profile", demo, "--context-hex", FIVE, "--runs", "2")
        self.assertEqual(profile["worst"]["kind"], "assumed")
        self.assertLess(profile["longestRun"], profile["worst"]["instructions"])
        said = self.rbpf("profile", demo, "--context-hex", FIVE, "--runs", "2")
        self.assertIn(f"{profile['executed']} instructions in 2 runs, {profile['longestRun']} in the longest\n"
                      f"any run of run: at most {profile['worst']['instructions']} instructions if the loop at ", said)

    def test_branches_that_only_go_one_way_are_told(self):
        demo = self.script(LOOP)
        ways = {one["line"]: one["ways"] for one in self.report("profile", demo, "--context-hex", FIVE)["branches"]}
        other = {one["line"]: one["ways"] for one in self.report("profile", demo, "--context-hex", THIRTEEN)["branches"]}
        self.assertIn(ways[8], ("always taken", "never taken"))
        self.assertNotEqual(ways[8], other[8])
        text = self.rbpf("profile", demo, "--context-hex", FIVE, "--annotate")
        self.assertIn("hot path", text)
        self.assertRegex(text, r" 5 .* 6 \|         sum \+= context\[1\];")
        self.assertIn("branches went both ways", text)

    def test_a_board_executes_what_the_workstation_does(self):
        self.rbpf("board", "start", "native")
        self.addCleanup(lambda: self.run_rbpf("board", "stop", "native"))
        demo = self.script(LOOP)
        here = self.report("profile", demo, "--context-hex", FIVE, "--runs", "2")
        there = self.report("profile", demo, "--context-hex", FIVE, "--runs", "2", "--board", "native")
        self.assertEqual(there, here)
        self.rbpf("new", "coap-sensor", "sensor")
        sensor = self.report("profile", "sensor", "--board", "native")
        self.assertEqual(sensor["runs"], 1)
        self.check_sums(sensor)
        self.assertIn("--sensors", self.fails(2, "profile", "demo", "--board", "native", "--budget", "9"))

    def test_a_fault_and_a_spent_budget_are_profiled_up_to_there(self):
        demo = self.script(LOOP)
        code, out, words = self.run_rbpf("profile", demo, "--context-hex", FIVE, "--budget", "10")
        self.assertEqual(code, 0, words)
        self.assertIn("the run ended early", words)
        self.assertIn("10 instructions in 1 run", out)

    def test_an_endless_run_ends_with_ctrl_c(self):
        demo = self.script("int run(volatile int *c)\n{\n    for (;;) {\n        c[0]++;\n    }\n    return 0;\n}\n")
        process = self.start_rbpf("profile", demo, "--context-hex", FIVE, "--budget", "1000000000000")
        with self.assertRaises(subprocess.TimeoutExpired):
            process.communicate(timeout=1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 130)


if __name__ == "__main__":
    unittest.main()
