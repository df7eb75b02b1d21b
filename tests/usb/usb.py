# SPDX-License-Identifier: GPL-3.0-or-later
"""Boards on a real USB stack: a Debian kernel in QEMU with a USB device controller of its own, on which native boards
sit as CDC-ACM gadgets, and in front of it the rbpf command with the real libusb and the kernel's own ttys. What is
tested stands in guest.py; this boots the machine and tells what it said."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from initramfs import MISSING, initramfs, kernels

BIN = Path(os.environ["RBPF_BIN"])
HERE = Path(__file__).resolve().parent
LIMIT = 240  # seconds; a quiet machine needs less than 60

ANSWER = """#include <rbpf/rbpf.h>
SEC("coap/answer") int answer(bpf_coap_ctx_t *request)
{
    bpf_gcoap_resp_init(request, COAP_CODE_CONTENT);
    bpf_coap_add_format(request, COAP_FORMAT_TEXT);
    ssize_t length = bpf_coap_opt_finish(request, COAP_OPT_FINISH_PAYLOAD);
    char *payload = (char *)bpf_coap_get_pdu(request);
    payload[0] = '@';
    payload[1] = 'a';
    return length + 2;
}
"""

MODULES = ["virtio_pci", "9pnet_virtio", "9p", "dummy_hcd num=3", "libcomposite", "usb_f_acm", "cdc-acm"]

# The machine's files are those of the workstation, read-only; what is written lies in memory.
INIT = """
mount -t devtmpfs none /dev
mount -t proc none /proc
mount -t sysfs none /sys
@LOAD@
mount -t configfs none /sys/kernel/config
ip link set lo up
mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=524288 host /host || echo no files
for folder in dev proc sys; do mount --rbind /$folder /host/$folder; done
mkdir -p /dev/pts /dev/shm
mount -t devpts none /host/dev/pts
mount -t tmpfs none /host/run
mkdir -p /host/run/test
chroot /host /usr/bin/env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/run/test PYTHONDONTWRITEBYTECODE=1 @ENV@ \\
    /usr/bin/python3 @GUEST@ 2>&1
echo guest ended with $?
poweroff -f
"""


class RealUsb(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="rbpf-usb-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def build(self):
        """The scripts that the boards get."""
        def script(name, source, **settings):
            folder = self.folder / "scripts" / name
            (folder / "src").mkdir(parents=True)
            (folder / "src/main.c").write_text(source, encoding="utf-8")
            (folder / "rbpf.json").write_text(json.dumps({"name": name, **settings}), encoding="utf-8")
            built = subprocess.run([str(BIN / "rbpf"), "build", str(folder)], capture_output=True, text=True, check=False)
            self.assertEqual(built.returncode, 0, built.stderr)

        script("one", ANSWER.replace("@", "1"))
        script("two", ANSWER.replace("@", "2"))
        table = ",".join(str(i * 7 % 251) for i in range(12000))
        script("large", f"const unsigned char table[] = {{{table}}};\n"
                        "int run(const unsigned char *at) { return table[*at % sizeof table]; }\n")
        script("steps", "__attribute__((noinline)) static int work(int n)\n{\n    int sum = 10;\n"
                        "    for (int i = 0; i < n; i++) {\n        sum += i;\n    }\n    return sum + 2;\n}\n"
                        "int run(void) { return work(3); }\n", optimise="debug")

    def boot(self, version, image):
        """What the machine said until it was switched off."""
        settings = {"RBPF_BIN": BIN, "RBPF_SOURCE": HERE.parents[1], "RBPF_IMAGES": self.folder / "scripts"}
        init = INIT.replace("@GUEST@", str(HERE / "guest.py"))
        init = init.replace("@ENV@", " ".join(f"{key}={value}" for key, value in settings.items()))
        archive = self.folder / "initramfs"
        archive.write_bytes(initramfs(version, MODULES, init))
        command = ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-smp", "2", "-cpu", "max", "-m", "1024",
                   "-nographic", "-no-reboot", "-nodefaults", "-serial", "stdio", "-monitor", "none",
                   "-kernel", str(image), "-initrd", str(archive),
                   "-append", "console=ttyS0 quiet panic=-1 mitigations=off no_timer_check",
                   "-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"]
        machine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, errors="replace")
        try:
            return machine.communicate(timeout=LIMIT)[0]
        except subprocess.TimeoutExpired:
            machine.kill()
            self.fail(f"the machine was not done within {LIMIT} s; it said:\n{machine.communicate()[0]}")

    def test_boards_on_a_real_usb_stack(self):
        for program in ("qemu-system-x86_64", "busybox"):
            self.assertIsNotNone(shutil.which(program), f"{program} is missing; {MISSING}")
        found = kernels()
        self.assertTrue(found, f"no kernel that can be read is in /boot; {MISSING}")
        self.build()
        began = time.monotonic()
        said = self.boot(*found[-1])
        print(f"kernel {found[-1][0]}, {time.monotonic() - began:.1f} s; the machine said:\n{said}", file=sys.stderr)
        self.assertIn("guest ended with 0", said)


if __name__ == "__main__":
    unittest.main()
