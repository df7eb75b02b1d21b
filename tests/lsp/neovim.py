# SPDX-License-Identifier: GPL-3.0-or-later
"""rbpf lsp with Neovim's built-in client, set up by the file that sdk/docs/lsp.md tells users to take."""

import json
import shutil
import subprocess
import unittest

from lsp_case import CALL, HERE, LspTest
from cli_case import BIN, SOURCE
from session import DEADLINE

SET_UP = SOURCE / "ide" / "neovim" / "rbpf.lua"


class Neovim(LspTest):
    def test_a_script_is_written_with_everything_we_know(self):
        if shutil.which("nvim") is None:
            self.skipTest("neovim is not installed")
        folder = self.script(CALL)
        outcome = self.folder / "outcome.json"
        home = {name: str(self.folder / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
        done = subprocess.run(["nvim", "--headless", "-n", "--cmd", "let g:rbpf = {'cmd': ['%s', 'lsp']}" % (BIN / "rbpf"), "-u", str(SET_UP),
                               "-c", f"luafile {HERE / 'neovim.lua'}", str(folder / "src" / "main.c")],
                              env={**self.env, **home, "OUTCOME": str(outcome)}, cwd=self.folder, capture_output=True, text=True,
                              timeout=4 * DEADLINE, check=False)
        self.assertTrue(outcome.exists(), done.stdout + done.stderr)
        found = json.loads(outcome.read_text(encoding="utf-8"))
        self.assertNotIn("problem", found, done.stderr)
        self.assertEqual((found["diagnostic"]["line"], found["diagnostic"]["source"]), (11, "rbpf"))
        self.assertIn("floating point", found["diagnostic"]["message"])
        self.assertEqual(found["completion"]["bpf_saul_reg_read"], "int (bpf_saul_reg_t *device, phydat_t *reading)")
        self.assertIn("Reads a device", found["hover"])
        self.assertIn("int bpf_saul_reg_read(bpf_saul_reg_t *device, phydat_t *reading)", found["hover"])
        titles = [lens["title"] for lens in found["lenses"] if lens["line"] == 7]
        self.assertRegex(" | ".join(sorted(titles, reverse=True)), r"instructions · \d+ B · stack \d+ B · runs at most \d+")
        self.assertIn("Deploy", titles)
        self.assertEqual(found["renamed"], CALL.replace("twice", "twofold").rstrip("\n"))
        self.assertEqual(found["formatted"], found["renamed"])


if __name__ == "__main__":
    unittest.main()
