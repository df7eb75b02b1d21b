# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in the machine that usb.py boots. Boards: native boards, each on the device side of a USB gadget (/dev/ttyGS0,
/dev/ttyGS1); the workstation side is the kernel's own USB stack on the same machine, joined by dummy_hcd."""

import json
import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, os.environ["RBPF_SOURCE"] + "/tests/system")
from cli_case import until  # noqa: E402
from debug_cli import Debugger  # noqa: E402

BIN = Path(os.environ["RBPF_BIN"])
IMAGES = {path.stem: path for path in Path(os.environ["RBPF_IMAGES"]).glob("*/build/*.rbpf")}
RUN = Path("/run/test")
GADGETS = Path("/sys/kernel/config/usb_gadget")
DEADLINE = 60
USER = 1000  # not root, in no group
DIALOUT = 20  # on every Debian

ENV = dict(os.environ, RBPF_RUNTIME_DIR=str(RUN / "rbpf"), XDG_CONFIG_HOME=str(RUN / "config"),
           XDG_STATE_HOME=str(RUN / "state"))


class Gadget:
    """A serial port on one of the machine's device controllers, by default as RIOT's CDC-ACM makes it."""

    def __init__(self, number, serial_number, ids=("0x1209", "0x7d00"), manufacturer="RIOT-os.org", product="samr21-xpro"):
        self.controller = f"dummy_udc.{number}"
        self.folder = GADGETS / f"board{number}"
        self.tty = f"/dev/ttyGS{number}"
        for path in ("strings/0x409", "configs/c.1", "functions/acm.0"):
            (self.folder / path).mkdir(parents=True)
        for name, text in (("idVendor", ids[0]), ("idProduct", ids[1]), ("strings/0x409/manufacturer", manufacturer),
                           ("strings/0x409/product", product), ("strings/0x409/serialnumber", serial_number)):
            (self.folder / name).write_text(text + "\n")
        (self.folder / "configs/c.1/acm.0").symlink_to(self.folder / "functions/acm.0")
        self.board = None

    def serve(self):
        """A native board on the device side; it stays when the cable is pulled."""
        number = self.controller[-1]
        self.board = subprocess.Popen([str(BIN / "rbpf-board-native"), "--tty", self.tty, "--name", f"board{number}",
                                       "--state", str(RUN / f"board{number}.state"), "--udp-port", "0"],
                                      stdout=subprocess.DEVNULL, env=ENV)
        return self

    def plug(self):
        (self.folder / "UDC").write_text(self.controller + "\n")

    def unplug(self):
        (self.folder / "UDC").write_text("\n")

    def bytes_read(self):
        """What the board's process has read so far."""
        for line in Path(f"/proc/{self.board.pid}/io").read_text().splitlines():
            if line.startswith("rchar:"):
                return int(line.split()[1])
        return 0


def ttys():
    """Serial number → tty of the boards that are plugged in, as sysfs has them."""
    found = {}
    for tty in Path("/sys/class/tty").glob("ttyACM*"):
        try:
            number = (tty / "device/../serial").read_text().strip()
        except OSError:
            continue  # just left
        if os.path.exists("/dev/" + tty.name):
            found[number] = "/dev/" + tty.name
    return found


class Boards(unittest.TestCase):
    """The tests share two boards, plugged in at the begin of each."""

    @classmethod
    def setUpClass(cls):
        for folder in ("rbpf", "user"):
            (RUN / folder).mkdir(mode=0o700)
        os.chown(RUN / "user", USER, USER)
        cls.gadgets = [Gadget(0, "AB12CD0001").serve(), Gadget(1, "AB12CD0002").serve()]

    @classmethod
    def tearDownClass(cls):
        for gadget in cls.gadgets:
            gadget.board.kill()
            gadget.board.wait()

    def setUp(self):
        self.env, self.folder = ENV, RUN  # for Debugger
        for gadget in self.gadgets:
            gadget.plug()
        until(lambda: {"AB12CD0001", "AB12CD0002"} <= set(ttys()), "the ttys of both boards")

    def tearDown(self):
        for gadget in self.gadgets:
            gadget.unplug()

    def run_rbpf(self, *arguments, **options):
        done = subprocess.run([str(BIN / "rbpf"), *map(str, arguments)], capture_output=True, text=True, cwd=RUN,
                              timeout=DEADLINE, check=False, **{"env": ENV, **options})
        return done.returncode, done.stdout, done.stderr

    def rbpf(self, *arguments, **options):
        code, out, words = self.run_rbpf(*arguments, **options)
        self.assertEqual(code, 0, f"rbpf {arguments}\n{out}{words}")
        return out

    def boards(self, **options):
        """What `rbpf boards` tells, by serial number."""
        return {board["serialNumber"]: board for board in json.loads(self.rbpf("boards", "--json", **options))}

    def test_a_modem_is_listed_as_no_board_and_not_opened(self):
        modem = Gadget(2, "MODEM00001", ("0x12d1", "0x1506"), "HUAWEI", "HUAWEI Mobile")
        modem.plug()
        self.addCleanup(modem.unplug)
        tty = until(lambda: ttys().get("MODEM00001"), "the modem's tty")
        device_side = os.open(modem.tty, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.addCleanup(os.close, device_side)
        code, out, words = self.run_rbpf("boards")
        self.assertEqual((code, "MODEM00001" in out), (0, False), out)
        self.assertIn(f"{tty} belongs to no board that is known by its USB ids", words)
        self.assertIn("AB12CD0001", out)
        with self.assertRaises(BlockingIOError, msg="nothing was sent to it"):
            os.read(device_side, 1)

    def test_identical_boards_are_found_and_told_apart(self):
        found = self.boards()
        self.assertEqual(sorted(found), ["AB12CD0001", "AB12CD0002"])
        for number, board in found.items():
            self.assertEqual((board["id"], board["board"], board["place"], board["state"]),
                             ("usb:" + number, "samr21-xpro", "usb", "ready"))
            self.assertEqual(board["serial"], ttys()[number])
            self.assertRegex(board["firmware"], r"^\d+\.\d+")
        self.rbpf("deploy", IMAGES["one"], "--board", "usb:AB12CD0001")
        self.rbpf("deploy", IMAGES["two"], "--board", "usb:0002")
        self.assertEqual(self.rbpf("get", "/answer", "--board", "usb:AB12CD0001"), "1a\n")
        self.assertEqual(self.rbpf("get", "/answer", "--board", ttys()["AB12CD0002"]), "2a\n")
        code, _, words = self.run_rbpf("list", "--board", "samr21-xpro")
        self.assertEqual(code, 2)
        self.assertIn("may mean several boards: usb:AB12CD0001, usb:AB12CD0002", words)

    def test_states_tell_permission_holder_and_missing_firmware(self):
        tty = ttys()["AB12CD0001"]
        user = {"user": USER, "group": USER, "env": dict(ENV, RBPF_RUNTIME_DIR=str(RUN / "user"))}
        os.chmod(tty, 0o600)
        board = self.boards(**user, extra_groups=[])["AB12CD0001"]
        self.assertEqual(board["state"], "no permission")
        self.assertEqual(board["next"], "run `rbpf udev install`, then plug the board in again")
        os.chown(tty, 0, DIALOUT)
        os.chmod(tty, 0o660)
        board = self.boards(**user, extra_groups=[])["AB12CD0001"]
        self.assertEqual(board["state"], "no permission")
        self.assertRegex(board["next"], r"run `sudo adduser \S+ dialout`, then log in again")
        code, _, words = self.run_rbpf("list", "--board", "usb:AB12CD0001", **user, extra_groups=[])
        self.assertEqual(code, 3)
        self.assertRegex(words, rf"{tty}: you may not open this port\n.*hint: run `sudo adduser")
        self.assertEqual(self.boards(**user, extra_groups=[DIALOUT])["AB12CD0001"]["state"], "ready")

        with open(tty, "rb", buffering=0) as line:
            holder = subprocess.Popen(["sleep", "1000"], stdin=line)
        self.gadgets[1].board.send_signal(signal.SIGSTOP)
        found = self.boards()
        holder.kill()
        holder.wait()
        self.gadgets[1].board.send_signal(signal.SIGCONT)
        self.assertEqual((found["AB12CD0001"]["state"], found["AB12CD0001"]["heldBy"]), ("busy", f"{holder.pid} (sleep)"))
        self.assertEqual(found["AB12CD0002"]["state"], "no firmware")

    def test_hot_plug_is_told_as_it_happens(self):
        watch = subprocess.Popen([str(BIN / "rbpf"), "boards", "--watch", "--json"], stdout=subprocess.PIPE, text=True, env=ENV)
        try:
            def next_of(event, number, **wanted):
                """Reads on until that is told of that board."""
                while line := watch.stdout.readline():
                    told = json.loads(line)
                    if told["event"] == event and told["board"]["serialNumber"] == number and \
                            all(told["board"][key] == value for key, value in wanted.items()):
                        return told["board"]
                raise AssertionError(f"{event} of {number} was not told")
            next_of("added", "AB12CD0002")
            self.gadgets[1].unplug()
            next_of("removed", "AB12CD0002")
            self.gadgets[1].plug()
            if next_of("added", "AB12CD0002")["state"] != "ready":  # its tty comes a little later
                next_of("changed", "AB12CD0002", state="ready")
        finally:
            watch.send_signal(signal.SIGINT)
            watch.communicate(timeout=DEADLINE)
        self.assertEqual(watch.returncode, 0)

    def test_unplugged_in_mid_deploy_the_board_keeps_its_script_and_takes_the_new_one_later(self):
        gadget, board = self.gadgets[0], "usb:AB12CD0001"
        self.rbpf("deploy", IMAGES["one"], "--board", board)
        before = gadget.bytes_read()
        deploy = subprocess.Popen([str(BIN / "rbpf"), "deploy", IMAGES["large"], "--board", board], stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, env=ENV)
        until(lambda: gadget.bytes_read() - before > 2000 or deploy.poll() is not None, "the first blocks")
        gadget.board.send_signal(signal.SIGSTOP)
        self.assertIsNone(deploy.poll(), "the deploy is under way")
        gadget.unplug()
        gadget.board.send_signal(signal.SIGCONT)
        words = deploy.communicate(timeout=DEADLINE)[0]
        self.assertEqual(deploy.returncode, 3, words)
        self.assertRegex(words, r"error: /dev/ttyACM\d: (the board hung up|the port has disappeared)")
        code, _, words = self.run_rbpf("get", "/answer", "--board", board)
        self.assertEqual(code, 3)
        self.assertIn(f'there is no board "{board}"', words)
        gadget.plug()
        until(lambda: "AB12CD0001" in ttys(), "the board's tty")
        self.assertEqual(self.rbpf("get", "/answer", "--board", board), "1a\n")
        self.rbpf("deploy", IMAGES["large"], "--board", board)
        self.assertEqual([slot["name"] for slot in json.loads(self.rbpf("list", "--json", "--board", board))
                          if slot["state"] != "empty"], ["one", "large"])

    def test_unplugged_in_mid_step_the_debugger_finds_the_board_again_and_goes_on(self):
        gadget = self.gadgets[0]
        debugger = Debugger(self, IMAGES["steps"], "--board", "usb:AB12CD0001")
        debugger.until("`help` lists the commands")
        debugger.ask("break work", "Breakpoint 1")
        debugger.type("run")
        debugger.until(r"[Bb]reakpoint 1.*->\s+3 \|")
        debugger.ask("stepi", r"->\s+\d+ \|")
        gadget.board.send_signal(signal.SIGSTOP)  # the step is asked for and not yet done
        debugger.type("stepi")
        gadget.unplug()
        gadget.board.send_signal(signal.SIGCONT)
        debugger.until("the link to the board is lost")
        # In between another board takes the tty that this one had.
        self.gadgets[1].unplug()
        self.gadgets[1].plug()
        gadget.plug()
        debugger.until("the board is connected again")
        debugger.ask("stepi", r"->\s+\d+ \|")
        debugger.ask("print n", r"\bn = 3\b")
        debugger.ask("delete", "removed")
        debugger.ask("continue", r"\b15\b")
        debugger.type("quit")
        debugger.until("Detached")
        self.assertEqual(debugger.process.wait(DEADLINE), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
