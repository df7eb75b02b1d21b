# SPDX-License-Identifier: GPL-3.0-or-later
"""The VS Code extension in the real workbench: code-server from npm, shown by Debian's Chromium, driven by Playwright."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "system"), str(HERE.parent.parent / "ide/vscode")]
# pylint: disable=wrong-import-position
from board_test import BIN, BoardTest  # noqa: E402
from cli_case import until  # noqa: E402
import build_vsix  # noqa: E402
import npm_cache  # noqa: E402
from prepare import prepare  # noqa: E402

DEADLINE = 240  # seconds, for all that is done in the workbench
BUILD = BIN.parent

MACHINE = {"rbpf.path": str(BIN / "rbpf")}  # of the machine that the server runs on
SETTINGS = {
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.editor.enablePreview": False,
    "workbench.colorTheme": "Default Dark Modern",
    "terminal.integrated.gpuAcceleration": "off",  # text that the test can read
    "telemetry.telemetryLevel": "off",
    "extensions.ignoreRecommendations": True,
    "extensions.autoCheckUpdates": False,
    "update.mode": "none",
    "git.enabled": False,
    "debug.internalConsoleOptions": "neverOpen",
    "debug.focusEditorOnBreak": False,  # else it may take the focus between a key and what the key opens
    "debug.onTaskErrors": "abort",
    "files.autoSave": "off",
}


def needed():
    """The packages' folder, the extension's file and the browser; skips where one cannot be had."""
    browser = shutil.which("chromium")
    if browser is None or shutil.which("rg") is None:
        raise unittest.SkipTest("chromium or ripgrep is not installed")
    try:
        return npm_cache.installed(HERE, prepare), build_vsix.package(BUILD), browser
    except npm_cache.Unavailable as error:
        raise unittest.SkipTest(str(error)) from error


class Workbench(BoardTest):
    def start_server(self, program, home, log):
        """code-server on a free port, in a process group of its own; its address."""
        # pylint: disable=consider-using-with
        server = subprocess.Popen([*program, "--bind-addr", "127.0.0.1:0"], env=self.env, cwd=home, stdin=subprocess.DEVNULL,
                                  stdout=log.open("wb"), stderr=subprocess.STDOUT, start_new_session=True)
        self.addCleanup(server.wait, 20)
        self.addCleanup(os.killpg, server.pid, signal.SIGTERM)

        def address():
            found = re.search(r"listening on (http://\S+?)/?$", log.read_text(encoding="utf-8"), re.MULTILINE)
            return found.group(1) if found else server.poll() is not None
        said = until(address, "code-server's address")
        self.assertIsInstance(said, str, log.read_text(encoding="utf-8"))
        return said

    def test_from_opening_a_project_to_a_step_back(self):
        packages, vsix, browser = needed()
        home = self.folder / "home"
        for kind, settings in (("User", SETTINGS), ("Machine", MACHINE)):
            (home / "data" / kind).mkdir(parents=True)
            (home / "data" / kind / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
        project = self.folder / "thermostat"
        self.rbpf("new", "thermostat", project)
        self.env.update(HOME=str(home), XDG_CONFIG_HOME=str(home / "config"), XDG_DATA_HOME=str(home / "share"),
                        XDG_STATE_HOME=str(home / "state"))
        program = ["node", str(packages / "node_modules/code-server/out/node/entry.js"), "--auth", "none",
                   "--config", str(home / "config.yaml"), "--disable-telemetry", "--disable-update-check",
                   "--user-data-dir", str(home / "data"), "--extensions-dir", str(home / "extensions")]
        done = subprocess.run([*program, "--install-extension", str(vsix)], env=self.env, cwd=home, timeout=120,
                              capture_output=True, text=True, check=False)
        self.assertIn("was successfully installed", done.stdout, done.stderr)

        log = self.folder / "code-server.log"
        address = self.start_server(program, home, log)
        self.addCleanup(subprocess.run, [str(BIN / "rbpf"), "board", "stop", "native"], env=self.env, capture_output=True,
                        timeout=20, check=False)
        shots = Path(os.environ.get("RBPF_SCREENSHOTS", BUILD / "screenshots"))
        shots.mkdir(parents=True, exist_ok=True)
        env = dict(self.env, RBPF=str(BIN / "rbpf"), MACHINE=str(home / "data/Machine/settings.json"), ADDRESS=address, PROJECT=str(project), BROWSER=browser, SCREENSHOTS=str(shots),
                   NODE_PATH=str(packages / "node_modules"))
        with subprocess.Popen(["node", str(HERE / "scenario.js")], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, start_new_session=True) as process:
            try:
                said, _ = process.communicate(timeout=DEADLINE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                said, _ = process.communicate()
        print(said)
        if process.returncode != 0:
            print(log.read_text(encoding="utf-8")[-4000:])
        self.assertEqual(process.returncode, 0, said)


if __name__ == "__main__":
    unittest.main()
