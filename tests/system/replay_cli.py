# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording outlives its board: `rbpf debug` saves it on a native board, `rbpf replay` runs it when that is gone."""

import json
import os
import shutil
import signal
import unittest

from cli_case import CliTest, until

SENSORS = {"devices": [{"name": "led", "type": "switch", "actuator": True, "unit": "boolean", "value": 0},
                       {"name": "t", "type": "temperature", "unit": "celsius", "scale": -2, "signal": 21.5}]}
READING = "m.val[0]"


class Replay(CliTest):
    def setUp(self):
        super().setUp()
        (self.folder / "sensors.json").write_text(json.dumps(SENSORS), encoding="utf-8")
        board = self.report("board", "start", "native", "--sensors", "sensors.json")
        self.rbpf("new", "coap-sensor", "demo")
        (self.folder / "commands").write_text("run\nrun\nsave kept\nquit\n", encoding="utf-8")
        said = self.rbpf("debug", "demo", "--command", "commands")
        self.assertEqual(said.count("answers 2.05 Content: 21.50"), 2, said)
        os.kill(board["pid"], signal.SIGKILL)
        until(lambda: not self.report("boards"), "the board's end")
        self.image = self.folder / "demo/build/demo.rbpf"
        self.recording = self.folder / "kept.rbpfrec"

    def change(self, old, new):
        """Builds the project with another source; the image."""
        source = self.folder / "demo/src/coap_sensor.c"
        text = source.read_text(encoding="utf-8")
        self.assertIn(old, text)
        source.write_text(text.replace(old, new), encoding="utf-8")
        self.rbpf("build", "demo")
        return self.image

    def test_the_recorded_build_behaves_as_recorded_without_any_board(self):
        said = self.rbpf("replay", "kept.rbpfrec")
        self.assertRegex(said, r"run 1 coap_resp: \d+ instructions; behaves as recorded\n")
        self.assertTrue(said.endswith("2 runs behave as recorded\n"), said)
        report = self.report("replay", "kept.rbpfrec", "--image", self.image)
        self.assertEqual((report["same"], report["sameImage"], report["sameInstructions"], report["replayed"]),
                         (True, True, True, 2))
        self.assertEqual([run["differences"] for run in report["runs"]], [[], []])

    def test_another_build_that_does_the_same_differs_only_in_instructions(self):
        image = self.change("/* Add the sensor as payload */", "int spin = 0; while (*(volatile int *)&spin < 5) { spin++; }")
        report = self.report("replay", "kept.rbpfrec", "--image", image)
        self.assertEqual((report["same"], report["sameImage"], report["sameInstructions"]), (True, False, False))
        self.assertGreater(report["runs"][0]["instructionsNow"], report["runs"][0]["instructions"])
        self.assertIn("only the number of instructions differs", self.rbpf("replay", "kept.rbpfrec", "--image", image))

    def test_a_build_that_behaves_differently_fails_and_each_difference_is_named(self):
        image = self.change(READING, READING + " + 100")
        code, said, _ = self.run_rbpf("replay", "kept.rbpfrec", "--image", image)
        self.assertEqual(code, 1)
        self.assertRegex(said, r"granted region 5 differ, the first at offset \d+: 31 was recorded, now 32\n")  # 21.50
        self.assertTrue(said.endswith("2 of 2 runs behave differently\n"), said)
        code, said, _ = self.run_rbpf("replay", "kept.rbpfrec", "--image", image, "--json")
        self.assertEqual(code, 1)
        report = json.loads(said)
        self.assertFalse(report["same"])
        self.assertTrue(all(run["differences"] for run in report["runs"]), said)

    def test_another_script_is_told_by_its_missing_entry(self):
        self.rbpf("build", self.script("int other(void) { return 7; }\n"))
        code, said, _ = self.run_rbpf("replay", "kept.rbpfrec", "--image", "script/build/script.rbpf")
        self.assertEqual(code, 1)
        self.assertIn("this build has no entry coap_resp", said)

    def test_what_is_no_recording_or_no_image_is_refused_with_its_place(self):
        whole = self.recording.read_bytes()
        for size in sorted({0, 1, 15, 40, len(whole) // 2, len(whole) - 1}):
            with self.subTest(size=size):
                (self.folder / "cut.rbpfrec").write_bytes(whole[:size])
                words = self.fails(1, "replay", "cut.rbpfrec")
                self.assertIn("cut.rbpfrec", words)
                self.assertRegex(words, "ends here|not a recording|empty|damaged")
        for name, content in (("text", b"these are words\n"), ("noise", bytes(range(256)) * 8),
                              ("longer", whole + b"\0"), ("image", self.image.read_bytes())):
            with self.subTest(content=name):
                (self.folder / name).write_bytes(content)
                self.assertIn(name, self.fails(1, "replay", name))
        damaged = bytearray(whole)
        at = whole.index(self.image.read_bytes()) + 8
        damaged[at] ^= 0xFF
        (self.folder / "flipped").write_bytes(bytes(damaged))
        self.assertIn("flipped", self.fails(1, "replay", "flipped"))
        self.assertIn("nowhere.rbpfrec", self.fails(1, "replay", "nowhere.rbpfrec"))
        self.fails(2, "replay")
        shutil.copy(self.recording, self.folder / "as-image.rbpf")
        self.assertIn("as-image.rbpf", self.fails(1, "replay", "kept.rbpfrec", "--image", "as-image.rbpf"))
        self.assertIn("nowhere.rbpf", self.fails(1, "replay", "kept.rbpfrec", "--image", "nowhere.rbpf"))
        self.assertIn("cut.rbpfrec", self.fails(1, "debug", "--recording", "cut.rbpfrec"))


if __name__ == "__main__":
    unittest.main()
