# SPDX-License-Identifier: GPL-3.0-or-later
"""rbpf debug on a native board: Listing 1 held at a line by a real CoAP request, looked at, followed back and forth."""

import json
import os
import pty
import queue
import re
import select
import signal
import subprocess
import threading
import time
import unittest

from cli_case import BIN, DEADLINE, CliTest

SENSORS = {"devices": [{"name": "led", "type": "switch", "actuator": True, "unit": "boolean", "value": 0},
                       {"name": "t", "type": "temperature", "unit": "celsius", "scale": -2, "signal": 21.5}]}
LINES = {"read": "(bpf_saul_reg_read(sens, &m) < 0)", "format": "bpf_gcoap_resp_init(gcoap, COAP_CODE_CONTENT);"}


class Debugger:
    """A debugger on pipes: lines in; waits for words in what it says."""

    def __init__(self, test, *arguments):
        self.process = subprocess.Popen([str(BIN / "rbpf"), "debug", *map(str, arguments)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1,
                                        env=test.env, cwd=test.folder)
        self.said = queue.Queue()
        self.text = ""
        self.seen = 0
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()
        test.addCleanup(self.end)

    def listen(self):
        while chunk := os.read(self.process.stdout.fileno(), 65536):
            self.said.put(chunk.decode())
        self.said.put(None)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(DEADLINE)
        self.process.stdin.close()
        self.listener.join(DEADLINE)
        self.process.stdout.close()

    def type(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def until(self, pattern):
        """Text from the last answer up to and with the match."""
        end = time.monotonic() + DEADLINE
        while True:
            found = re.compile(pattern, re.S).search(self.text, self.seen)
            if found:
                text = self.text[self.seen:found.end()]
                self.seen = found.end()
                return text
            try:
                more = self.said.get(timeout=max(end - time.monotonic(), 0.01))
            except queue.Empty:
                more = None
            if more is None:
                raise AssertionError(f"waited for {pattern!r} in:\n{self.text[self.seen:]}")
            self.text += more

    def ask(self, line, pattern):
        self.type(line)
        return self.until(pattern)


class DebugTest(CliTest):
    def setUp(self):
        super().setUp()
        (self.folder / "sensors.json").write_text(json.dumps(SENSORS), encoding="utf-8")
        self.record = self.report("board", "start", "native", "--sensors", "sensors.json")
        self.addCleanup(lambda: self.run_rbpf("board", "stop", "native"))

    def demo(self):
        """Listing 1, built so that its variables stay."""
        self.rbpf("new", "coap-sensor", "demo")
        config = self.folder / "demo/rbpf.json"
        settings = json.loads(config.read_text(encoding="utf-8"))
        config.write_text(json.dumps(settings | {"optimise": "debug"}), encoding="utf-8")
        source = (self.folder / "demo/src/coap_sensor.c").read_text(encoding="utf-8").splitlines()
        return {name: 1 + next(i for i, line in enumerate(source) if text in line) for name, text in LINES.items()}

    def request(self):
        """A real client asks for /sensor; it waits until somebody answers."""
        client = subprocess.Popen(["coap-client-notls", "-m", "get", "-B", str(DEADLINE),
                                   f"coap://127.0.0.1:{self.record['coap']}/sensor"],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

        def end():
            if client.poll() is None:
                client.kill()
            client.communicate()

        self.addCleanup(end)
        return client


class MainJob(DebugTest):
    def test_a_request_is_held_looked_at_followed_back_and_answered(self):
        lines = self.demo()
        debugger = Debugger(self, "demo")
        said = debugger.until("`help` lists the commands")
        self.assertRegex(said, r"Debugging demo 0\.1\.0 in slot 0 of native\.\n")
        self.assertIn(f"coap://127.0.0.1:{self.record['coap']}/sensor", said)
        debugger.ask(f"break coap_sensor.c:{lines['read']}", rf"Breakpoint 1: coap_resp at demo/src/coap_sensor\.c:{lines['read']}")

        debugger.type("continue")
        debugger.until("Waiting for the next trigger")
        client = self.request()
        stop = debugger.until(rf"->\s+{lines['read']} \| .*?\n")
        self.assertIn("Run 1 begins.", stop)
        self.assertRegex(stop, "[Bb]reakpoint 1")
        self.assertIsNone(client.poll(), "the request is held while the script is halted")

        before = debugger.ask("locals", r"phydat_t m = \{val = \{.*\}, unit = .*, scale = .*\}\n")
        self.assertRegex(before, r"bpf_saul_reg_t \*sens = 0x\d+\n")
        old = debugger.ask("print m", r"\nm = (\{.*?\})\n").strip().splitlines()[-1]
        self.assertRegex(old, r"^m = \{val = \{.*\}, unit = .*, scale = .*\}$")
        self.assertNotIn("2150", old)

        debugger.ask("next", r"\(rbpf\) next\n.*?->\s+\d+ \| .*?\n")
        new = debugger.ask("print m", r"\nm = (\{.*?\})\n").strip().splitlines()[-1]
        self.assertIn("2150", new)
        self.assertIn("scale = -2", new)
        who = debugger.ask("who m", r"`goto \d+ \d+` goes there")
        self.assertIn("call bpf_saul_reg_read", who)
        self.assertIn(f"coap_sensor.c:{lines['read']}", who)

        debugger.ask("back", rf"->\s+{lines['read']} \| .*?\n")
        past = debugger.ask("print m", r"\(rbpf run 1 step \d+ of \d+\) print m\nm = (\{.*?\})\n").strip().splitlines()[-1]
        self.assertEqual(past, old)
        self.assertIsNone(client.poll())

        debugger.ask("goto live", r"->\s+\d+ \| .*?\n")
        self.assertIn("2150", debugger.ask("print m", r"\nm = (\{.*?\})\n"))
        timeline = debugger.ask("timeline", "bpf_saul_reg_read.*?\n")
        self.assertIn("bpf_saul_reg_find_nth", timeline)
        debugger.ask("delete", "removed")
        debugger.type("continue")
        self.assertEqual(client.communicate(timeout=DEADLINE)[0].strip(), "21.50")
        debugger.type("quit")
        debugger.until("Detached")
        self.assertEqual(debugger.process.wait(DEADLINE), 0)
        self.assertEqual(self.rbpf("get", "/sensor"), "21.50\n")


class FromAFile(DebugTest):
    def commands(self, *lines):
        file = self.folder / "commands"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file

    def test_a_file_of_commands_runs_the_script_and_saves_what_happened(self):
        lines = self.demo()
        out = self.rbpf("debug", "demo", "--command",
                        self.commands("# the request comes from the debugger itself", f"break {lines['format']}", "run", "print m.val[0]", "regs",
                                      "x/2xg $r10-16", "stack", "regions", "disassemble", "frames", "save kept", "delete",
                                      "continue", "quit"))
        for words in ("m.val[0] = 2150", "pc  0x", "High-water mark", "stack", "call bpf_gcoap_resp_init", "-> #0 coap_resp",
                      "Saved to kept.rbpfrec", "GET /sensor answers 2.05 Content: 21.50"):
            self.assertIn(words, out)
        self.rbpf("board", "stop", "native")
        out = self.rbpf("debug", "demo", "--recording", "kept.rbpfrec", "--command",
                        self.commands("timeline", "goto 1 0", "print m", "goto live", "print m.val[0]", "quit"))
        self.assertIn("(rbpf run 1 step 0 of ", out)
        self.assertIn("m.val[0] = 2150", out)

    def test_a_mistake_ends_it_with_the_exit_code_of_its_kind(self):
        self.demo()
        words = self.fails(2, "debug", "demo", "--command", self.commands("braek 12", "continue"))
        self.assertIn('did you mean "break"?', words)
        self.assertEqual(self.rbpf("get", "/sensor"), "21.50\n")

    def test_a_script_without_a_project_here_is_debugged_as_the_board_has_it(self):
        self.demo()
        self.rbpf("deploy", "demo")
        out = self.rbpf("debug", "--slot", "0", "--command", self.commands("break coap_resp", "run", "print $r1", "quit"))
        self.assertIn("Debugging demo 0.1.0 in slot 0", out)
        self.assertIn("GET /sensor answers 2.05 Content: 21.50", out)

    def test_a_halted_script_goes_on_when_its_hold_time_is_over(self):
        self.demo()
        self.assertIn("--hold", self.fails(2, "debug", "demo", "--hold-aborts"))
        self.fails(2, "debug", "demo", "--hold", "0")
        debugger = Debugger(self, "demo", "--hold", "1")
        debugger.until("`help` lists the commands")
        debugger.ask("break coap_resp", "Breakpoint 1")
        debugger.type("continue")
        debugger.until("Waiting for the next trigger")
        client = self.request()
        debugger.until("breakpoint 1")
        debugger.until("halted for longer than its hold time: it goes on")
        self.assertEqual(client.communicate(timeout=DEADLINE)[0].strip(), "21.50")
        debugger.until("the run ended")

    def test_a_second_debugger_is_told_of_the_first_and_may_take_over(self):
        self.demo()
        first = Debugger(self, "demo")
        first.until("`help` lists the commands")
        words = self.fails(3, "debug", "demo", "--command", self.commands("quit"))
        self.assertRegex(words, "another debugger|held")
        self.rbpf("debug", "demo", "--take", "--command", self.commands("quit"))


    def test_a_fault_a_watchpoint_and_a_binding_stop_the_script_and_say_why(self):
        folder = self.script("""#include <rbpf/rbpf.h>
static volatile int sum;
int run(int *context)
{
    sum = 5;
    bpf_store_global(7, sum);
    return *(volatile int *)context;
}
""", optimise="debug")
        out = self.rbpf("debug", folder, "--command",
                        self.commands("on entry", "on binding store_global", "store-break 7", "run", "watch sum", "continue",
                                      "print sum", "set sum = 6", "who sum", "continue", "continue", "continue", "explain",
                                      "back-continue", "quit"))
        for words in ("the start of every run", "Watchpoint 4: writes of sum", "sum = 5", "sum = 6", "changed by hand",
                      "main.c:7", "null pointer", "(rbpf run 1 step "):
            self.assertIn(words, out)
        self.assertEqual(self.rbpf("store", "get", "global", "7"), "6\n")
        words = self.fails(2, "debug", folder, "--command", self.commands("break nowhere", "continue"))
        self.assertIn("nowhere", words)


class Terminal(DebugTest):
    def test_completion_history_and_ctrl_c_on_a_terminal(self):
        self.demo()
        (self.folder / "demo/src/coap_sensor.c").write_text(
            "#include <rbpf/rbpf.h>\nint coap_resp(bpf_coap_ctx_t *gcoap)\n{\n"
            "    uint32_t last = bpf_ztimer_now();\n    for (volatile int i = 0; i < 100000; ++i) {\n"
            "        bpf_ztimer_periodic_wakeup(&last, 20000);\n    }\n    return gcoap != 0;\n}\n", encoding="utf-8")
        master, slave = pty.openpty()
        process = subprocess.Popen([str(BIN / "rbpf"), "debug", "demo"], stdin=slave, stdout=slave, stderr=slave,
                                   env=self.env | {"TERM": "xterm"}, cwd=self.folder, start_new_session=True,
                                   preexec_fn=lambda: __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0))
        os.close(slave)

        def end():
            if process.poll() is None:
                process.kill()
            process.wait(DEADLINE)

        self.addCleanup(end)
        said = ""

        def until(pattern):
            nonlocal said
            end = time.monotonic() + DEADLINE
            while not re.search(pattern, said, re.S):
                if not select.select([master], [], [], max(end - time.monotonic(), 0))[0]:
                    raise AssertionError(f"waited for {pattern!r} in:\n{said}")
                said += os.read(master, 4096).decode(errors="replace")
            said = said[re.search(pattern, said, re.S).end():]

        until(r"\(rbpf\) ")
        os.write(master, b"info brea\t\n")
        until(r"points \s*There are no breakpoints.*\(rbpf\) ")
        os.write(master, b"run\n")
        until("Run 1 begins")
        until(r"\(rbpf running\) ")
        os.write(master, b"\x03")
        until(r"->\s+[4-7] \|")
        os.write(master, b"print i\n")
        until(r"i = \d+")
        os.write(master, b"\x1b[A\n")  # up: the last line again
        until(r"print i.*i = \d+")
        os.write(master, b"kill\n")
        until("aborted")
        self.assertEqual(process.wait(DEADLINE), 0)
        os.close(master)
        self.assertIn("info\\040breakpoints", (self.folder / "state-home/rbpf/debug_history").read_text(encoding="utf-8"))


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    unittest.main()
