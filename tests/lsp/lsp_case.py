# SPDX-License-Identifier: GPL-3.0-or-later
"""What the language server's tests share: a project that is open in a session."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))
from cli_case import CliTest  # noqa: E402
from session import Session  # noqa: E402

CALL = """#include <rbpf/saul.h>
/* Twice as much. */
static int twice(int number)
{
    return number * 2;
}
int run(void)
{
    phydat_t reading;
    bpf_saul_reg_read(0, &reading);
    return twice(reading.val[0]);
}
"""


def children(pid):
    """The processes that a process has started."""
    done = subprocess.run(["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True, check=False)
    return [int(word) for word in done.stdout.split()]


class LspTest(CliTest):
    def session(self, **environment):
        session = Session({**self.env, **environment}, self.folder)
        self.addCleanup(session.stop)
        return session

    def opened(self, source=CALL, options=None, **settings):
        """A session with a project of one source that is open; session, file."""
        session = self.session()
        folder = self.script(source, **settings)
        session.start(folder, options)
        file = folder / "src" / "main.c"
        session.open(file)
        return session, file
