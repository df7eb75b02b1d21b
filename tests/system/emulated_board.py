# SPDX-License-Identifier: GPL-3.0-or-later
"""Boards in QEMU for tests: started by the rbpf command, or with QEMU's own doors (QMP, gdbstub) open."""

import functools
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import unittest
from pathlib import Path

from cli_case import BIN, DEADLINE, SOURCE, CliTest, until

FIRMWARE = Path(os.environ.get("RBPF_FIRMWARE_BUILD", SOURCE / "build/firmware")) / "bin"


def elf(board):
    return FIRMWARE / f"rbpf-{board}.elf"


def needs(board):
    """Says visibly what a test misses."""
    if not elf(board).exists():
        return unittest.skip(f"no {elf(board)} (cmake --preset firmware && cmake --build --preset firmware)")
    if not shutil.which("qemu-system-arm"):
        return unittest.skip("qemu-system-arm is not installed")
    return lambda case: case


@functools.cache
def symbol(board, pattern):
    """The address of the one symbol whose mangled name holds `pattern`."""
    listing = subprocess.run(["arm-none-eabi-nm", str(elf(board))], check=True, capture_output=True, text=True).stdout
    found = [int(line.split()[0], 16) for line in listing.splitlines() if pattern in line]
    assert len(found) == 1, (pattern, found)
    return found[0]


class Qmp:
    """QEMU's monitor."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(DEADLINE)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("rw")
        self.lines.readline()
        self.ask("qmp_capabilities")

    def ask(self, command, **arguments):
        self.lines.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.lines.flush()
        while True:
            answer = json.loads(self.lines.readline())
            if "error" in answer:
                raise AssertionError(f"{command}: {answer['error']}")
            if "return" in answer:
                return answer["return"]

    def human(self, line):
        return self.ask("human-monitor-command", **{"command-line": line})

    def close(self):
        self.lines.close()
        self.socket.close()


class Gdb:
    """QEMU's gdbstub: the processor stands still as long as this is connected."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(DEADLINE)
        self.socket.connect(str(path))
        self.got = b""
        self.ask("qXfer:features:read:target.xml:0,ffb")  # it gives no registers to those who have not asked for this

    def packet(self):
        while b"#" not in self.got or len(self.got) < self.got.index(b"#") + 3:
            self.got += self.socket.recv(4096)
        end = self.got.index(b"#")
        text = self.got[self.got.index(b"$") + 1:end].decode()
        self.got = self.got[end + 3:]
        self.socket.sendall(b"+")
        return text

    def command(self, text):
        body = text.encode()
        self.socket.sendall(b"$" + body + b"#%02x" % (sum(body) % 256))

    def ask(self, text):
        self.command(text)
        answer = self.packet()
        while answer.startswith("T"):  # it tells by itself that the processor has stopped
            answer = self.packet()
        return answer

    def word(self, address):
        return int.from_bytes(bytes.fromhex(self.ask(f"m{address:x},4")), "little")

    def words(self, address, count):
        data = "".join(self.ask(f"m{address + at:x},{min(1024, 4 * count - at):x}") for at in range(0, 4 * count, 1024))
        return [int.from_bytes(bytes.fromhex(data[at:at + 8]), "little") for at in range(0, len(data), 8)]

    def set_word(self, address, value):
        assert self.ask(f"M{address:x},4:{value.to_bytes(4, 'little').hex()}") == "OK"

    def set_pc(self, value):
        assert self.ask(f"Pf={value.to_bytes(4, 'little').hex()}") == "OK"

    def stop_at(self, address):
        assert self.ask(f"Z0,{address:x},2") == "OK"

    def resume(self, give_up):
        """Goes on until the next stop (True), or until give_up() says that there will be none: then it has been stopped."""
        self.command("c")
        while b"#" not in self.got:
            if select.select([self.socket], [], [], 0.05)[0]:
                self.got += self.socket.recv(4096)
            elif give_up():
                self.socket.sendall(b"\x03")
                self.packet()
                return False
        self.packet()
        return True

    def step(self):
        self.command("s")
        self.packet()

    def leave(self):
        """The processor goes on."""
        assert self.ask("D") == "OK"
        self.close()

    def close(self):
        self.socket.close()


class EmulatedTest(CliTest):
    BOARD = "microbit"

    def setUp(self):
        super().setUp()
        self.env["RBPF_FIRMWARE"] = str(FIRMWARE)
        self.supervisor = None

    def start(self, *arguments):
        """Through the command, as users do; the record."""
        record = self.report("board", "start", self.BOARD, *arguments)
        self.addCleanup(self.run_rbpf, "board", "stop", record["id"])
        return record

    def start_open(self):
        """With QEMU's doors open: self.qmp, self.gdb()."""
        record = self.folder / "run/boards" / f"{self.BOARD}.json"
        record.parent.mkdir(parents=True, exist_ok=True)
        self.doors = {name: self.folder / name for name in ("qmp", "gdb")}
        command = [str(BIN / "rbpf-board-qemu"), "--board", self.BOARD, "--firmware", str(elf(self.BOARD)),
                   "--state", str(self.folder / "flash"), "--record", str(record), "--",
                   "-qmp", f"unix:{self.doors['qmp']},server=on,wait=off",
                   "-gdb", f"unix:{self.doors['gdb']},server=on,wait=off"]
        with open(self.folder / "board.log", "ab") as log:
            self.supervisor = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.env)
        self.addCleanup(self.end)
        until(lambda: record.exists() or self.supervisor.poll() is not None, "the board's record")
        self.assertTrue(record.exists(), (self.folder / "board.log").read_text(encoding="utf-8"))
        self.qmp = Qmp(self.doors["qmp"])
        self.addCleanup(self.qmp.close)

    def gdb(self):
        gdb = Gdb(self.doors["gdb"])
        self.addCleanup(gdb.close)
        return gdb

    def end(self, how=signal.SIGTERM):
        if self.supervisor is not None:
            self.supervisor.send_signal(how)
            self.supervisor.wait(DEADLINE)
            self.supervisor = None

    def save_flash(self):
        """The flash as it is at this moment, into the file that the next start fills it from; its bytes."""
        start, end = symbol(self.BOARD, "storageStart"), symbol(self.BOARD, "storageEnd")
        self.qmp.ask("memsave", val=start, size=end - start, filename=str(self.folder / "flash"))
        return (self.folder / "flash").read_bytes()

    def cut(self):
        """The power goes."""
        self.end(signal.SIGKILL)
        (self.folder / f"run/boards/{self.BOARD}.json").unlink(missing_ok=True)

    def commands(self, *lines):
        file = self.folder / "commands"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file

    def last_reset(self):
        """"" as long as the board does not answer."""
        code, out, _ = self.run_rbpf("stats", "--board", self.BOARD, "--json")
        return json.loads(out)["lastReset"] if code == 0 else ""
