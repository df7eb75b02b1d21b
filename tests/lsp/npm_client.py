# SPDX-License-Identifier: GPL-3.0-or-later
"""rbpf lsp with a client from npm: that of VS Code's makers, fetched by its lock file into the build folder."""

import subprocess
import unittest

from lsp_case import CALL, HERE, LspTest
from cli_case import BIN
from npm_packages import DEADLINE, fetch


class NpmClient(LspTest):
    def test_a_client_that_nobody_here_wrote_sees_everything_we_know(self):
        client = fetch(HERE, "lsp-client")
        folder = self.script(CALL)
        env = dict(self.env, RBPF=str(BIN / "rbpf"), PROJECT=str(folder))
        done = subprocess.run(["node", str(client / "client.js")], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=DEADLINE, check=False)
        print(done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
