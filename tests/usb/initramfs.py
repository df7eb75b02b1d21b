# SPDX-License-Identifier: GPL-3.0-or-later
"""A Debian kernel and an initramfs for it: busybox, the modules that are asked for, and one init script."""

import os
import shutil
from pathlib import Path

MISSING = "install it: apt-get install linux-image-amd64 busybox-static qemu-system-x86"


def kernels(boot=Path("/boot"), modules=Path("/lib/modules")):
    """(version, image) of every kernel that is installed with its modules, the newest last."""
    def age(path):
        return [int(part) if part.isdigit() else 0 for part in path.name.replace("-", ".").split(".")]
    found = []
    for image in sorted(boot.glob("vmlinuz-*"), key=age):
        version = image.name[len("vmlinuz-"):]
        if os.access(image, os.R_OK) and (modules / version / "modules.dep").is_file():
            found.append((version, image))
    return found


def module_files(version, names, modules=Path("/lib/modules")):
    """The files of these modules and of what they need, in the order of loading. What is built in has none."""
    folder = modules / version
    needs = {}
    for line in (folder / "modules.dep").read_text(encoding="utf-8").splitlines():
        path, _, rest = line.partition(":")
        needs[Path(path).name.split(".")[0].replace("-", "_")] = [path, *rest.split()]
    built_in = {Path(line).stem.replace("-", "_") for line in
                (folder / "modules.builtin").read_text(encoding="utf-8").splitlines()}
    order = []
    for name in names:
        name = name.replace("-", "_")
        if name in built_in:
            continue
        if name not in needs:
            raise AssertionError(f"the kernel {version} has no module {name}; {MISSING}")
        for path in reversed(needs[name]):  # what is needed comes first
            if path not in order:
                order.append(path)
    return [folder / path for path in order]


class Cpio:
    """An archive in the format "newc" (Documentation/driver-api/early-userspace/buffer-format.rst)."""

    def __init__(self):
        self.parts = []
        self.inode = 0

    def add(self, name, mode, content=b""):
        self.inode += 1
        encoded = name.encode() + b"\0"
        fields = [self.inode, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(encoded), 0]
        self._padded(b"070701" + b"".join(b"%08X" % field for field in fields) + encoded)
        self._padded(content)

    def folder(self, name):
        self.add(name, 0o040755)

    def file(self, name, content):
        self.add(name, 0o100755, content)

    def _padded(self, data):
        self.parts.append(data + bytes(-len(data) % 4))

    def bytes(self):
        self.add("TRAILER!!!", 0)
        return b"".join(self.parts)


def initramfs(version, modules, init):
    """`modules`: names, each perhaps with its parameters. `init`: a script for busybox's shell; @LOAD@ in it is where the
    modules are loaded."""
    busybox = shutil.which("busybox") or "/bin/busybox"
    archive = Cpio()
    for name in ("bin", "dev", "proc", "sys", "host", "modules"):
        archive.folder(name)
    archive.file("bin/busybox", Path(busybox).read_bytes())
    loads = []
    arguments = dict(module.split(" ", 1) for module in modules if " " in module)
    for path in module_files(version, [module.split(" ")[0] for module in modules]):
        archive.file("modules/" + path.name, path.read_bytes())
        loads.append(f"insmod /modules/{path.name} {arguments.get(path.stem, '')} || echo cannot load {path.name}")
    head = "#!/bin/busybox sh\n/bin/busybox --install -s /bin\nexport PATH=/bin\n"
    archive.file("init", (head + init.replace("@LOAD@", "\n".join(loads))).encode())
    return archive.bytes()
