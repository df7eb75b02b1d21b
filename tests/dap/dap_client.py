# SPDX-License-Identifier: GPL-3.0-or-later
"""rbpf dap with a client from npm: fetched by its lock file into the build folder, run on a native board."""

import json
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))
from board_test import BIN, BoardTest  # noqa: E402
from npm_packages import fetch  # noqa: E402

DEADLINE = 240  # seconds


class DapClient(BoardTest):
    """A client that nobody here wrote debugs scripts on a native board."""

    def run_script(self, name):
        client = fetch(HERE, "dap-client")
        self.start_board()
        sums = self.folder / "sums"
        shutil.copytree(HERE / "script", sums)
        sensor = self.project("coap-sensor")
        fault = self.folder / "fault"
        (fault / "src").mkdir(parents=True)
        (fault / "rbpf.json").write_text('{"name": "fault", "optimise": "debug"}', encoding="utf-8")
        (fault / "src/main.c").write_text("int run(int *context)\n{\n    return *(volatile int *)context;\n}\n", encoding="utf-8")
        env = dict(self.env, RBPF=str(BIN / "rbpf"), BOARD="test", SUMS=str(sums), SENSOR=str(sensor), FAULT=str(fault),
                   COAP=str(self.board["coap"]), BOARD_PID=str(self.process.pid),
                   BOARD_COMMAND=json.dumps(list(map(str, self.process.args))))
        with subprocess.Popen(["node", str(client / name)], env=env,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            try:
                said, _ = process.communicate(timeout=DEADLINE)
            finally:
                process.kill()
        print(said)
        self.assertEqual(process.returncode, 0, said)

    def test_steps_stops_and_history(self):
        self.run_script("client.js")

    def test_values_and_faults(self):
        self.run_script("values.js")


if __name__ == "__main__":
    unittest.main()
