# SPDX-License-Identifier: GPL-3.0-or-later
"""firmware/riot on RIOT's native64: built by RIOT, reached by the rbpf command through its UART and by a CoAP client
through gcoap and a tap interface.

Needs RIOTBASE, the path of a RIOT checkout; without it the test ends with 77, not run. Without the right to make tap
interfaces the part about gcoap is skipped."""

import json
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
from cli_case import BIN, DEADLINE, CliTest, until  # noqa: E402

NOT_RUN = 77
BUILD_DEADLINE = 900
TAP = f"rbpf{os.getpid() % 100000}"

elf = None  # the program that setUpModule() builds
has_tap = False


def make_tap():
    """True if there is a tap interface TAP now."""
    if shutil.which("ip") is None:
        return False
    for words in (["tuntap", "add", "dev", TAP, "mode", "tap"], ["link", "set", TAP, "up"],
                  ["address", "add", "fe80::1/64", "dev", TAP, "nodad"]):  # good at once, with or without a carrier
        if subprocess.run(["ip", *words], capture_output=True, check=False).returncode != 0:
            return False
    unittest.addModuleCleanup(subprocess.run, ["ip", "link", "del", TAP], capture_output=True, check=False)
    return True


def setUpModule():
    global elf, has_tap  # pylint: disable=global-statement
    has_tap = make_tap()
    folder = Path(tempfile.mkdtemp(prefix="rbpf-riot-"))
    unittest.addModuleCleanup(shutil.rmtree, folder, ignore_errors=True)
    made = subprocess.run([BIN / "rbpf", "firmware", "build", "--board", "native64", "--output", folder],
                          env=os.environ | {"RBPF_NETWORK": str(int(has_tap))}, capture_output=True, text=True,
                          timeout=BUILD_DEADLINE, check=False)
    if made.returncode != 0:
        raise AssertionError(made.stdout + made.stderr)
    elf = folder / "native64/rbpf.elf"


class Wire:
    """Two pseudo-terminals joined: what one side writes the other one reads."""

    def __init__(self, test):
        self.masters, self.slaves, self.ends = [], [], []
        for _ in range(2):
            master, slave = os.openpty()
            self.masters.append(master)
            self.slaves.append(slave)  # kept open, so that programs may come and go
            self.ends.append(os.ttyname(slave))
            subprocess.run(["stty", "raw", "-echo"], stdin=slave, check=True)
        self.stop, self.stopper = os.pipe()
        self.thread = threading.Thread(target=self.carry)
        self.thread.start()
        test.addCleanup(self.close)

    def carry(self):
        while True:
            ready = select.select([*self.masters, self.stop], [], [])[0]
            if self.stop in ready:
                return
            for master in ready:
                other = self.masters[1 - self.masters.index(master)]
                data = os.read(master, 4096)
                while data:
                    data = data[os.write(other, data):]

    def close(self):
        os.write(self.stopper, b"x")
        self.thread.join(DEADLINE)
        for descriptor in (*self.masters, *self.slaves, self.stop, self.stopper):
            os.close(descriptor)


class RiotTest(CliTest):
    def setUp(self):
        super().setUp()
        wire = Wire(self)
        self.tty = wire.ends[0]
        self.port = wire.ends[1]
        self.process = None
        self.start()

    def start(self):
        """Starts RIOT in the test's folder, where it keeps its storage."""
        self.log = self.folder / "riot.log"
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen([elf, *([TAP] if has_tap else []), "-c", self.tty], cwd=self.folder,
                                            stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        self.addCleanup(self.end, self.process)
        self.said("rBPF on RIOT")

    def restart(self):
        """As after a power cut: the process is killed."""
        self.end(self.process)
        self.start()

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait(DEADLINE)

    def said(self, pattern):
        """Waits until RIOT has printed it; the match."""
        return until(lambda: re.search(pattern, self.log.read_text(errors="replace")), pattern)

    def demo(self, template="coap-sensor", **settings):
        """A project of a template; its folder."""
        self.rbpf("new", template, "demo")
        config = self.folder / "demo/rbpf.json"
        config.write_text(json.dumps(json.loads(config.read_text(encoding="utf-8")) | settings), encoding="utf-8")
        return "demo"

    def deploy(self, what):
        return self.rbpf("deploy", what, "--board", self.port)


class SerialLink(RiotTest):
    def test_a_script_is_deployed_reads_a_saul_device_and_answers(self):
        self.assertRegex(self.deploy(self.demo()), rf"deployed demo 0\.1\.0 \(\d+ B\) to {self.port} slot 0 .*answers /sensor")
        self.assertEqual(self.rbpf("get", "/sensor", "--board", self.port), "21.50\n")
        listed = self.report("list", "--board", self.port)
        self.assertEqual([slot["name"] for slot in listed if slot["state"] == "ready"], ["demo"])

    def test_a_script_writes_to_a_saul_device_and_fmt_is_riots(self):
        folder = self.script("""#include <rbpf/rbpf.h>
SEC("coap/warm") int warm(bpf_coap_ctx_t *request)
{
    phydat_t on = {{1, 0, 0}, UNIT_BOOL, 0}, is;
    bpf_saul_reg_write(bpf_saul_reg_find_type(SAUL_ACT_SWITCH), &on);
    bpf_saul_reg_read(bpf_saul_reg_find_type(SAUL_SENSE_TEMP), &is);
    bpf_gcoap_resp_init(request, COAP_CODE_CONTENT);
    bpf_coap_add_format(request, COAP_FORMAT_TEXT);
    ssize_t length = bpf_coap_opt_finish(request, COAP_OPT_FINISH_PAYLOAD);
    char *at = (char *)bpf_coap_get_pdu(request);
    size_t size = bpf_fmt_s16_dfp(at, is.val[0], is.scale);
    at[size++] = ' ';
    size += bpf_fmt_s16_dfp(at + size, -5, -3);
    at[size++] = ' ';
    size += bpf_fmt_u32_dec(at + size, 4294967295u);
    return length + size;
}
""")
        self.deploy(folder)
        self.assertEqual(self.rbpf("get", "/warm", "--board", self.port), "23.50 -0.005 4294967295\n")

    def test_it_is_debugged_forwards_and_backwards(self):
        commands = self.folder / "commands"
        commands.write_text("break coap_resp\nrun\nnext\nnext\nnext\nprint m.val[0]\nback\nprint m.val[0]\nquit\n", encoding="utf-8")
        out = self.rbpf("debug", self.demo(optimise="debug"), "--board", self.port, "--command", commands)
        values = re.findall(r"m\.val\[0\] = (\d+)", out)
        self.assertEqual(values, ["2150", "0"], out)
        self.assertIn("GET /sensor answers 2.05 Content: 21.50", out)

    def test_the_application_fires_events_at_scripts(self):
        self.deploy(self.script("""#include <rbpf/rbpf.h>
SEC("event/second") int second(const uint32_t *seconds)
{
    return bpf_store_global(1, *seconds);
}
"""))

        def stored():
            code, out, _ = self.run_rbpf("store", "get", "global", "1", "--board", self.port)
            return int(out) if code == 0 else 0

        first = until(stored, "the first event")
        until(lambda: stored() > first, "a later one")

    def test_scripts_and_values_outlive_a_power_cut(self):
        self.deploy(self.demo("counter"))
        for count in ("1", "2", "3"):
            self.assertEqual(self.rbpf("get", "/counter", "--board", self.port).strip(), count)
        self.restart()
        self.assertEqual(self.rbpf("get", "/counter", "--board", self.port).strip(), "4")
        self.rbpf("remove", "0", "--board", self.port)
        self.restart()
        self.assertEqual({slot["state"] for slot in self.report("list", "--board", self.port)}, {"empty"})

    def test_without_a_file_system_scripts_run_from_memory(self):
        self.end(self.process)
        shutil.rmtree(self.folder / "nvm0")
        (self.folder / "nvm0").write_text("no folder", encoding="utf-8")
        self.start()
        self.said("kept in memory only")
        self.deploy(self.demo())
        self.assertEqual(self.rbpf("get", "/sensor", "--board", self.port), "21.50\n")

    def test_a_script_that_loops_for_ever_does_not_hold_the_board(self):
        self.deploy(self.script("int run(void) { for (volatile int i = 0;; ++i) {} return 0; }", budget=5000000))
        self.assertIn("budget", self.run_rbpf("invoke", "0", "--board", self.port)[2])
        self.assertEqual(self.report("stats", "--board", self.port)["faults"], 1)


class Gcoap(RiotTest):
    def setUp(self):
        if not has_tap:
            self.skipTest("no right to make a tap interface: gcoap was not tried")
        super().setUp()
        self.address = self.said(r"CoAP requests reach scripts at (fe80:[0-9a-f:]+)")[1]

    def request(self, method, path, *options):
        """A CoAP client that runs; it repeats its request until somebody answers."""
        client = subprocess.Popen(["coap-client-notls", "-m", method, "-B", str(DEADLINE), *options,
                                   f"coap://[{self.address}%{TAP}]{path}"],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(client.communicate)
        self.addCleanup(self.end, client)
        return client

    def coap(self, method, path, *options):
        return self.request(method, path, *options).communicate(timeout=DEADLINE)[0].strip()

    def test_a_request_reaches_the_script_that_claims_its_path(self):
        self.assertEqual(self.coap("get", "/sensor"), "4.04")
        self.deploy(self.demo())
        self.assertEqual(self.coap("get", "/sensor"), "21.50")
        self.assertEqual(self.coap("get", "/sensor", "-N"), "21.50")
        self.assertIn("</sensor>", self.coap("get", "/.well-known/core"))
        self.rbpf("remove", "0", "--board", self.port)
        self.assertEqual(self.coap("get", "/sensor"), "4.04")

    def test_the_network_cannot_manage_scripts(self):
        self.assertEqual(self.coap("get", "/rbpf"), "4.04")
        self.assertEqual(self.coap("delete", "/rbpf/slots/0"), "4.04")

    def test_a_faulting_script_answers_5_00_and_gcoap_goes_on(self):
        self.deploy(self.script("""#include <rbpf/rbpf.h>
SEC("coap/bad") int bad(void *context) { return *(volatile int *)0; }
"""))
        self.assertIn("5.00", self.coap("get", "/bad"))
        self.assertEqual(self.coap("get", "/none"), "4.04")

    def test_a_request_waits_while_its_script_is_halted(self):
        lines = self.folder / "commands"
        lines.write_text("break coap_resp\ncontinue\nnext\nprint sens\ncontinue\nquit\n", encoding="utf-8")
        self.deploy(self.demo(optimise="debug"))
        told = self.folder / "debug.log"
        with open(told, "wb") as out:
            debugger = subprocess.Popen([str(BIN / "rbpf"), "debug", "demo", "--board", self.port, "--command", lines],
                                        stdout=out, stderr=out, env=self.env, cwd=self.folder)
        self.addCleanup(self.end, debugger)
        until(lambda: "Waiting for the next trigger" in told.read_text(errors="replace"), "the debugger")
        client = self.request("get", "/sensor")
        self.assertEqual(debugger.wait(DEADLINE), 0, told.read_text(errors="replace"))
        self.assertRegex(told.read_text(errors="replace"), r"sens = 0x2")
        self.assertEqual(client.communicate(timeout=DEADLINE)[0].strip(), "21.50")


if __name__ == "__main__":
    if "RIOTBASE" not in os.environ:
        print("RIOT was not tried: RIOTBASE is not set to the path of a RIOT checkout", flush=True)
        sys.exit(NOT_RUN)
    unittest.main()
