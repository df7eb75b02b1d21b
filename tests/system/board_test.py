# SPDX-License-Identifier: GPL-3.0-or-later
"""A native board of a test's own, and the rbpf command beside it: temporary folders, no traces left behind."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from cli_case import BIN, DEADLINE, SOURCE, until


class BoardTest(unittest.TestCase):
    """Each test has its own runtime folder, so that no other board is seen or disturbed."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="rbpf-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.runtime = self.folder / "run"
        (self.runtime / "boards").mkdir(parents=True)
        self.env = dict(os.environ, RBPF_RUNTIME_DIR=str(self.runtime))
        self.board = None
        self.process = None

    def rbpf(self, *arguments, code=0):
        """Runs the command; what it printed. It must end with `code`."""
        result = subprocess.run([str(BIN / "rbpf"), *map(str, arguments)], capture_output=True, text=True,
                                timeout=DEADLINE, env=self.env, cwd=self.folder, check=False)
        self.assertEqual(result.returncode, code, f"rbpf {' '.join(map(str, arguments))}\n{result.stdout}{result.stderr}")
        return result.stdout

    def report(self, *arguments, code=0):
        return json.loads(self.rbpf(*arguments, "--json", code=code))

    def project(self, template):
        """A new project from a template, built; its folder."""
        folder = self.folder / template
        self.rbpf("new", template, folder)
        self.rbpf("build", folder)
        return folder

    def image(self, folder):
        images = list((folder / "build").glob("*.rbpf"))
        self.assertEqual(len(images), 1, images)
        return images[0]

    def start_board(self, devices=None):
        """A native board whose devices are those of `devices`; its state outlives stop_board."""
        record = self.runtime / "boards" / "test.json"
        command = [str(BIN / "rbpf-board-native"), "--name", "test", "--state", str(self.folder / "state"),
                   "--record", str(record), "--udp-port", "0"]
        if devices is not None:
            sensors = self.folder / "devices.json"
            sensors.write_text(json.dumps(devices), encoding="utf-8")
            command += ["--sensors", str(sensors)]
        with open(self.folder / "board.log", "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.env)
        self.addCleanup(self.stop_board)
        until(lambda: record.exists() or self.process.poll() is not None, "the board's record")
        self.assertTrue(record.exists(), (self.folder / "board.log").read_text(encoding="utf-8"))
        self.board = json.loads(record.read_text(encoding="utf-8"))

    def stop_board(self):
        if self.process is None:
            return
        self.process.terminate()
        self.process.wait(DEADLINE)
        self.process = None

    def deploy(self, folder):
        self.rbpf("deploy", folder, "--board", "test")

    def follow_log(self):
        """Starts to follow the board's log; the file that it goes to."""
        path = self.folder / "followed.log"
        with open(path, "wb") as out:
            follower = subprocess.Popen([str(BIN / "rbpf"), "log", "--follow", "--board", "test"],
                                        stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=self.env)
        self.addCleanup(follower.wait, DEADLINE)
        self.addCleanup(follower.terminate)
        return path

    def coap(self, method, path, *options):
        """Asks the board over UDP with libcoap's client. The payload that came back, errors included."""
        result = subprocess.run(["coap-client-notls", "-m", method, "-B", "10", *options,
                                 f"coap://127.0.0.1:{self.board['coap']}{path}"],
                                capture_output=True, text=True, timeout=DEADLINE, check=False)
        return (result.stdout + result.stderr).strip()
