# SPDX-License-Identifier: GPL-3.0-or-later
"""The rbpf command with native boards: the main job, bad scripts, boards and deploys that are killed."""

import json
import os
import pty
import re
import signal
import subprocess
import unittest
import zlib

from cli_case import BIN, DEADLINE, CliTest, until

SENSORS = {"devices": [{"name": "led", "type": "switch", "actuator": True, "unit": "boolean", "value": 0},
                       {"name": "t", "type": "temperature", "unit": "celsius", "scale": -2, "signal": 21.5}]}


def answering(text, table_bytes=0):
    """A script that answers /answer with `text` and carries a table of some size."""
    table = ",".join(str(i * 7 % 251) for i in range(max(table_bytes, 1)))
    return f"""#include <rbpf/rbpf.h>
const unsigned char table[] = {{{table}}};
SEC("coap/answer") int answer(bpf_coap_ctx_t *request)
{{
    bpf_gcoap_resp_init(request, COAP_CODE_CONTENT);
    bpf_coap_add_format(request, COAP_FORMAT_TEXT);
    ssize_t length = bpf_coap_opt_finish(request, COAP_OPT_FINISH_PAYLOAD);
    char *payload = (char *)bpf_coap_get_pdu(request);
    payload[0] = '{text}';
    payload[1] = table[request->buf_len % sizeof table] == 255 ? 'b' : 'a';
    return length + 2;
}}
"""


class BoardTest(CliTest):
    def start(self, *arguments):
        """Starts the board "native"; its record."""
        (self.folder / "sensors.json").write_text(json.dumps(SENSORS), encoding="utf-8")
        record = self.report("board", "start", "native", "--sensors", "sensors.json", *arguments)
        self.addCleanup(self.end, record["id"])
        return record

    def end(self, name):
        self.run_rbpf("board", "stop", name)

    def udp(self, record, path):
        asked = subprocess.run(["coap-client-notls", "-m", "get", "-B", "10", f"coap://127.0.0.1:{record['coap']}{path}"],
                               capture_output=True, text=True, timeout=DEADLINE, check=False)
        return (asked.stdout + asked.stderr).strip()


class MainJob(BoardTest):
    def test_from_template_to_an_answer_over_udp_and_serial(self):
        self.rbpf("new", "coap-sensor", "demo")
        self.rbpf("build", "demo")
        record = self.start()
        listed = self.report("boards")
        self.assertEqual([(b["id"], b["board"], b["serial"], b["coap"]) for b in listed],
                         [("native", "native", record["serial"], record["coap"])])
        said = self.rbpf("deploy", "demo")
        self.assertRegex(said, r"^deployed demo 0\.1\.0 \(\d+ B\) to native slot 0 in \d+ ms; "
                               rf"answers coap://127\.0\.0\.1:{record['coap']}/sensor\n$")
        self.assertEqual(self.udp(record, "/sensor"), "21.50")
        self.assertEqual(self.rbpf("coap", "GET", "/sensor"), "21.50\n")
        self.assertEqual(self.rbpf("coap", "get", "/sensor"), "21.50\n")
        self.assertEqual(self.rbpf("get", "/sensor"), "21.50\n")

    def test_a_board_is_started_on_demand_and_stopped(self):
        self.addCleanup(self.end, "native")
        self.rbpf("new", "hello", "demo")
        self.assertEqual(self.report("deploy", "demo")["board"], "native")
        self.assertEqual(self.report("invoke", "0")["result"], 42)
        self.assertEqual(self.report("list")[0]["runs"], 1)
        self.assertEqual(self.report("stats")["runs"], 1)
        pid = self.report("boards")[0]["pid"]
        self.rbpf("board", "stop", "native")
        self.assertFalse(os.path.exists(f"/proc/{pid}/fd/0"))
        self.assertEqual(self.report("boards"), [])
        self.assertIn("no board native is running", self.fails(3, "board", "stop", "native"))

    def test_scripts_and_values_outlive_a_restart(self):
        self.start()
        self.rbpf("deploy", self.script(answering("1")))
        self.rbpf("store", "set", "global", 7, 4294967295)
        self.rbpf("board", "stop", "native")
        self.start()
        self.assertEqual(self.rbpf("get", "/answer"), "1a\n")
        self.assertEqual(self.rbpf("store", "get", "global", "7"), "4294967295\n")
        self.assertEqual(self.report("store", "list", "global"), [{"key": 7, "value": 4294967295}])

    def test_a_script_replaces_itself_and_another_takes_the_next_slot(self):
        self.start()
        for text, slot in (("1", 0), ("2", 0)):
            self.assertEqual(self.report("deploy", self.script(answering(text)))["slot"], slot)
            self.assertEqual(self.rbpf("get", "/answer"), text + "a\n")
        other = self.script("int run(void) { return 5; }\n", name="other")
        self.assertEqual(self.report("deploy", other)["slot"], 1)
        self.assertEqual(self.report("deploy", other, "--slot", 3)["slot"], 3)
        self.rbpf("remove", "0")
        self.assertIn("4.04", self.fails(3, "get", "/answer"))

    def test_a_coap_entry_run_by_hand_is_told_how_it_is_asked(self):
        self.start()
        self.rbpf("deploy", self.script(answering("1")))
        words = self.fails(1, "invoke", "0")
        self.assertIn("this entry answers CoAP requests: `rbpf coap GET /answer`", words)
        self.assertIn("a binding refused an argument", words)

    def test_a_trigger_fires_its_scripts(self):
        self.start()
        self.assertIn("NO_SUCH_HOOK", self.fails(3, "trigger", "event/button"))
        source = '#include <rbpf/rbpf.h>\nSEC("event/button") int pressed(void) { return 3; }\n'
        self.rbpf("deploy", self.script(source))
        self.assertEqual([run["result"] for run in self.report("trigger", "event/button")], [3])

    def test_two_boards_must_be_told_apart(self):
        self.start()
        self.start("--name", "second")
        self.assertIn("second", self.fails(2, "list"))
        self.assertEqual(len(self.report("list", "--board", "second")), 4)
        self.assertIn("running already", self.fails(2, "board", "start", "native"))

    def test_a_board_that_dies_at_its_start_is_told_with_its_last_words(self):
        (self.folder / "sensors.json").write_text('{"devices": 7}', encoding="utf-8")
        words = self.fails(3, "board", "start", "native", "--sensors", "sensors.json")
        self.assertIn("ended at once", words)
        self.assertIn("sensors.json", words)


class BadScripts(BoardTest):
    def test_what_the_board_cannot_take_is_told_before_it_is_sent(self):
        self.start()
        self.rbpf("deploy", self.script(answering("1")))
        large = self.script("int run(void) { return 1; }\n", name="large", stack=8192)
        self.assertIn("the script's stack takes 8192 bytes, this native has 4096", self.fails(1, "deploy", large))
        image = self.folder / "newer.rbpf"
        self.rbpf("build", self.script("#include <rbpf/rbpf.h>\nint run(void) { return bpf_now_ms(); }\n", name="newer"))
        built = bytearray((self.folder / "newer/build/newer.rbpf").read_bytes())
        text = int.from_bytes(built[6:8], "little")
        built[64:66] = b"\x99\x00"  # the only binding id, behind one entry
        call = built.index(bytes.fromhex("8500000020000000"), text)
        built[call + 4] = 0x99
        built[8:12] = bytes(4)
        built[8:12] = zlib.crc32(built).to_bytes(4, "little")
        image.write_bytes(built)
        self.assertRegex(self.fails(1, "deploy", image), r"firmware \S+ lacks binding 0x99 used at instruction \d+")
        self.assertEqual(self.rbpf("get", "/answer"), "1a\n")

    def test_a_fault_on_the_board_finds_its_source_line(self):
        self.start()
        self.rbpf("deploy", self.script("int run(int *context)\n{\n    return *(volatile int *)context;\n}\n"))
        words = self.fails(1, "invoke", "0")
        self.assertIn("script/src/main.c:3: ", words)
        self.assertIn("a null pointer", words)
        self.assertIn("main.c:3", self.report("stats")["last"]["sentence"])


class Killed(BoardTest):
    def test_a_deploy_killed_at_any_block_leaves_the_previous_script_answering(self):
        record = self.start()
        self.rbpf("deploy", self.script(answering("1")))
        self.rbpf("build", self.script(answering("2", 6000)))
        image = self.folder / "script/build/script.rbpf"
        old = self.report("list")[0]["bytes"]
        interrupted = 0
        blocks = 1
        while True:
            finished = self.deploy_and_kill(image, blocks)
            slot = self.report("list")[0]
            self.assertEqual(self.udp(record, "/answer"), "1a" if slot["bytes"] == old else "2a")
            interrupted += slot["bytes"] == old
            if finished:
                break
            if slot["bytes"] != old:  # it was through before the signal came
                self.rbpf("deploy", self.script(answering("1")))
                self.rbpf("build", self.script(answering("2", 6000)))
            blocks += 1
        self.assertGreaterEqual(interrupted, 1)
        self.assertEqual(self.udp(record, "/answer"), "2a")

    def deploy_and_kill(self, image, blocks):
        """Kills a deploy when its progress has been shown `blocks` times; true if it ended before."""
        master, slave = pty.openpty()
        with subprocess.Popen([str(BIN / "rbpf"), "deploy", str(image), "--slot", "0"], stdout=subprocess.DEVNULL,
                              stderr=slave, env=self.env, cwd=self.folder) as process:
            os.close(slave)
            shown = b""
            try:
                while len(re.findall(rb"\d+/\d+ B", shown)) < blocks:
                    shown += os.read(master, 4096)
                process.send_signal(signal.SIGKILL)
            except OSError:
                pass  # it has ended
            code = process.wait(DEADLINE)
        os.close(master)
        return code == 0

    def test_a_board_killed_in_mid_deploy_is_told_as_a_lost_link(self):
        record = self.start()
        self.rbpf("build", self.script(answering("1", 50000)))
        image = self.folder / "script/build/script.rbpf"
        master, slave = pty.openpty()
        with subprocess.Popen([str(BIN / "rbpf"), "deploy", str(image)], stdout=subprocess.DEVNULL, stderr=slave,
                              env=self.env, cwd=self.folder) as process:
            os.close(slave)
            words = b""
            while b" B" not in words:
                words += os.read(master, 4096)
            os.kill(record["pid"], signal.SIGKILL)
            try:
                while chunk := os.read(master, 4096):
                    words += chunk
            except OSError:
                pass
            self.assertEqual(process.wait(DEADLINE), 3, words)
        os.close(master)
        self.assertIn(b"error:", words)

    def test_ctrl_c_cancels_a_deploy_and_the_old_script_stays(self):
        record = self.start()
        self.rbpf("deploy", self.script(answering("1")))
        self.rbpf("build", self.script(answering("2", 50000)))
        master, slave = pty.openpty()
        with subprocess.Popen([str(BIN / "rbpf"), "deploy", "script/build/script.rbpf"], stdout=subprocess.DEVNULL,
                              stderr=slave, env=self.env, cwd=self.folder) as process:
            os.close(slave)
            words = b""
            while b" B" not in words:
                words += os.read(master, 4096)
            process.send_signal(signal.SIGINT)
            try:
                while chunk := os.read(master, 4096):
                    words += chunk
            except OSError:
                pass
            code = process.wait(DEADLINE)
        os.close(master)
        self.assertIn(code, (0, 130), words)
        self.assertEqual(self.udp(record, "/answer"), "1a" if code == 130 else "2a")


class Log(BoardTest):
    def test_following_the_log_goes_on_while_a_script_is_deployed(self):
        record = self.start()
        follower = self.start_rbpf("log", "--follow")
        until(lambda: self.holds(follower.pid, record["serial"]), "the follower on the line")
        source = '#include <rbpf/rbpf.h>\nint run(void) { bpf_printf("number %d\\n", 17); return 0; }\n'
        self.rbpf("deploy", self.script(source))
        self.rbpf("invoke", "0")
        words = ""
        while "number 17" not in words:
            line = follower.stdout.readline()
            self.assertTrue(line, "the follower has ended")
            words += line
        follower.send_signal(signal.SIGINT)
        self.assertEqual(follower.wait(DEADLINE), 0)

    @staticmethod
    def holds(pid, path):
        folder = f"/proc/{pid}/fd"
        found = False
        for name in os.listdir(folder):
            try:
                found = found or os.readlink(os.path.join(folder, name)) == path
            except OSError:
                pass  # closed in between
        return found


if __name__ == "__main__":
    unittest.main()
