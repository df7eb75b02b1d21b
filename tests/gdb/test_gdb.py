# SPDX-License-Identifier: GPL-3.0-or-later
"""The real GDB for bpf against a native board through `rbpf gdbserver`: what it shows is what must be there."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))
# pylint: disable=wrong-import-position
from cli_board import BoardTest  # noqa: E402
from cli_case import DEADLINE, until  # noqa: E402

SCRIPT = """#include <rbpf/rbpf.h>

volatile uint32_t total;

SEC("coap/sum") int sum(bpf_coap_ctx_t *request)
{
    volatile uint32_t numbers[4];
    numbers[0] = 0x11;
    numbers[1] = 0x22;
    numbers[2] = 0x33;
    numbers[3] = bpf_now_ms() > 0 ? 0x44 : 0x45; /* a binding */
    total = numbers[0] + numbers[3];             /* TOTAL */
    bpf_gcoap_resp_init(request, COAP_CODE_CONTENT);
    bpf_coap_add_format(request, COAP_FORMAT_TEXT);
    ssize_t length = bpf_coap_opt_finish(request, COAP_OPT_FINISH_PAYLOAD);
    char *payload = (char *)bpf_coap_get_pdu(request); /* PAYLOAD */
    payload[0] = 'a' + numbers[2] - 0x33;
    return length + 1;
}
"""


def line_of(mark):
    """The script's line with this word in a comment."""
    return next(number for number, text in enumerate(SCRIPT.splitlines(), 1) if f"/* {mark} */" in text)


def gdb_path():
    found = subprocess.run([HERE / "build_gdb.sh", "--check"], capture_output=True, text=True, check=False)
    return found.stdout.strip() if found.returncode == 0 else None


GDB = gdb_path()


class GdbTest(BoardTest):
    def setUp(self):
        super().setUp()
        self.record = self.start()
        self.rbpf("deploy", self.script(SCRIPT))

    def serve(self, *arguments):
        """Starts the server; what it says when it is ready."""
        self.server = self.start_rbpf("gdbserver", "--board", "native", "--listen", "127.0.0.1:0", "--json", *arguments)
        line = self.server.stdout.readline()
        self.assertTrue(line, "the server has ended")
        return json.loads(line)

    def ask(self):
        """The shell line of a CoAP request by a process of its own; GDB starts it once the script is halted."""
        return (f"coap-client-notls -m get -B 60 coap://127.0.0.1:{self.record['coap']}/sum "
                f"> {self.folder}/answer 2>&1 &")

    def answer(self):
        file = self.folder / "answer"
        return until(lambda: file.exists() and file.read_text(encoding="utf-8").strip(), "the script's answer")

    def gdb(self, ready, *commands):
        """Runs the commands in one GDB; what it printed for each."""
        arguments = [GDB, "-nx", "-q", "-batch", "-ex", "set confirm off",
                     "-iex", "maint set target-async off",  # a command ends when the script stops
                     "-ex", "set width 0", "-ex", "set remotetimeout 30", "-ex", f"file {ready['symbols']}"]
        for command in ("target remote " + ready["target"], *commands):
            arguments += ["-ex", "echo @@@\\n", "-ex", command]
        done = subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=DEADLINE, cwd=self.folder / "script", check=False)
        parts = done.stdout.split("@@@\n")[1:]
        self.assertEqual(len(parts), len(commands) + 1, done.stdout)
        self.whole = done.stdout
        return parts[1:]

    def number(self, text):
        found = re.search(r"= (0x[0-9a-f]+|\d+)", text)
        self.assertTrue(found, f"no number in {text!r}\n{self.whole}")
        return int(found.group(1), 0)


class Session(GdbTest):
    def test_forwards_and_backwards_through_a_request(self):
        ready = self.serve()
        self.assertEqual(ready["symbols"], str((self.folder / "script/build/script.debug.elf").resolve()))
        pc, bytes_at, mark = "print/x $pc", "x/8xb $r10-8", f"src/main.c:{line_of('TOTAL')}"
        steps = dict(enumerate((
            f"break {mark}",                    # 0
            "continue",
            pc,
            "info registers",
            bytes_at,
            "stepi",                            # 5
            pc,
            "reverse-stepi",
            pc,
            "watch *(unsigned int *)&total",
            "continue",                         # 10
            "print total",
            "reverse-continue",
            "print total",
            "delete 2",
            "reverse-continue",                 # 15
            pc,
            "reverse-continue",
            bytes_at,
            "set var $r0 = 5",
            "continue",                         # 20
            pc,
            bytes_at,
            "stepi",
            pc,
            f"tbreak src/main.c:{line_of('PAYLOAD')}",  # 25
            "continue",
            "print total",
            "delete",
            "detach",
        )))
        said = self.gdb(ready, "shell " + self.ask(), *steps.values())[1:]
        at_line = self.number(said[2])
        self.assertIn(f"Breakpoint 1, sum (", said[1] + "")
        self.assertIn(f"main.c:{line_of('TOTAL')}", said[1])
        registers = dict(re.findall(r"^(r\d+|pc)\s+(0x[0-9a-f]+)", said[3], re.MULTILINE))
        self.assertEqual(sorted(registers), sorted(["pc", *(f"r{i}" for i in range(11))]), said[3])
        self.assertEqual(int(registers["pc"], 16), at_line)
        self.assertEqual(int(registers["r10"], 16) >> 28, 1, "r10 points into the stack")
        numbers = "0x22\t0x00\t0x00\t0x00\t0x11\t0x00\t0x00\t0x00"
        self.assertIn(numbers, said[4])
        after_step = self.number(said[6])
        self.assertIn(after_step - at_line, (8, 16))
        self.assertEqual(self.number(said[8]), at_line)
        self.assertIn("Hardware watchpoint 2", said[9])
        self.assertRegex(said[10], r"Old value = 0\nNew value = 85\n")
        self.assertEqual(self.number(said[11]), 0x55)
        self.assertRegex(said[12], r"Old value = 85\nNew value = 0\n")
        self.assertEqual(self.number(said[13]), 0)
        self.assertIn(f"main.c:{line_of('TOTAL')}", said[15])
        self.assertEqual(self.number(said[16]), at_line)
        self.assertIn("No more reverse-execution history", said[17])
        self.assertIn("\t".join(["0x00"] * 8), said[18], "before the first instruction the stack is zeroed")
        self.assertIn("the past cannot be changed", said[19])
        self.assertIn("Breakpoint 1", said[20])
        self.assertEqual(self.number(said[21]), at_line)
        self.assertIn(numbers, said[22])
        self.assertEqual(self.number(said[24]), after_step)
        self.assertIn(f"main.c:{line_of('PAYLOAD')}", said[26])
        self.assertEqual(self.number(said[27]), 0x55)
        self.assertEqual(self.answer(), "a")
        self.assertEqual(self.udp(self.record, "/sum"), "a", "the script goes on after GDB has left")

    def test_lines_places_and_temporary_breakpoints(self):
        ready = self.serve()
        total, payload = f"src/main.c:{line_of('TOTAL')}", f"src/main.c:{line_of('PAYLOAD')}"
        said = self.gdb(ready, "shell " + self.ask(), "tbreak sum", "continue", "info frame", "break " + total, "continue",
                        "next", "print total", f"until {payload}", "info line", "info breakpoints", "reverse-next",
                        "delete", "step", "rwatch *(unsigned int *)&total", "kill")[1:]
        self.assertIn("Temporary breakpoint 1, sum (", said[1])
        self.assertIn(f"main.c:{line_of('TOTAL')}", said[4])
        self.assertEqual(self.number(said[6]), 0x55)
        self.assertIn(f"main.c:{line_of('PAYLOAD')}", said[7])
        self.assertIn(f"Line {line_of('PAYLOAD')} ", said[8])
        self.assertNotIn("Temporary", said[9])
        self.assertIn("breakpoint already hit 1 time", said[9])
        self.assertNotIn("Cannot", said[10] + said[12])
        self.assertIn("watchpoint", said[13])
        self.assertTrue(self.answer())
        self.assertEqual(self.udp(self.record, "/sum"), "a", "kill ends the run, not the script")

    def test_what_gdb_writes_the_script_sees(self):
        ready = self.serve("--no-history")
        said = self.gdb(ready, "shell " + self.ask(), f"break src/main.c:{line_of('TOTAL')}", "continue",
                        "set var *(unsigned int *)($r10-12) = 0x39", "x/1xw $r10-12", "reverse-stepi", "delete",
                        "detach")[1:]
        self.assertIn("0x00000039", said[3])
        self.assertIn("does not support this command", said[4])
        self.assertEqual(self.answer(), "g")


class Manners(GdbTest):
    def connect(self, ready):
        link = socket.create_connection(("127.0.0.1", ready["port"]), timeout=DEADLINE)
        self.addCleanup(link.close)
        return link

    @staticmethod
    def packet(payload):
        return f"${payload}#{sum(payload.encode()) % 256:02x}".encode()

    def talk(self, link, payload, expected):
        """Sends a packet and reads until `expected` has come."""
        link.sendall(self.packet(payload))
        return self.listen(link, expected)

    def listen(self, link, expected):
        heard = b""
        while not re.search(expected, heard):
            piece = link.recv(4096)
            self.assertTrue(piece, f"closed after {heard!r}")
            heard += piece
        return heard

    def hear(self, link, words):
        """Reads until GDB's console has been sent these words."""
        heard = b""
        while not any(re.search(words, bytes.fromhex(text.decode()).decode()) for text in re.findall(rb"\$O([0-9a-f]{2,})#", heard)):
            piece = link.recv(4096)
            self.assertTrue(piece, f"closed after {heard!r}")
            heard += piece

    def test_a_second_gdb_is_told_and_closed(self):
        ready = self.serve()
        first = self.connect(ready)
        self.talk(first, "qSupported", rb"PacketSize")
        second = self.connect(ready)
        self.talk(second, "qSupported", rb"E\.another GDB is attached")
        self.assertEqual(second.recv(1), b"")
        self.talk(first, "?", rb"\$T0")

    def test_a_gdb_that_disappears_leaves_the_script_running(self):
        ready = self.serve()
        link = self.connect(ready)
        self.talk(link, "?", rb"\$T0")
        subprocess.run(self.ask(), shell=True, check=True)
        link.close()
        self.assertEqual(self.answer(), "a")
        again = self.connect(ready)
        self.talk(again, "?", rb"\$T0")

    def test_vendor_parts_and_damaged_packets_do_not_get_through(self):
        ready = self.serve()
        link = self.connect(ready)
        self.assertNotIn(b"rbpf", self.talk(link, "?", rb"\$T0.*#.."))
        link.sendall(b"$g#00")
        self.assertEqual(link.recv(1), b"-")
        self.assertIn(b"$#00", self.talk(link, "qRbpfImage", rb"#.."))
        self.talk(link, "m10000000,ffffffffffff", rb"\$E")
        self.talk(link, "Z9,0,0", rb"\$E")

    def test_a_board_that_starts_again_is_found_again_and_gdb_hears_of_both(self):
        ready = self.serve()
        link = self.connect(ready)
        self.talk(link, "?", rb"\$T0")
        self.talk(link, "Z0,8,0", rb"OK")
        link.sendall(self.packet("c"))
        os.kill(self.record["pid"], signal.SIGKILL)
        # Which of them depends on whether the board was told to go on before it died.
        self.hear(link, "the link to the board is lost|the board is not connected; it is looked for")
        self.assertIn("not connected", self.talk(link, "m10000000,4", rb"\$E\..*#..").decode())
        self.record = self.start()
        self.hear(link, "the board is connected again, 1 breakpoints are set again")
        subprocess.run(self.ask(), shell=True, check=True)
        self.assertRegex(self.listen(link, rb"\$T05.*#.."), rb"0b:08000000;")
        self.talk(link, "z0,8,0", rb"OK")
        self.talk(link, "D", rb"OK")
        self.assertEqual(self.answer(), "a")
        self.assertIsNone(self.server.poll())

    def test_a_board_that_stays_away_leaves_gdb_its_prompt(self):
        ready = self.serve()
        link = self.connect(ready)
        self.talk(link, "?", rb"\$T0")
        os.kill(self.record["pid"], signal.SIGKILL)
        link.sendall(self.packet("c"))
        self.hear(link, "not connected; it is looked for|the link to the board is lost")
        link.sendall(b"\x03")
        self.listen(link, rb"\$T02.*#..")
        self.talk(link, "g", rb"\$[0-9a-f]{176}#")
        self.talk(link, "D", rb"OK")

    def test_a_board_that_comes_back_with_another_script_ends_gdbs_program(self):
        ready = self.serve()
        link = self.connect(ready)
        self.talk(link, "?", rb"\$T0")
        link.sendall(self.packet("c"))
        self.end(self.record["id"])
        self.hear(link, "the link to the board is lost")
        other = self.script("int run(void) { return 3; }\n", name="other")
        self.start()
        self.rbpf("deploy", other, "--slot", "0")
        self.listen(link, rb"\$X09#")


if __name__ == "__main__":
    if GDB is None:
        print("skipped: there is no GDB for bpf; tests/gdb/build_gdb.sh builds it from Debian's gdb-source")
        sys.exit(77)
    unittest.main()
