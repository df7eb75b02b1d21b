# SPDX-License-Identifier: GPL-3.0-or-later
"""`rbpf size` names every byte of the thermostat's image and every instruction, and bounds what its entries run."""
import json
import os
import subprocess
import tempfile
import unittest

RBPF = os.path.join(os.environ["RBPF_BIN"], "rbpf")


def answer(*arguments):
    done = subprocess.run([RBPF, *arguments, "--json"], capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


class SizeOfTheThermostat(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.project = os.path.join(cls.folder.name, "thermostat")
        subprocess.run([RBPF, "new", "thermostat", cls.project], check=True, capture_output=True, timeout=60)
        cls.size = answer("size", cls.project)
        cls.image = os.path.join(cls.project, "build", "thermostat.rbpf")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_every_byte_of_the_file_is_named_once(self):
        at = 0
        for part in self.size["parts"]:
            self.assertEqual(part["offset"], at, part)
            self.assertTrue(part["name"])
            at += part["bytes"]
        self.assertEqual(at, os.path.getsize(self.image))
        self.assertEqual(at, self.size["image"])

    def test_every_instruction_is_a_function_s_and_its_line_s_where_one_is_known(self):
        listing = answer("disasm", self.image)
        for name in {line["function"] for line in listing}:
            own = [function for function in self.size["functions"] if function["name"] == name]
            self.assertEqual(len(own), 1, name)
            lines = [line for line in listing if line["function"] == name]
            self.assertEqual(own[0]["instructions"], len(lines))
            placed = sum(1 for line in lines if line.get("line"))
            self.assertEqual(sum(line["instructions"] for line in own[0]["lines"]), placed)
        self.assertEqual(sum(function["instructions"] for function in self.size["functions"]), len(listing))
        self.assertEqual(self.size["instructions"], len(listing))

    def test_every_entry_has_a_bound_or_a_loop_that_says_why_not(self):
        self.assertEqual({entry["name"] for entry in self.size["entries"]}, {"control", "status"})
        for entry in self.size["entries"]:
            worst = entry["worst"]
            self.assertIn(worst["kind"], ("proven", "unbounded"))
            if worst["kind"] == "proven":
                self.assertEqual(worst["instructions"], entry["longestRun"])
            else:
                self.assertTrue(any(loop["turns"] is None and loop["because"] and loop["line"] for loop in worst["loops"]))
                self.assertIn("turns of the loop at", worst["formula"])

    def test_the_stack_s_deepest_path_starts_at_an_entry(self):
        self.assertIn(self.size["stackPath"][0], {entry["name"] for entry in self.size["entries"]})


class LimitsOfLoops(unittest.TestCase):
    SOURCE = """#include <rbpf/rbpf.h>
struct context { uint32_t n; uint8_t bytes[60]; };
int sum(struct context *c)
{
    int s = 1;
    %s
    for (uint32_t i = 0; i < c->n; i++) {
        s += c->bytes[i & 31] * s;
    }
    return s;
}
"""

    def worst(self, note, bounds=None):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "src"))
            with open(os.path.join(folder, "rbpf.json"), "w", encoding="utf-8") as config:
                json.dump({"name": "sum", **({"bounds": bounds} if bounds else {})}, config)
            with open(os.path.join(folder, "src", "main.c"), "w", encoding="utf-8") as source:
                source.write(self.SOURCE % note)
            return answer("size", folder)["entries"][0]["worst"]

    def test_without_one_the_loop_is_named_with_its_line_and_what_it_waits_for(self):
        worst = self.worst("")
        self.assertEqual(worst["kind"], "unbounded")
        self.assertIn("src/main.c:7: its end depends on r", worst["because"])
        self.assertRegex(worst["because"], r"read from the context at \S*src/main\.c:\d")

    def test_the_source_s_and_the_project_s_word_give_the_same(self):
        in_source = self.worst("RBPF_LOOP_BOUND(10)")
        in_project = self.worst("", {"src/main.c:7": 10})
        self.assertEqual(in_source["kind"], "assumed")
        self.assertEqual(in_source["instructions"], in_project["instructions"])
        self.assertEqual(in_project["loops"][0]["turns"], 10)
        self.assertGreater(self.worst("RBPF_LOOP_BOUND(11)")["instructions"], in_source["instructions"])


if __name__ == "__main__":
    unittest.main()
