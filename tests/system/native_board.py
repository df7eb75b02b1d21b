# SPDX-License-Identifier: GPL-3.0-or-later
"""A real rbpf-board-native, asked by a real CoAP client (libcoap) and over its serial line."""
import contextlib
import json
import os
import pty
import random
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import tty
import unittest

sys.path.insert(0, os.path.join(os.environ["RBPF_SOURCE"], "tests", "fakes"))
import tiny_image

PROGRAM = os.path.join(os.environ["RBPF_BIN"], "rbpf-board-native")
CLIENT = shutil.which("coap-client-notls")
DEADLINE = 30
END, ESC = 0xC0, 0xDB


def fcs(data):
    """CRC-16/IBM-SDLC."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x8408 if value & 1 else 0)
    return value ^ 0xFFFF


def frame(message):
    body = b"\xA9" + message
    body += fcs(body).to_bytes(2, "little")
    return bytes([END]) + body.replace(b"\xDB", b"\xDB\xDD").replace(b"\xC0", b"\xDB\xDC") + bytes([END])


def message(method, path, token, mid, payload=b"", block1=None, kind=0):
    """A CoAP message; options in the order Uri-Path, Block1."""
    options, last = b"", 0

    def option(number, value):
        nonlocal options, last
        delta = number - last
        last = number
        head = bytes([(13 if delta > 12 else delta) << 4 | len(value)]) + (bytes([delta - 13]) if delta > 12 else b"")
        options += head + value

    for segment in path.split("/"):
        option(11, segment.encode())
    if block1 is not None:
        number, more, szx = block1
        value = number << 4 | more << 3 | szx
        option(27, value.to_bytes((value.bit_length() + 7) // 8, "big"))
    head = bytes([0x40 | kind << 4 | len(token), method]) + mid.to_bytes(2, "big") + token
    return head + options + (b"\xFF" + payload if payload else b"")


def payload_of(answer):
    at = 4 + (answer[0] & 15)
    while at < len(answer) and answer[at] != 0xFF:
        delta, length = answer[at] >> 4, answer[at] & 15
        at += 1 + (1 if delta == 13 else 2 if delta == 14 else 0)
        if length == 13:
            length = 13 + answer[at]
            at += 1
        at += length
    return answer[at + 1:]


def contents(path):
    with open(path, "rb") as file:
        return file.read()


class Board:
    def __init__(self, folder, *arguments, limit=None):
        self.folder = folder
        self.record_path = os.path.join(folder, "record.json")
        self.state = os.path.join(folder, "state")
        self.line = None
        prefix = [] if limit is None else ["prlimit", "--fsize=%d" % limit]
        self.process = subprocess.Popen(prefix + [PROGRAM, "--record", self.record_path, "--state", self.state, *arguments],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.process.stdout.readline()  # said when the record is written
        with open(self.record_path) as file:
            self.record = json.load(file)
        self.port = self.record["coap"]

    def stop(self, how=signal.SIGTERM):
        if self.line is not None:
            os.close(self.line)
            self.line = None
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(DEADLINE)
        self.process.stdout.close()
        return code

    def uri(self, path):
        return "coap://127.0.0.1:%d/%s" % (self.port, path)

    def client(self, method, path, *options, data=None):
        """libcoap's client; its output."""
        command = [CLIENT, "-B", str(DEADLINE), "-m", method, *options]
        with tempfile.NamedTemporaryFile() as file:
            if data is not None:
                file.write(data)
                file.flush()
                command += ["-f", file.name]
            done = subprocess.run(command + [self.uri(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=2 * DEADLINE)
        return done.stdout.rstrip(b"\n")

    def open_line(self):
        if self.line is None:
            self.line = os.open(self.record["serial"], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        return self.line

    def serial(self, request, deadline=DEADLINE):
        """Sends one message over the serial line; the answer with its token."""
        line = self.open_line()
        os.write(line, frame(request))
        token = request[4:4 + (request[0] & 15)]
        received = b""
        end = time.monotonic() + deadline
        while time.monotonic() < end:
            if not select.select([line], [], [], end - time.monotonic())[0]:
                break
            received += os.read(line, 65536)
            frames = received.split(bytes([END]))
            received = frames.pop()
            for body in frames:
                body = body.replace(b"\xDB\xDC", b"\xC0").replace(b"\xDB\xDD", b"\xDB")
                if len(body) > 6 and body[0] == 0xA9 and fcs(body[:-2]) == int.from_bytes(body[-2:], "little"):
                    answer = body[1:-2]
                    if answer[4:4 + (answer[0] & 15)] == token:
                        return answer
        return None

    def ask(self, method, path, payload=b"", block1=None):
        return self.serial(message(method, path, random.randbytes(4), random.randrange(65536), payload, block1))

    def install(self, slot, image, blocks=None, size=64):
        """Over the serial line, block by block; stops after `blocks` of them. The last answer's code."""
        code = 0
        for number in range(0, (len(image) + size - 1) // size):
            if number == blocks:
                break
            part = image[number * size:(number + 1) * size]
            more = 1 if (number + 1) * size < len(image) else 0
            code = self.ask(3, "rbpf/slots/%d" % slot, part, (number, more, 2))[1]
        return code

    def get(self, path):
        answer = self.ask(1, path)
        return answer[1], payload_of(answer)


class NativeBoard(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="rbpf-board-")
        self.boards = []
        self.addCleanup(self.clean)

    def clean(self):
        for board in self.boards:
            if board.process.returncode is None:
                board.stop(signal.SIGKILL)
        shutil.rmtree(self.folder)

    def board(self, *arguments, **more):
        self.boards.append(Board(self.folder, *arguments, **more))
        return self.boards[-1]

    def test_libcoap_gets_what_a_script_answers(self):
        board = self.board()
        self.assertEqual(board.install(0, tiny_image.sensor()), 0x41)
        value = float(board.client("get", "sensor"))
        self.assertTrue(20.0 <= value <= 23.0, value)
        code, text = board.get("sensor")
        self.assertEqual(code, 0x45)
        self.assertTrue(20.0 <= float(text) <= 23.0)

    def test_libcoap_installs_in_blocks_where_management_is_open(self):
        board = self.board("--open-management")
        image = tiny_image.constant(7, padding=5000)
        for size in ("16", "64", "1024"):
            board.client("put", "rbpf/slots/0", "-b", size, data=image)
            self.assertEqual(board.client("get", "sensor"), b"7")
            with tempfile.NamedTemporaryFile() as file:
                board.client("get", "rbpf/slots/0", "-b", size, "-o", file.name)
                self.assertEqual(file.read(), image)
            board.client("delete", "rbpf/slots/0")

    def test_libcoap_may_not_manage_unless_it_is_opened(self):
        board = self.board()
        self.assertIn(b"4.03", board.client("put", "rbpf/slots/0", data=tiny_image.constant(1)))
        self.assertIn(b"4.03", board.client("get", "rbpf"))
        self.assertIn(b"4.04", board.client("get", "sensor"))

    def test_the_link_list_names_the_scripts(self):
        board = self.board()
        board.install(1, tiny_image.constant(1, path="a/b"))
        self.assertEqual(board.client("get", ".well-known/core"), b"</a/b>")

    def test_a_duplicate_runs_nothing_twice(self):
        board = self.board()
        board.install(0, tiny_image.counter())
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(DEADLINE)
            udp.connect(("127.0.0.1", board.port))
            request = message(1, "count", b"\x01\x02", 4711)
            answers = []
            for _ in range(3):
                udp.send(request)
                answers.append(udp.recv(2048))
        self.assertEqual(len(set(answers)), 1)
        self.assertEqual(payload_of(answers[0]), b"1")
        self.assertEqual(board.client("get", "count"), b"2")

    def test_slots_and_stores_survive_kill_and_restart(self):
        board = self.board()
        board.install(0, tiny_image.counter())
        board.install(2, tiny_image.constant(5, path="five"))
        self.assertEqual(board.ask(3, "rbpf/store/global/9", b"\x18\x63")[1], 0x41)
        board.stop(signal.SIGKILL)
        again = self.board()
        self.assertEqual(again.get("five"), (0x45, b"5"))
        self.assertEqual(again.get("rbpf/store/global/9"), (0x45, b"\x18\x63"))
        self.assertEqual(again.get("count"), (0x45, b"1"))
        again.stop()
        self.assertEqual(self.board().get("count"), (0x45, b"2"))

    def test_what_an_answer_counted_survives_a_kill_right_after_it(self):
        board = self.board()
        board.install(0, tiny_image.counter())
        for count in range(1, 4):
            self.assertEqual(board.get("count"), (0x45, b"%d" % count))
        board.stop(signal.SIGKILL)
        self.assertEqual(self.board().get("count"), (0x45, b"4"))

    def test_a_deploy_cut_at_every_block_leaves_the_old_script(self):
        board = self.board()
        board.install(0, tiny_image.constant(1))
        new = tiny_image.constant(2)
        blocks = (len(new) + 63) // 64
        for cut in range(1, blocks):
            board.install(0, new, blocks=cut)
            os.close(board.line)  # the client is gone
            board.line = None
            self.assertEqual(board.get("sensor"), (0x45, b"1"))
        board.install(0, new, blocks=2)
        board.stop(signal.SIGKILL)
        board = self.board()
        self.assertEqual(board.get("sensor"), (0x45, b"1"))
        self.assertEqual(board.install(0, new), 0x44)
        self.assertEqual(board.get("sensor"), (0x45, b"2"))

    def test_noise_on_the_serial_line_does_not_stop_it(self):
        board = self.board()
        board.install(0, tiny_image.constant(1))
        noise = random.Random(1)
        for _ in range(30):
            line = board.open_line()
            os.write(line, noise.randbytes(200))
            os.write(line, frame(message(1, "sensor", b"1234", 1))[:7])
            self.assertEqual(board.get("sensor"), (0x45, b"1"))

    def test_two_clients_at_once_are_both_served(self):
        board = self.board("--open-management")
        board.install(0, tiny_image.constant(1))
        results = {}

        def over_udp():
            results["udp"] = [board.client("get", "sensor") for _ in range(10)]

        thread = threading.Thread(target=over_udp)
        thread.start()
        serial = [board.get("sensor") for _ in range(50)]
        thread.join()
        self.assertEqual(set(serial), {(0x45, b"1")})
        self.assertEqual(set(results["udp"]), {b"1"})
        # Two installs at once: none is mixed from two images, and the loser can try again.
        image = tiny_image.constant(3, path="three", padding=3000)
        first = threading.Thread(target=lambda: board.client("put", "rbpf/slots/1", "-b", "64", data=image))
        first.start()
        board.install(2, tiny_image.constant(4, path="four", padding=3000))
        first.join()
        board.install(1, image)
        board.install(2, tiny_image.constant(4, path="four", padding=3000))
        self.assertEqual(board.get("three"), (0x45, b"3"))
        self.assertEqual(board.get("four"), (0x45, b"4"))

    def test_a_script_that_never_ends_does_not_hold_the_board(self):
        board = self.board()
        board.install(0, tiny_image.endless())
        board.install(1, tiny_image.constant(1))
        os.write(board.open_line(), frame(message(1, "endless", b"abcd", 77)))
        self.assertEqual(board.get("sensor"), (0x45, b"1"))

    def test_a_full_state_file_is_told_and_loses_nothing(self):
        board = self.board()
        board.install(0, tiny_image.constant(1))
        board.stop()
        size = os.path.getsize(board.state)
        board = self.board(limit=size + 100)
        answer = None
        image = tiny_image.constant(2, padding=2000)
        for number in range((len(image) + 63) // 64):
            answer = board.ask(3, "rbpf/slots/0", image[number * 64:number * 64 + 64], (number, int((number + 1) * 64 < len(image)), 2))
        self.assertEqual(answer[1], 0xA0)
        self.assertEqual(payload_of(answer), b"\xa1\x66status\x38\x36")  # STORAGE, -55
        self.assertEqual(board.get("sensor"), (0x45, b"1"))
        board.stop(signal.SIGKILL)
        self.assertEqual(self.board().get("sensor"), (0x45, b"1"))

    def test_a_damaged_state_file_is_named_and_kept(self):
        board = self.board()
        board.install(0, tiny_image.constant(1))
        board.stop()
        with open(board.state, "r+b") as file:
            file.seek(20)
            file.write(b"\xFF")
        before = contents(board.state)
        done = subprocess.run([PROGRAM, "--state", board.state, "--record", board.record_path], capture_output=True, timeout=DEADLINE)
        self.assertEqual(done.returncode, 3)
        self.assertIn(board.state.encode(), done.stderr)
        self.assertEqual(contents(board.state), before)

    def test_one_state_file_has_one_board(self):
        board = self.board()
        done = subprocess.run([PROGRAM, "--state", board.state, "--record", board.record_path + "2"], capture_output=True, timeout=DEADLINE)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"another board", done.stderr)

    def test_a_stopped_board_removes_its_record_and_link(self):
        link = os.path.join(self.folder, "line")
        board = self.board("--link", link)
        self.assertEqual(os.readlink(link), board.record["serial"])
        self.assertEqual(board.record["pid"], board.process.pid)
        self.assertEqual(board.stop(), 0)
        self.assertFalse(os.path.exists(board.record_path))
        self.assertFalse(os.path.lexists(link))

    def test_a_given_tty_is_served_and_opened_again_when_it_hung_up(self):
        plug = os.path.join(self.folder, "plug")

        def cable():
            """A new PTY behind `plug`; our end of it."""
            ours, theirs = pty.openpty()
            tty.setraw(ours)
            os.symlink(os.ttyname(theirs), plug + ".new")
            os.replace(plug + ".new", plug)
            os.close(theirs)
            return ours

        line = cable()
        process = subprocess.Popen([PROGRAM, "--tty", plug, "--state", os.path.join(self.folder, "tty.state"), "--udp-port", "0"],
                                   stdout=subprocess.PIPE, env=dict(os.environ, RBPF_RUNTIME_DIR=self.folder))
        self.addCleanup(process.communicate)
        self.addCleanup(process.terminate)
        self.assertIn(plug.encode(), process.stdout.readline())
        self.assertFalse(os.path.exists(os.path.join(self.folder, "boards", "native.json")))
        ping = frame(bytes.fromhex("40000001"))
        for _ in range(2):
            received = b""
            end = time.monotonic() + DEADLINE
            while bytes.fromhex("70000001") not in received:
                self.assertLess(time.monotonic(), end)
                os.write(line, ping)
                if select.select([line], [], [], 0.2)[0]:
                    with contextlib.suppress(OSError):  # EIO: the board has not opened its end yet
                        received += os.read(line, 65536)
            fresh = cable()
            os.close(line)  # the board sees its line hang up
            line = fresh
        os.close(line)

    def test_a_tty_that_is_none_is_named(self):
        done = subprocess.run([PROGRAM, "--tty", "/dev/null", "--state", os.path.join(self.folder, "s")], capture_output=True, timeout=DEADLINE)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"cannot open /dev/null as a serial line", done.stderr)

    def test_wrong_descriptions_are_named_with_file_and_place(self):
        path = os.path.join(self.folder, "sensors.json")
        for text, expected in (
                ('{"devices": [\n  {"name": }]}', b"sensors.json:2:12: not JSON"),
                ('{"devices": [{"name": "a", "type": "temperature", "signal": {"kind": "sine", "period": 1}}]}',
                 b'sensors.json: devices[0].signal: unknown key "period"'),
                ('{"devices": [{"name": "a", "type": "thermometer", "signal": 1}]}', b"devices[0].type: expected one of"),
                ('{"devices": [{"name": "a", "type": 130}]}', b'devices[0]: the key "signal" is missing')):
            with open(path, "w") as file:
                file.write(text)
            done = subprocess.run([PROGRAM, "--sensors", path, "--record", path + "r", "--state", path + "s"], capture_output=True, timeout=DEADLINE)
            self.assertEqual(done.returncode, 2)
            self.assertIn(expected, done.stderr)

    def test_sensors_come_from_a_description(self):
        path = os.path.join(self.folder, "sensors.json")
        with open(path, "w") as file:
            json.dump({"devices": [{"name": "led", "type": "switch", "actuator": True},
                                   {"name": "oven", "type": "temperature", "unit": "celsius", "scale": -1, "signal": 180.5}]}, file)
        board = self.board("--sensors", path)
        board.install(0, tiny_image.sensor())
        self.assertEqual(board.client("get", "sensor"), b"180.5")


if __name__ == "__main__":
    if CLIENT is None:
        sys.exit("coap-client-notls is missing: apt install libcoap3-bin")
    unittest.main()
