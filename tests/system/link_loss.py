# SPDX-License-Identifier: GPL-3.0-or-later
"""Front ends on a real native board over a cable that is cut, noisy and lossy, with boards that start again behind it."""

import json
import os
import queue
import subprocess
import threading
import time
import unittest

from board_test import BoardTest
from cli_case import BIN, DEADLINE, until
from debug_cli import Debugger

SCRIPT = """#include <rbpf/rbpf.h>

volatile int total;

SEC("coap/sum") int sum(bpf_coap_ctx_t *request)
{
    volatile int local = 5;
    total += local;
    bpf_gcoap_resp_init(request, COAP_CODE_CONTENT);
    bpf_coap_add_format(request, COAP_FORMAT_TEXT);
    ssize_t length = bpf_coap_opt_finish(request, COAP_OPT_FINISH_PAYLOAD);
    char *payload = (char *)bpf_coap_get_pdu(request);
    payload[0] = 'a' + local;
    return length + 1;
}
"""
LINE = 8  # total += local;
LOST = "the link to the board is lost"
FOUND = "the board is connected again"


class Cable:
    """The relay between the workstation and a board, known as the board "cabled"."""

    def __init__(self, test):
        record = test.runtime / "boards" / "cabled.json"
        self.process = subprocess.Popen([str(BIN / "rbpf-line-relay"), test.board["serial"], str(record), "cabled",
                                         str(test.board["coap"])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        test.addCleanup(self.end)
        assert self.process.stdout.readline() == "ok\n"

    def end(self):
        self.process.stdin.close()
        self.process.wait(DEADLINE)
        self.process.stdout.close()

    def do(self, *words):
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "ok\n", words


class Editor:
    """The least that is needed to speak the Debug Adapter Protocol with `rbpf dap`."""

    def __init__(self, test):
        self.process = subprocess.Popen([str(BIN / "rbpf"), "dap"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=test.env, cwd=test.folder)
        self.messages = queue.Queue()
        self.events = []
        self.number = 0
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()
        test.addCleanup(self.end)

    def end(self):
        self.process.stdin.close()
        self.process.wait(DEADLINE)
        self.listener.join(DEADLINE)
        self.process.stdout.close()

    def listen(self):
        while header := self.process.stdout.readline():
            while self.process.stdout.readline() != b"\r\n":
                pass
            self.messages.put(json.loads(self.process.stdout.read(int(header.split(b":")[1]))))
        self.messages.put(None)

    def wait(self, wanted):
        """The first message that `wanted` takes; events that come before are kept."""
        for event in list(self.events):
            if wanted(event):
                self.events.remove(event)
                return event
        end = time.monotonic() + DEADLINE
        while True:
            message = self.messages.get(timeout=max(end - time.monotonic(), 0.01))
            assert message is not None, f"the adapter ended; events: {self.events}"
            if wanted(message):
                return message
            if message["type"] == "event":
                self.events.append(message)

    def send(self, command, **arguments):
        self.number += 1
        body = json.dumps({"seq": self.number, "type": "request", "command": command, "arguments": arguments}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()
        return self.number

    def ask(self, command, **arguments):
        number = self.send(command, **arguments)
        return self.wait(lambda message: message.get("request_seq") == number)

    def event(self, name, words=""):
        return self.wait(lambda message: message.get("event") == name and words in json.dumps(message.get("body"))).get("body")


class LinkLoss(BoardTest):
    def setUp(self):
        super().setUp()
        self.start_board()
        self.cable = Cable(self)
        self.script = self.project_of("sum", SCRIPT)
        self.rbpf("deploy", self.script, "--board", "cabled", "--slot", "0")

    def project_of(self, name, source):
        folder = self.folder / name
        (folder / "src").mkdir(parents=True)
        (folder / "src" / "main.c").write_text(source, encoding="utf-8")
        (folder / "rbpf.json").write_text(json.dumps({"name": name, "optimise": "debug"}), encoding="utf-8")
        self.rbpf("build", folder)
        return folder

    def reset(self):
        """Power off and on; the workstation's port stays open."""
        self.process.kill()
        self.process.wait(DEADLINE)
        (self.runtime / "boards" / "test.json").unlink()
        self.start_board()
        self.cable.do("connect", self.board["serial"])

    def request(self):
        """A real client asks; it waits until somebody answers."""
        client = subprocess.Popen(["coap-client-notls", "-m", "get", "-B", str(DEADLINE),
                                   f"coap://127.0.0.1:{self.board['coap']}/sum"],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

        def end():
            if client.poll() is None:
                client.kill()
            client.communicate()

        self.addCleanup(end)
        return client

    def answer(self, client):
        return client.communicate(timeout=DEADLINE)[0].strip()

    def debugger(self):
        debugger = Debugger(self, str(self.script), "--board", "cabled", "--slot", "0")
        debugger.until("lists the commands")
        debugger.ask(f"break main.c:{LINE}", "Breakpoint 1")
        debugger.ask("continue", "Waiting for the next trigger")
        return debugger

    def stops(self, debugger):
        client = self.request()
        debugger.until(rf"-> +{LINE} \|")
        return client

    def goes_on(self, debugger, client):
        debugger.type("continue")
        self.assertEqual(self.answer(client), "f")


class Terminal(LinkLoss):
    def test_cut_the_terminal_says_so_and_goes_on_when_the_cable_is_back(self):
        debugger = self.debugger()
        self.goes_on(debugger, self.stops(debugger))
        self.cable.do("cut")
        debugger.until(LOST)
        self.cable.do("plug")
        debugger.until(FOUND)
        client = self.stops(debugger)
        debugger.ask("print local", "= 5")
        self.cable.do("cut")  # halted this time
        debugger.until(LOST)
        self.cable.do("plug")
        debugger.until(FOUND)
        debugger.ask("print total", r"= \d+")
        self.goes_on(debugger, client)

    def test_reset_a_board_that_starts_again_behind_the_open_port_is_noticed(self):
        debugger = self.debugger()
        client = self.stops(debugger)
        self.reset()
        debugger.until("was reset")
        debugger.until(FOUND)
        client.kill()
        debugger.type("continue")
        self.goes_on(debugger, self.stops(debugger))

    def test_noise_and_lost_frames_cost_time_only(self):
        debugger = self.debugger()
        for lost in (("board", "c"), ("workstation", "stop"), ("board", "s"), ("board", "m")):
            self.cable.do("noise")
            client = self.stops(debugger)
            self.cable.do("lose", *lost)
            debugger.ask("next", rf"-> +{LINE + 1} \|")
            self.cable.do("noise")
            debugger.ask("print local", "= 5")
            self.goes_on(debugger, client)
        self.assertNotIn(LOST, debugger.text)

    def test_reflash_another_script_in_the_slot_ends_the_session_with_the_reason(self):
        debugger = self.debugger()
        self.goes_on(debugger, self.stops(debugger))  # so that it waits for the next one
        self.cable.do("cut")
        debugger.until(LOST)
        other = self.project_of("other", "int run(void)\n{\n    return 3;\n}\n")
        self.cable.do("connect", "/nowhere")
        self.rbpf("deploy", other, "--board", "test", "--slot", "0")
        self.cable.do("connect", self.board["serial"])
        self.cable.do("plug")
        debugger.until("slot 0 holds build [0-9a-f]+, not build [0-9a-f]+")
        self.assertEqual(debugger.process.wait(DEADLINE), 3)


class DebugAdapter(LinkLoss):
    def test_an_editor_hears_of_cut_and_reset_and_every_request_is_answered(self):
        editor = Editor(self)
        self.assertTrue(editor.ask("initialize", adapterID="rbpf", linesStartAt1=True)["success"])
        editor.send("attach", program=str(self.script), board="cabled", slot=0)
        editor.event("initialized")
        points = editor.ask("setBreakpoints", source={"path": str(self.script / "src" / "main.c")},
                            breakpoints=[{"line": LINE}])
        self.assertTrue(points["success"], points)
        self.assertTrue(editor.ask("configurationDone")["success"])
        for trouble in (self.cut_and_plug, lambda _: self.reset()):
            client = self.request()
            thread = editor.event("stopped", "breakpoint")["threadId"]
            frame = editor.ask("stackTrace", threadId=thread)["body"]["stackFrames"][0]
            self.assertEqual(frame["line"], LINE)
            trouble(editor)
            editor.event("output", FOUND)
            client.kill()
            editor.event("stopped")
            self.assertTrue(editor.ask("continue", threadId=thread)["success"])
        client = self.request()
        editor.event("stopped", "breakpoint")
        editor.send("disconnect", terminateDebuggee=False)
        self.assertEqual(self.answer(client), "f")

    def cut_and_plug(self, editor):
        self.cable.do("cut")
        editor.event("output", LOST)
        for command in ("stackTrace", "next", "evaluate"):
            reply = editor.ask(command, threadId=1, expression="local")
            self.assertFalse(reply["success"], reply)
            self.assertIn("not connected", json.dumps(reply))
        self.cable.do("plug")


class Log(LinkLoss):
    def test_a_followed_log_goes_on_when_the_cable_is_back(self):
        path = self.folder / "followed.log"
        with open(path, "wb") as out:
            follower = subprocess.Popen([str(BIN / "rbpf"), "log", "--follow", "--board", "cabled"],
                                        stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=self.env)
        self.addCleanup(follower.wait, DEADLINE)
        self.addCleanup(follower.terminate)
        printing = self.project_of("printing", '#include <rbpf/rbpf.h>\nint run(void)\n{\n'
                                   '    bpf_printf("here I am\\n");\n    return 0;\n}\n')
        self.rbpf("deploy", printing, "--board", "cabled", "--slot", "1")

        def heard(words, times):
            def enough():
                self.rbpf("invoke", "1", "--board", "cabled")
                return path.read_text(encoding="utf-8").count(words) >= times
            until(enough, f"{words!r} in the log")

        heard("here I am", 1)
        self.cable.do("cut")
        until(lambda: "is looked for" in path.read_text(encoding="utf-8"), "the loss in the log")
        self.cable.do("plug")
        until(lambda: "connected again" in path.read_text(encoding="utf-8"), "the board in the log")
        heard("here I am", path.read_text(encoding="utf-8").count("here I am") + 1)
        self.assertIsNone(follower.poll())


if __name__ == "__main__":
    unittest.main()
