# SPDX-License-Identifier: GPL-3.0-or-later
"""rbpf boards: states of native and remote boards, remembered names, changes as they happen; lines over TCP and, through
the real ser2net, RFC 2217; udev rules."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from cli_case import BIN, DEADLINE, CliTest, until


class Server:
    """A TCP server of the test's own: `serve` gets each connection."""

    def __init__(self, test, serve):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.place = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.connections = []
        self.serve = serve
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()
        test.addCleanup(self.end)

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            self.serve(connection)

    def end(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.connections:
            connection.close()
        self.thread.join(DEADLINE)


class BoardsTest(CliTest):
    def start(self, name="native"):
        record = self.report("board", "start", "native", "--name", name)
        self.addCleanup(lambda: self.run_rbpf("board", "stop", name))
        return record

    def relay(self, record):
        """A raw TCP server in front of a native board; its address."""
        port = free_port()
        process = subprocess.Popen(["socat", "-t", "0", f"TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr,fork", f"OPEN:{record['serial']},raw,echo=0"])
        self.addCleanup(process.wait, DEADLINE)
        self.addCleanup(process.terminate)
        wait_for(port)
        return f"tcp://127.0.0.1:{port}"

    def ser2net(self, record):
        """The real serial server, speaking RFC 2217, in front of a native board; its address."""
        program = shutil.which("ser2net") or "/usr/sbin/ser2net"
        self.assertTrue(Path(program).exists(), "install ser2net")
        port = free_port()
        settings = (f"connection: &board\n  accepter: telnet(rfc2217),tcp,127.0.0.1,{port}\n"
                    f"  connector: serialdev,{record['serial']},9600n81,local\n")
        process = subprocess.Popen([program, "-n", "-u", "-Y", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait, DEADLINE)
        self.addCleanup(process.terminate)
        wait_for(port)
        return f"rfc2217://127.0.0.1:{port}"

    def states(self):
        return {board["id"]: board for board in self.report("boards")}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def wait_for(port):
    """Until something listens there, as the kernel tells: a connection would disturb it."""
    wanted = f"0100007F:{port:04X} 00000000:0000 0A"
    until(lambda: wanted in Path("/proc/net/tcp").read_text(encoding="utf-8"), f"a listener on port {port}")


class States(BoardsTest):
    def test_a_native_board_is_ready_silent_or_busy(self):
        record = self.start()
        board = self.states()["native"]
        self.assertEqual((board["state"], board["place"], board["heldBy"]), ("ready", "process", ""))
        self.assertRegex(board["firmware"], r"^\d+\.\d+")
        self.assertEqual(board["next"], "`rbpf deploy --board native`")
        self.assertRegex(self.rbpf("boards"), rf"(?m)^native +native +ready +\S+ +{record['serial']} +coap://127")
        os.kill(record["pid"], signal.SIGSTOP)
        try:
            board = self.states()["native"]
            self.assertEqual(board["state"], "no answer")
            self.assertIn("`rbpf board stop native`", board["next"])
            self.assertRegex(self.rbpf("boards"), r"(?m)^native .* no answer .*\n    .*; `rbpf board stop native`, then start it again$")
        finally:
            os.kill(record["pid"], signal.SIGCONT)
        with open(record["serial"], "rb", buffering=0) as line:
            holder = subprocess.Popen(["flock", "--no-fork", record["serial"], "sleep", "1000"], stdin=line)
        self.addCleanup(holder.wait, DEADLINE)
        self.addCleanup(holder.kill)
        held = until(lambda: [board for board in self.states().values() if board["state"] == "busy"], "the holder")
        self.assertEqual(held[0]["heldBy"], f"{holder.pid} (sleep)")
        self.assertEqual(held[0]["next"], "close that program")

    def test_many_boards_are_asked_at_once(self):
        records = [self.start(f"board{i}") for i in range(4)]
        for record in records[:3]:
            os.kill(record["pid"], signal.SIGSTOP)
        try:
            states = [board["state"] for board in self.states().values()]
        finally:
            for record in records[:3]:
                os.kill(record["pid"], signal.SIGCONT)
        self.assertEqual(states, ["no answer"] * 3 + ["ready"])

    def test_changes_are_told_as_they_happen(self):
        watch = self.start_rbpf("boards", "--watch", "--json")
        self.start()
        told = json.loads(watch.stdout.readline())
        self.assertEqual((told["event"], told["board"]["id"], told["board"]["state"]), ("added", "native", "ready"))
        self.rbpf("board", "stop", "native")
        told = json.loads(watch.stdout.readline())
        self.assertEqual((told["event"], told["board"]["id"]), ("removed", "native"))
        watch.send_signal(signal.SIGINT)
        self.assertEqual(watch.wait(DEADLINE), 0)


class Remote(BoardsTest):
    def test_a_remote_board_is_remembered_used_by_its_name_and_forgotten(self):
        address = self.relay(self.start())
        self.rbpf("board", "add", "lab", address)
        board = self.states()["lab"]
        self.assertEqual((board["place"], board["serial"], board["state"]), ("remote", address, "ready"))
        self.assertEqual(len(self.report("list", "--board", "lab")), 4)
        self.assertEqual(len(self.report("list")), 4)  # without a name the board that is here
        self.assertIn(f"the name lab is taken: it means {address}", self.fails(2, "board", "add", "lab", "tcp://other:1"))
        self.rbpf("board", "forget", "lab")
        self.assertNotIn("lab", self.states())
        self.assertIn('no board is remembered as "lab"', self.fails(2, "board", "forget", "lab"))

    def test_names_and_addresses_that_are_none_are_refused(self):
        for name, address, words in (("a b", "tcp://h:1", "a board's name: expected letters"), ("lab", "h:1", "expected tcp://HOST:PORT"),
                                     ("lab", "rfc2217://h", "expected rfc2217://HOST:PORT"), ("lab", "tcp://h:70000", "expected tcp://HOST:PORT")):
            self.assertIn(words, self.fails(2, "board", "add", name, address))

    def test_a_damaged_list_of_names_is_told_and_hides_no_other_board(self):
        self.start()
        config = self.folder / "config-home/rbpf"
        config.mkdir(parents=True)
        (config / "remote_boards.json").write_text('{"boards": [5]}', encoding="utf-8")
        (config / "usb_boards.json").write_text("{", encoding="utf-8")
        code, out, words = self.run_rbpf("boards", "--json")
        self.assertEqual((code, [board["id"] for board in json.loads(out)]), (0, ["native"]))
        self.assertIn("remote_boards.json: expected", words)
        self.assertIn("usb_boards.json:1:2: expected JSON", words)

    def test_deploy_and_console_over_a_raw_tcp_line_that_two_programs_share(self):
        address = self.relay(self.start())
        script = self.script('#include <rbpf/rbpf.h>\nint run(void) { bpf_printf("over tcp\\n"); return 5; }\n')
        heard = self.folder / "heard"
        with open(heard, "wb") as out:
            follower = subprocess.Popen([str(BIN / "rbpf"), "log", "--follow", "--board", address], stdout=out, env=self.env)
        self.addCleanup(follower.wait, DEADLINE)
        self.addCleanup(follower.terminate)
        until(lambda: any(path.is_socket() for path in (self.folder / "run").iterdir()), "the follower's offer of its line")
        self.rbpf("deploy", script, "--board", address)
        self.assertEqual(self.report("invoke", "0", "--board", address)["result"], 5)
        until(lambda: "over tcp" in heard.read_text(encoding="utf-8"), "what the script printed")

    def test_servers_that_refuse_stay_silent_or_talk_nonsense(self):
        refused = f"tcp://127.0.0.1:{free_port()}"
        silent = "tcp://" + Server(self, lambda connection: None).place
        noisy = "tcp://" + Server(self, lambda connection: connection.sendall(os.urandom(100000))).place
        leaving = "tcp://" + Server(self, lambda connection: connection.close()).place
        for name, address in (("refused", refused), ("silent", silent), ("noisy", noisy), ("leaving", leaving)):
            self.rbpf("board", "add", name, address)
        states = self.states()
        self.assertEqual({board["state"] for board in states.values()}, {"no answer"})
        self.assertIn("Connection refused", states["refused"]["reason"])
        self.assertIn("nothing listens there", states["refused"]["next"])
        self.assertIn("closed the connection", states["leaving"]["reason"])
        self.assertIn("agent", states["silent"]["next"])
        self.assertIn("does not answer", self.fails(3, "list", "--board", "silent"))


class Rfc2217(BoardsTest):
    def test_deploy_over_the_real_ser2net(self):
        address = self.ser2net(self.start())
        self.rbpf("board", "add", "lab", address)
        self.assertEqual(self.states()["lab"]["state"], "ready")
        table = ",".join("255" if i % 3 == 0 else str(i % 251) for i in range(5000))  # 255 must be escaped
        script = self.script(f"const unsigned char table[] = {{{table}}};\n"
                             "int run(const unsigned char *at) { return table[*at]; }\n")
        self.rbpf("deploy", script, "--board", "lab")
        self.assertEqual(self.report("invoke", "0", "--board", "lab", "--context-hex", "09")["result"], 255)

    def test_a_raw_server_and_a_silent_one_are_no_rfc2217(self):
        silent = "rfc2217://" + Server(self, lambda connection: None).place
        words = self.fails(3, "list", "--board", silent)
        self.assertIn("nothing there speaks Telnet", words)
        self.assertIn("tcp://HOST:PORT", words)
        refusing = "rfc2217://" + Server(self, lambda connection: connection.sendall(b"\xff\xfe\x2c")).place
        self.assertIn("does not offer RFC 2217", self.fails(3, "list", "--board", refusing))


class Udev(CliTest):
    def test_rules_are_shown_and_written_and_hold_the_users_boards_too(self):
        config = self.folder / "config-home/rbpf"
        config.mkdir(parents=True)
        (config / "usb_boards.json").write_text('{"boards": [{"board": "mine", "vid": "CAFE", "pid": "4011"}]}', encoding="utf-8")
        shown = self.rbpf("udev", "show")
        for words in ('ATTRS{idVendor}=="cafe", ATTRS{idProduct}=="4011"', 'ATTRS{idVendor}=="0d28"', 'TAG+="uaccess"'):
            self.assertIn(words, shown)
        self.rbpf("udev", "install", "--to", "boards.rules")
        self.assertEqual((self.folder / "boards.rules").read_text(encoding="utf-8"), shown)

    def test_who_is_not_root_is_told_the_command(self):
        folder = Path(tempfile.mkdtemp(prefix="rbpf-user-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        os.chmod(folder, 0o777)
        options = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run([str(BIN / "rbpf"), "udev", "install"], capture_output=True, text=True, check=False,
                              cwd=folder, env=dict(self.env, HOME=str(folder)), timeout=DEADLINE, **options)
        self.assertEqual(done.returncode, 2)
        self.assertIn("only root may write /etc/udev/rules.d/70-rbpf.rules", done.stderr)
        self.assertIn(f"run `sudo {BIN / 'rbpf'} udev install`", done.stderr)


if __name__ == "__main__":
    unittest.main()
