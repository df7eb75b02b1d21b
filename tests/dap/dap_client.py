# SPDX-License-Identifier: GPL-3.0-or-later
"""rbpf dap with a client from npm: fetched by its lock file into the build folder, run on a native board."""

import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))
from board_test import BIN, BoardTest  # noqa: E402

DEADLINE = 240  # seconds
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH")


def fetch_client():
    """The folder with the client's packages; skips where they cannot be had."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise unittest.SkipTest("node and npm are not installed")
    folder = BIN.parent / "dap-client"
    folder.mkdir(exist_ok=True)
    lock = (HERE / "package-lock.json").read_text(encoding="utf-8")
    stamp = folder / "fetched"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != lock:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder / name)
        done = subprocess.run(["npm", "ci", "--no-fund", "--no-audit", "--ignore-scripts"], cwd=folder,
                              capture_output=True, text=True, timeout=DEADLINE, check=False)
        if done.returncode != 0 and any(word in done.stderr for word in UNREACHABLE):
            raise unittest.SkipTest("the npm registry cannot be reached")
        if done.returncode != 0:
            raise AssertionError(f"npm ci failed\n{done.stdout}{done.stderr}")
        stamp.write_text(lock, encoding="utf-8")
    shutil.copy(HERE / "client.js", folder / "client.js")  # beside its node_modules
    return folder


class DapClient(BoardTest):
    def test_a_client_that_nobody_here_wrote_debugs_a_script_on_a_native_board(self):
        client = fetch_client()
        self.start_board()
        sums = self.folder / "sums"
        shutil.copytree(HERE / "script", sums)
        sensor = self.project("coap-sensor")
        env = dict(self.env, RBPF=str(BIN / "rbpf"), BOARD="test", SUMS=str(sums), SENSOR=str(sensor),
                   COAP=str(self.board["coap"]))
        with subprocess.Popen(["node", str(client / "client.js")], env=env,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            try:
                said, _ = process.communicate(timeout=DEADLINE)
            finally:
                process.kill()
        print(said)
        self.assertEqual(process.returncode, 0, said)


if __name__ == "__main__":
    unittest.main()
