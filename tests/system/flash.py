# SPDX-License-Identifier: GPL-3.0-or-later
"""rbpf flash: Debian's real pyOCD with a played chip behind a played probe, and pyOCDs that misbehave.

The micro:bit's own firmware goes all the way: through pyOCD into the chip, out of the chip into QEMU, and from there it
answers. That wants the build folder of the preset `firmware` in RBPF_FIRMWARE_BUILD (else build/firmware).
"""

import json
import os
import pty
import signal
import socket
import struct
import subprocess
import unittest
from pathlib import Path

from cli_case import BIN, DEADLINE, SOURCE, CliTest, until

FIRMWARE = Path(os.environ.get("RBPF_FIRMWARE_BUILD", SOURCE / "build/firmware")) / "bin/rbpf-microbit.elf"
FAKES = SOURCE / "tests/fakes"
PROBE = "99000051"
UNTOUCHED = "nothing was written: the chip is as it was"
HALF_WRITTEN = "the chip is half written and will not start until it is flashed again"


def hex_record(address, kind, data):
    bytes_ = bytes([len(data), address >> 8, address & 0xFF, kind]) + data
    return ":" + (bytes_ + bytes([-sum(bytes_) & 0xFF])).hex().upper() + "\n"


def children_of(pid):
    """Folders in /proc of the processes that `pid` started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # ended in between
        if int(fields[1]) == pid:
            found.append(stat.parent)
    return found


class FlashTest(CliTest):
    def setUp(self):
        super().setUp()
        self.chip = self.folder / "chip.bin"
        self.env |= {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(FAKES / "pyocd_probe"), "PYTHONDONTWRITEBYTECODE": "1",
                     "RBPF_FAKE_PROBES": PROBE, "RBPF_FAKE_CHIP": str(self.chip)}
        self.image = struct.pack("<II", 0x20004000, 0xC1) + bytes(i * 7 & 0xFF for i in range(5000))
        rows = [hex_record(at, 0, self.image[at:at + 16]) for at in range(0, len(self.image), 16)]
        self.hex = self.folder / "sample.hex"
        self.hex.write_text("".join(rows) + hex_record(0, 1, b""), encoding="ascii")

    def use_script(self, trouble=""):
        """A pyOCD of the current generation, played."""
        self.env |= {"PATH": f"{FAKES / 'pyocd_script'}:/usr/bin:/bin", "RBPF_FAKE_TROUBLE": trouble}

    def native_port(self):
        record = self.report("board", "start", "native")
        self.addCleanup(self.run_rbpf, "board", "stop", "native")
        return record["serial"]


class WithTheRealPyocd(FlashTest):
    def test_firmware_is_written_read_back_and_answers(self):
        port = self.native_port()
        done = self.report("flash", "--board", "microbit", "--port", port, self.hex)
        self.assertEqual((done["board"], done["target"], done["probe"], done["bytes"], done["verified"]),
                         ("microbit", "nrf51", PROBE, len(self.image), True))
        self.assertRegex(done["pyocd"], r"^0\.1\d")
        self.assertEqual((done["answer"]["board"], done["answer"]["port"]), ("native", port))
        flash = self.chip.read_bytes()
        self.assertEqual(flash[:len(self.image)], self.image)
        self.assertEqual(set(flash[len(self.image):]), {0xFF})
        said = self.rbpf("flash", "--target", "nrf51", "--probe", "0051", "--port", port, self.hex)
        self.assertRegex(said, r"^flashed sample\.hex \(5008 B\) into the nrf51 and read it back, in \d+\.\d s\n"
                               rf"it answers on {port}: firmware \S+ for native\n$")

    def test_probes_and_targets_are_listed(self):
        self.env["RBPF_FAKE_PROBES"] = "9900aa,9900bb"
        listed = self.report("flash", "--probes")
        self.assertEqual([one["probe"] for one in listed["probes"]], ["9900aa", "9900bb"])
        targets = self.rbpf("flash", "--targets").splitlines()
        self.assertIn("nrf51  nRF51822", targets)
        self.assertIn("nrf52840  nRF52840", targets)

    def test_no_probe_and_several(self):
        words = self.fails(2, "flash", "--board", "microbit", "--probe", "77", self.hex)
        self.assertIn(f"no probe 77 is attached:\n  {PROBE}  Fake CMSIS-DAP", words)
        self.env["RBPF_FAKE_PROBES"] = "9900aa,9900bb"
        words = self.fails(2, "flash", "--board", "microbit", self.hex)
        self.assertIn("several probes are attached:\n  9900aa  Fake CMSIS-DAP\n  9900bb  Fake CMSIS-DAP\n", words)
        self.assertIn("--probe", words)
        self.env["RBPF_FAKE_PROBES"] = ""
        words = self.fails(3, "flash", "--board", "microbit", self.hex)
        self.assertIn("pyOCD finds no debug probe", words)
        self.assertEqual(self.report("flash", "--probes")["probes"], [])

    def test_a_locked_chip_is_offered_to_be_erased(self):
        self.env["RBPF_FAKE_TROUBLE"] = "locked"
        words = self.fails(3, "flash", "--board", "microbit", self.hex)
        self.assertIn(UNTOUCHED, words)
        self.assertIn("`rbpf flash --unlock` erases", words)
        self.assertNotIn("Traceback", words)
        self.assertIn("Traceback", self.fails(3, "flash", "--board", "microbit", "--verbose", self.hex))

    def test_unlock_erases_what_was_there(self):
        self.chip.write_bytes(bytes(256 * 1024 + 1024))
        self.rbpf("flash", "--board", "microbit", "--unlock", self.hex)
        self.assertEqual(self.chip.read_bytes()[-1], 0xFF)

    def test_another_chip_behind_the_probe_and_an_unknown_one(self):
        words = self.fails(2, "flash", "--target", "nrf52840", self.hex)
        self.assertIn("it has a Cortex-M0, an nRF52840 has a Cortex-M4; " + UNTOUCHED, words)
        words = self.fails(2, "flash", "--target", "nrf53", self.hex)
        self.assertIn("does not know the chip nrf53", words)
        self.assertIn("rbpf flash --targets", words)
        self.assertFalse(self.chip.exists())

    def test_a_board_that_stays_silent_is_told(self):
        folder = self.folder / "firmware"
        folder.mkdir()
        (folder / "rbpf-microbit.elf").write_bytes(self.hex.read_bytes())
        self.env["RBPF_FIRMWARE"] = str(folder)
        main, board = pty.openpty()
        self.addCleanup(os.close, main)
        self.addCleanup(os.close, board)
        words = self.fails(3, "flash", "--board", "microbit", "--port", os.ttyname(board))
        self.assertIn("is written and read back, but the board does not answer on " + os.ttyname(board), words)


class WithoutTouchingAnything(FlashTest):
    def test_pyocd_is_missing(self):
        self.env["PATH"] = str(self.folder)
        words = self.fails(1, "flash", "--board", "microbit", self.hex)
        self.assertIn("is not installed", words)
        self.assertIn("sudo apt install python3-pyocd", words)

    def test_what_is_wrong_with_the_call_is_said_before_pyocd_is_looked_for(self):
        self.env["PATH"] = str(self.folder)
        self.assertIn("which board is to be flashed?", self.fails(2, "flash"))
        self.assertIn('there is no board "nothing" to flash', self.fails(2, "flash", "--board", "nothing"))
        self.assertIn("name a file", self.fails(2, "flash", "--target", "nrf51"))
        self.assertIn("there is no such file", self.fails(2, "flash", "--board", "microbit", "gone.hex"))
        words = self.fails(2, "flash", "--board", "microbit", BIN / "rbpf-board-native")
        self.assertIn("it is for x86-64, not for a Cortex-M", words)
        self.env["RBPF_FIRMWARE"] = str(self.folder)
        words = self.fails(3, "flash", "--board", "microbit")
        self.assertIn(f"there is no firmware rbpf-microbit.elf in {self.folder}", words)
        code, out, _ = self.run_rbpf("flash", "--board", "nothing", "--json")
        self.assertEqual((code, json.loads(out)["error"]["kind"]), (2, "usage"))

    def test_firmware_for_another_chip_is_refused(self):
        self.hex.write_text(hex_record(0, 4, b"\x00\x05") + hex_record(0, 0, b"abcd") + hex_record(0, 1, b""),
                            encoding="ascii")
        words = self.fails(2, "flash", "--board", "microbit", self.hex)
        self.assertIn("sample.hex is not for an nRF51822: it has bytes at 0x00050000", words)

    def test_a_simulated_board_has_no_flash(self):
        self.native_port()
        self.assertIn("native runs on this machine", self.fails(2, "flash", "--board", "native", self.hex))


class WhenPyocdMisbehaves(FlashTest):
    def failure(self, trouble, code=3):
        self.use_script(trouble)
        return self.fails(code, "flash", "--board", "microbit", self.hex)

    def test_the_current_generation_works(self):
        self.use_script()
        done = self.report("flash", "--board", "microbit", self.hex)
        self.assertEqual((done["pyocd"], done["verified"], done["answer"]), ("0.45.0", True, None))
        self.assertEqual(self.chip.read_bytes()[:len(self.image)], self.image)

    def test_it_dies_lies_crashes_or_prints_garbage(self):
        self.assertIn(HALF_WRITTEN, self.failure("dies"))
        self.assertIn("flash could not be written", self.failure("lies"))
        words = self.failure("crashes")
        self.assertIn("RuntimeError: the probe went mad; " + UNTOUCHED, words)
        self.assertNotIn("Traceback", words)
        self.assertIn("without writing the firmware", self.failure("garbage"))
        self.assertIn("No module named", self.failure("broken", 1))

    def test_ctrl_c_ends_it_and_says_the_state_of_the_chip(self):
        self.use_script("hangs")
        started = self.folder / "started"
        self.env["RBPF_FAKE_STARTED"] = str(started)
        process = self.start_rbpf("flash", "--board", "microbit", self.hex)
        until(started.exists, "the flash to be half done")
        children = children_of(process.pid)
        self.assertEqual(len(children), 1)
        process.send_signal(signal.SIGINT)
        _, words = process.communicate(timeout=DEADLINE)
        self.assertEqual(process.returncode, 130)
        self.assertIn("cancelled; " + HALF_WRITTEN, words)
        self.assertFalse(children[0].exists())

    def test_a_terminal_shows_a_bar(self):
        self.use_script()
        main, terminal = pty.openpty()
        process = subprocess.Popen([str(BIN / "rbpf"), "flash", "--board", "microbit", str(self.hex)], env=self.env,
                                   stdin=terminal, stdout=terminal, stderr=terminal, cwd=self.folder)
        os.close(terminal)
        shown = b""
        while True:
            try:
                piece = os.read(main, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        os.close(main)
        self.assertEqual(process.wait(DEADLINE), 0, shown)
        self.assertIn(b"connecting to the chip [", shown)
        self.assertIn(b"writing [==============================] 5008/5008 B", shown)
        self.assertIn(b"reading back [", shown)


@unittest.skipUnless(FIRMWARE.exists(), f"{FIRMWARE} is not built: cmake --build --preset firmware")
class TheMicrobit(FlashTest):
    def test_its_firmware_goes_through_pyocd_into_the_chip_and_runs_from_there(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.env["RBPF_FIRMWARE"] = str(FIRMWARE.parent)
        expected = self.folder / "expected.bin"
        subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", str(FIRMWARE), str(expected)], check=True)
        image = expected.read_bytes()
        flasher = self.start_rbpf("flash", "--board", "microbit", "--port", f"tcp://127.0.0.1:{port}", "--json")

        def written():
            if flasher.poll() is not None:
                self.fail(flasher.communicate()[1])
            return self.chip.exists() and self.chip.read_bytes()[:len(image)] == image

        until(written, "the chip to hold the firmware")
        flash = self.folder / "flash.bin"
        flash.write_bytes(self.chip.read_bytes()[:256 * 1024])
        board = subprocess.Popen(["qemu-system-arm", "-M", "microbit", "-display", "none", "-monitor", "none",
                                  "-serial", f"tcp:127.0.0.1:{port},server=on,wait=off",
                                  "-device", f"loader,file={flash},addr=0,force-raw=on"],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(board.wait)
        self.addCleanup(board.kill)
        out, words = flasher.communicate(timeout=DEADLINE)
        self.assertEqual(flasher.returncode, 0, words)
        self.assertEqual(json.loads(out)["answer"]["board"], "microbit")


if __name__ == "__main__":
    unittest.main()
