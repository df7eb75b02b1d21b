# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the rbpf command share: a folder, a runtime folder and a state folder of their own."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

BIN = Path(os.environ["RBPF_BIN"])
SOURCE = Path(os.environ["RBPF_SOURCE"])
DEADLINE = 60  # seconds; reached only when something is broken


def until(condition, what, deadline=DEADLINE):
    """Asks again and again; the first true answer. Fails after the deadline."""
    end = time.monotonic() + deadline
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"waited {deadline} s for {what}")
        time.sleep(0.02)


class CliTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="rbpf-cli-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "run").mkdir(mode=0o700)
        self.env = {key: value for key, value in os.environ.items() if not key.startswith("RBPF_")}
        self.env |= {"RBPF_RUNTIME_DIR": str(self.folder / "run"), "XDG_STATE_HOME": str(self.folder / "state-home"),
                     "XDG_CONFIG_HOME": str(self.folder / "config-home")}

    def run_rbpf(self, *arguments):
        """Exit code, standard output, standard error."""
        done = subprocess.run([str(BIN / "rbpf"), *map(str, arguments)], capture_output=True, text=True,
                              timeout=DEADLINE, env=self.env, cwd=self.folder, check=False)
        return done.returncode, done.stdout, done.stderr

    def start_rbpf(self, *arguments):
        """The same in the background; killed at the end of the test if it still runs."""
        process = subprocess.Popen([str(BIN / "rbpf"), *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, env=self.env, cwd=self.folder)

        def end():
            if process.poll() is None:
                process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def rbpf(self, *arguments):
        """Must succeed; what it printed."""
        code, out, words = self.run_rbpf(*arguments)
        self.assertEqual(code, 0, f"rbpf {' '.join(map(str, arguments))}\n{out}{words}")
        return out

    def report(self, *arguments):
        return json.loads(self.rbpf(*arguments, "--json"))

    def fails(self, code, *arguments):
        """Must end with `code`; its words on standard error."""
        found, _, words = self.run_rbpf(*arguments)
        self.assertEqual(found, code, words)
        return words

    def script(self, source, name="script", **settings):
        """A project of one source; its folder."""
        folder = self.folder / name
        (folder / "src").mkdir(parents=True, exist_ok=True)
        (folder / "src" / "main.c").write_text(source, encoding="utf-8")
        (folder / "rbpf.json").write_text(json.dumps({"name": name, **settings}), encoding="utf-8")
        return folder
