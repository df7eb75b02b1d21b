# SPDX-License-Identifier: GPL-3.0-or-later
"""What `cmake --install` makes is complete and may lie anywhere: the main job runs from a prefix that was moved."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from cli_case import BIN, DEADLINE, SOURCE, until

sys.path.insert(0, str(SOURCE / "tests/gui"))
import run_gui  # noqa: E402

BUILD = BIN.parent


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="rbpf-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        subprocess.run(["cmake", "--install", str(BUILD), "--prefix", str(cls.folder / "first")], check=True,
                       capture_output=True, timeout=DEADLINE)
        cls.prefix = cls.folder / "moved"
        (cls.folder / "first").rename(cls.prefix)
        (cls.folder / "run").mkdir(mode=0o700)
        keep = {key: value for key, value in os.environ.items() if not key.startswith("RBPF_")}
        cls.env = keep | {"PATH": f"{cls.prefix}/bin:/usr/bin:/bin", "HOME": str(cls.folder),
                          "RBPF_RUNTIME_DIR": str(cls.folder / "run"), "XDG_STATE_HOME": str(cls.folder / "state")}

    def rbpf(self, *arguments):
        done = subprocess.run(["rbpf", *arguments], env=self.env, cwd=self.folder, capture_output=True, text=True,
                              timeout=DEADLINE, check=False)
        self.assertEqual(done.returncode, 0, f"rbpf {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        return done.stdout

    def installed(self, below):
        root = self.prefix / below
        return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}

    def test_the_main_job_runs_from_the_prefix(self):
        self.rbpf("new", "coap-sensor", "demo")
        self.rbpf("build", "demo")
        commands = json.loads((self.folder / "demo/compile_commands.json").read_text(encoding="utf-8"))
        words = " ".join(commands[0].get("arguments", [commands[0].get("command", "")]))
        self.assertIn(f"{self.prefix}/share/rbpf/headers", words)
        self.assertNotIn(str(SOURCE), words)
        self.assertNotIn(str(BUILD), words)
        self.rbpf("board", "start", "native")
        self.addCleanup(self.rbpf, "board", "stop", "native")
        board = json.loads(self.rbpf("boards", "--json"))[0]
        self.assertEqual(os.readlink(f"/proc/{board['pid']}/exe"), f"{self.prefix}/bin/rbpf-board-native")
        self.rbpf("deploy", "demo")
        self.assertRegex(self.rbpf("get", "/sensor"), r"^\d+\.\d+\n$")

    def test_studio_runs_a_template_from_the_prefix(self):
        server, number = run_gui.display()
        self.addCleanup(server.wait, DEADLINE)
        self.addCleanup(server.terminate)
        # The source tree and the build folder are out of sight: nothing may come from there.
        hidden = ["unshare", "--map-root-user", "--mount", "sh", "-c", f"mount -t tmpfs none {SOURCE} && exec \"$@\"", "sh"]
        studio = subprocess.Popen([*hidden, f"{self.prefix}/bin/rbpf-studio", "--try"], cwd=self.folder,
                                  env=self.env | {"DISPLAY": number, "QT_QPA_PLATFORM": "xcb"})
        self.addCleanup(studio.wait, DEADLINE)
        self.addCleanup(studio.terminate)
        self.addCleanup(self.rbpf, "board", "stop", "native")

        def board():
            self.assertIsNone(studio.poll(), "Studio has ended")
            return next((one for one in json.loads(self.rbpf("boards", "--json")) if one["state"] == "ready"), None)

        self.assertEqual(os.readlink(f"/proc/{until(board, 'a board')['pid']}/exe"), f"{self.prefix}/bin/rbpf-board-native")
        until(lambda: any(slot["name"] == "first-script" and slot["state"] == "halted"
                          for slot in json.loads(self.rbpf("list", "--board", "native", "--json"))),
              "a script that Studio has built, deployed and halted")

    def test_manual_pages_name_every_command(self):
        manual = (self.prefix / "share/man/man1/rbpf.1").read_text(encoding="utf-8")
        commands = re.search(r"Subcommands:\n(.*?)\n\n", self.rbpf("--help"), re.S).group(1)
        words = set(re.findall(r"\w+", manual))
        self.assertEqual([line.split()[0] for line in commands.splitlines() if line.split()[0] not in words], [])
        studio = (self.prefix / "share/man/man1/rbpf-studio.1").read_text(encoding="utf-8")
        self.assertIn(r"\-\-try", studio)

    def test_studio_is_a_program_of_the_desktop(self):
        entry = (self.prefix / "share/applications/rbpf-studio.desktop").read_text(encoding="utf-8")
        for command in re.findall(r"^Exec=(\S+)", entry, re.M):
            self.assertIn(command, self.installed("bin"))
        icons = self.installed("share/icons/hicolor")
        self.assertLessEqual({"scalable/apps/rbpf-studio.svg", "48x48/apps/rbpf-studio.png", "256x256/apps/rbpf-studio.png"}, icons)

    def test_users_get_the_programs_and_their_data_and_nothing_else(self):
        self.assertEqual(self.installed("bin"), {"rbpf", "rbpf-board-native", "rbpf-board-qemu", "rbpf-studio"})
        self.assertEqual({path.name for path in self.prefix.iterdir()}, {"bin", "lib", "share"})
        self.assertEqual(self.installed("lib"), {"udev/rules.d/70-rbpf.rules"})
        rules = (self.prefix / "lib/udev/rules.d/70-rbpf.rules").read_text(encoding="utf-8")
        self.assertIn('{idVendor}=="0d28"', rules)
        headers = self.installed("share/rbpf/headers")
        self.assertLessEqual({"rbpf/rbpf.h", "rbpf/bindings.def", "rbpf/libc/string.h", "compat/saul.h"}, headers)
        self.assertEqual(self.installed("share/rbpf/templates"),
                         {str(path.relative_to(SOURCE / "templates")) for path in (SOURCE / "templates").rglob("*")
                          if path.is_file() and path.name != "CMakeLists.txt"})
        self.assertIn("stdint.h", self.installed("share/rbpf/clang"))
        docs = self.installed("share/doc/rbpf-studio")
        self.assertLessEqual({"README.md", "COPYING", "COPYING.LESSER", "debugger/docs/flashing.md",
                              "headers/GLOSSARY.md"}, docs)
        self.assertFalse([name for name in docs if name.endswith(".py")])

    @unittest.skipUnless((BUILD / "rbpf.vsix").exists(), "the extension is not built: cmake --build build --target vscode")
    def test_the_extension_for_vs_code_is_there_where_it_was_built(self):
        self.assertEqual((self.prefix / "share/rbpf/vscode/rbpf.vsix").read_bytes(), (BUILD / "rbpf.vsix").read_bytes())

    @unittest.skipUnless((SOURCE / "build/firmware/bin/rbpf-microbit.elf").exists(),
                         "the firmware is not built: cmake --build --preset firmware")
    def test_firmware_is_found_in_the_prefix(self):
        self.assertIn("rbpf-microbit.elf", self.installed("share/rbpf/firmware"))
        env = self.env | {"PATH": f"{self.prefix}/bin:{SOURCE}/tests/fakes/pyocd_script:/usr/bin:/bin",
                          "RBPF_FAKE_PROBES": "9900aa", "RBPF_FAKE_CHIP": str(self.folder / "chip.bin")}
        done = subprocess.run(["rbpf", "flash", "--board", "microbit", "--json"], env=env, cwd=self.folder,
                              capture_output=True, text=True, timeout=DEADLINE, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(json.loads(done.stdout)["firmware"], f"{self.prefix}/share/rbpf/firmware/rbpf-microbit.elf")


if __name__ == "__main__":
    unittest.main()
