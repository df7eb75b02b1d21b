# SPDX-License-Identifier: GPL-3.0-or-later
"""The house rules that a machine can check: who includes whom, licence lines, paths that the docs name.

Each check takes the root of a tree and its tracked files and returns findings as "path:line: sentence".
"""

import re
import subprocess
from pathlib import Path, PurePosixPath

# The order of include: a folder may include itself and those named before it.
LAYERS = [
    "headers",
    "firmware/rbpf_vm",
    "firmware/rbpf_wire",
    "firmware/rbpf_port",
    "firmware/rbpf_bindings",
    "firmware/rbpf_agent",
    "firmware/boards",
    "firmware/riot",
    "sdk/support",
    "sdk/image",
    "sdk/lib",
    "sdk/compile",
    "sdk/link",
    "sdk/analyse",
    "sdk/project",
    "sdk/language",
    "debugger/transport/usb",
    "debugger/transport",
    "debugger/link",
    "debugger/rsp",
    "debugger/dwarf",
    "debugger/session",
    "debugger/flash",
    "debugger/gdbserver",
    "debugger/dap",
    "ide/cli",
    "ide/model",
    "ide/views",
    "ide/app",
]

# Foreign headers that only some folders may include: pattern of the include, the folders allowed, why.
RESERVED = [
    (re.compile(r"^(llvm|clang|llvm-c|clang-c|lld)/"), ("sdk/compile", "debugger/dwarf"), "clang and LLVM headers"),
    (re.compile(r"^Q[A-Z]|^Qt|^Qsci/"), ("ide/model", "ide/views", "ide/app"), "Qt headers"),
    (re.compile(r"^libusb"), ("debugger/transport/usb",), "libusb headers"),
]

FREESTANDING = ("firmware/rbpf_vm", "firmware/rbpf_wire", "firmware/rbpf_port", "firmware/rbpf_bindings",
                "firmware/rbpf_agent")
FREESTANDING_HEADERS = {"stdint.h", "stddef.h", "stdarg.h", "stdbool.h", "limits.h", "string.h", "inttypes.h"}

SOURCE_SUFFIXES = {".c", ".h", ".cpp", ".hpp", ".def"}
LICENSED_SUFFIXES = SOURCE_SUFFIXES | {".py", ".cmake", ".sh", ".ld", ".S", ".ts"}
LESSER = ("headers/", "firmware/")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def tracked(root):
    """Files git tracks below `root`, or every file where it is no checkout."""
    listing = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, check=False)
    if listing.returncode == 0 and listing.stdout:
        names = [name for name in listing.stdout.decode().split("\0") if name]
    else:
        names = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]
    return sorted(name for name in names if (root / name).is_file())


def layer_of(name):
    """The layer a file belongs to, or None (tests, templates, the root)."""
    for layer in LAYERS:
        if name.startswith(layer + "/"):
            return layer
    return None


def resolve(root, name, quoted, target):
    """The project's file that an include means, as a path from the root, or None for a foreign header."""
    bases = ["", "headers/", "firmware/"]
    if quoted:
        bases.insert(0, str(PurePosixPath(name).parent) + "/")
    for base in bases:
        candidate = root / (base + target)
        if candidate.is_file():
            return str(candidate.resolve().relative_to(root.resolve()))
    return None


def includes(root, name):
    for number, line in enumerate((root / name).read_text(errors="replace").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1) == '"', match.group(2)


def check_include_order(root, files):
    findings = []
    for name in files:
        layer = layer_of(name)
        if layer is None or PurePosixPath(name).suffix not in SOURCE_SUFFIXES:
            continue
        for number, quoted, target in includes(root, name):
            meant = resolve(root, name, quoted, target)
            if meant is None:
                findings += foreign_include(name, number, layer, target)
                continue
            other = layer_of(meant)
            if other is None:
                findings.append(f"{name}:{number}: {layer} includes {meant}, which no layer holds")
            elif LAYERS.index(other) > LAYERS.index(layer):
                findings.append(f"{name}:{number}: {layer} includes {meant}, which stands below it")
    return findings


def foreign_include(name, number, layer, target):
    findings = []
    for pattern, allowed, what in RESERVED:
        if pattern.search(target) and layer not in allowed:
            findings.append(f"{name}:{number}: {what} ({target}) belong to {' and '.join(allowed)} only")
    if layer in FREESTANDING and target not in FREESTANDING_HEADERS:
        findings.append(f"{name}:{number}: {layer} is freestanding and includes {target}")
    return findings


def check_licences(root, files):
    findings = []
    for name in files:
        path = PurePosixPath(name)
        if path.suffix not in LICENSED_SUFFIXES and path.name != "CMakeLists.txt":
            continue
        if name.startswith("templates/"):
            continue  # users' own code to be; its licence is theirs
        head = "\n".join((root / name).read_text(errors="replace").splitlines()[:3])
        match = re.search(r"SPDX-License-Identifier: (\S+)", head)
        if not match:
            findings.append(f"{name}:1: no SPDX-License-Identifier in the first three lines")
        elif path.suffix in SOURCE_SUFFIXES:
            wanted = "LGPL-2.1-or-later" if name.startswith(LESSER) else "GPL-3.0-or-later"
            if match.group(1) != wanted:
                findings.append(f"{name}:1: licence {match.group(1)}, expected {wanted}")
    return findings


PATH_IN_DOC = re.compile(r"`([A-Za-z0-9_.<>{}*-]+(?:/[A-Za-z0-9_.<>{}*-]+)+/?)`")
LINK_IN_DOC = re.compile(r"\]\(([^)#\s]+)")
NOT_OURS = re.compile(r"^(build/|https?:|\.\.?/\.\.|~|mailto:)|[<>{}*]")


def check_doc_paths(root, files):
    """A path in a doc exists: from the root, or from the doc's folder. Only paths whose first part is a folder of ours
    are judged, so that `coap/sensor` or `src/main.c` of a user's project may be spoken of."""
    tops = {name.split("/")[0] for name in files if "/" in name}
    findings = []
    for name in files:
        if not name.endswith(".md"):
            continue
        folder = (root / name).parent
        for number, line in enumerate((root / name).read_text(errors="replace").splitlines(), 1):
            for target in LINK_IN_DOC.findall(line):
                if not NOT_OURS.search(target) and not (folder / target).exists():
                    findings.append(f"{name}:{number}: links to {target}, which does not exist")
            for target in PATH_IN_DOC.findall(line):
                if NOT_OURS.search(target) or target.split("/")[0] not in tops:
                    continue
                if not (root / target).exists() and not (folder / target).exists():
                    findings.append(f"{name}:{number}: names {target}, which does not exist")
    return findings


CHECKS = [check_include_order, check_licences, check_doc_paths]
