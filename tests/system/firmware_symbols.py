# SPDX-License-Identifier: GPL-3.0-or-later
"""The VM compiled for Cortex-M0 and M4: what it needs from outside, how large it is, and that it runs the same programs
to the same end as on the workstation. Wants the build folder of the preset `firmware` in RBPF_FIRMWARE_BUILD (else
build/firmware)."""

import os
import re
import shutil
import subprocess
import unittest

SOURCE = os.environ.get("RBPF_SOURCE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
BUILD = os.environ.get("RBPF_FIRMWARE_BUILD", os.path.join(SOURCE, "build", "firmware"))

# Memory functions of any C library, and what the compiler's own library does for 64-bit arithmetic and, on the
# Cortex-M0, for table jumps.
ALLOWED = re.compile(
    r"memcpy|memset|memmove|__aeabi_(u?ldivmod|u?idiv(mod)?|lmul|llsl|llsr|lasr)|__gnu_thumb1_case_[us][qhs]i")

FLASH_LIMIT = 4364  # bytes: loader, verifier and interpreter on the Cortex-M4, as rBPF had


def archive(core):
    return os.path.join(BUILD, "lib", f"librbpf_vm_{core}.a")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@unittest.skipUnless(os.path.exists(os.path.join(BUILD, "CMakeCache.txt")), f"no firmware build in {BUILD} (cmake --preset firmware)")
class FirmwareVm(unittest.TestCase):
    def test_needs_nothing_but_memory_functions_and_compiler_support(self):
        for core in ("m0", "m4"):
            with self.subTest(core=core):
                listing = output("arm-none-eabi-nm", "-g", archive(core))
                undefined = set(re.findall(r"^\s+U (\S+)$", listing, re.M))
                defined = set(re.findall(r"^[0-9a-f]+ [TRDBVW] (\S+)$", listing, re.M))
                self.assertIn("rbpf_container_run", defined)
                foreign = {name for name in undefined - defined if not ALLOWED.fullmatch(name)}
                self.assertEqual(foreign, set())

    def test_fits_the_flash_that_rbpf_needed(self):
        sizes = output("arm-none-eabi-size", "-t", archive("m4")).splitlines()[-1].split()
        self.assertLessEqual(int(sizes[0]), FLASH_LIMIT)
        self.assertEqual(sizes[1:3], ["0", "0"], "the VM has no data of its own")

    @unittest.skipUnless(shutil.which("qemu-system-arm"), "qemu-system-arm is not installed")
    def test_runs_as_on_the_workstation(self):
        for core in ("m0", "m4"):
            with self.subTest(core=core):
                program = os.path.join(BUILD, "bin", f"rbpf-vm-runs-{core}")
                run = subprocess.run(
                    ["qemu-system-arm", "-M", "mps2-an386", "-semihosting", "-nographic", "-monitor", "none",
                     "-serial", "none", "-kernel", program],
                    stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)


if __name__ == "__main__":
    unittest.main()
