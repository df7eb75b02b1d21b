#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs the Debian package on a root that has nothing but Debian, and does the main job there as an ordinary user: in the
terminal, and in Studio on a display. Needs root, debootstrap, Xvfb, a Debian mirror, and about three minutes:

  cmake --build --preset release --target programs && (cd build && cpack -G DEB) && sudo tests/package/clean_root.py

Everything happens in namespaces of its own: nothing is left running or mounted, whatever happens."""
import argparse
import glob
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(HERE, "..", "..", "build")
INSIDE = "RBPF_CLEAN_ROOT_INSIDE"
USER = "maker"
DEADLINE = 90
DEBUGGER = "break coap_resp\nrun\nnext\nnext\nback\nprint m\nregisters\nquit\n"


def step(text):
    print(f"== {text}", flush=True)


class Root:
    """A folder with a Debian in it."""

    def __init__(self, folder, environment):
        self.folder, self.environment = folder, environment

    def run(self, *command, user="root", text=None, show=True):
        """Must succeed; what it said."""
        if show:
            print(f"{'#' if user == 'root' else '$'} {' '.join(command)}", flush=True)
        done = subprocess.run(self.command(command, user), input=text, capture_output=True, text=True, timeout=900, check=False)
        if done.returncode != 0:
            sys.exit(f"exit code {done.returncode} of {' '.join(command)}\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self, *command, user):
        return subprocess.Popen(self.command(command, user))

    def command(self, command, user):
        home = "/root" if user == "root" else f"/home/{user}"
        variables = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home, "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive",
                     **self.environment}
        return ["chroot", f"--userspec={user}:{user}", self.folder, "/usr/bin/env", "-i", f"--chdir={home}",
                *(f"{name}={value}" for name, value in variables.items()), *command]


def until(condition, what):
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"waited {DEADLINE} s for {what}")
        time.sleep(0.1)


def make_root(folder, base):
    if base:
        step(f"A root from {base}")
        subprocess.run(["tar", "-C", folder, "-xf", base], check=True)
        return
    step("A root with Debian 12 and nothing else")
    subprocess.run(["debootstrap", "--variant=minbase", "bookworm", folder, "http://deb.debian.org/debian"], check=True, stdout=subprocess.DEVNULL)


def mount_into(folder):
    for kind, place in (("proc", "proc"), ("sysfs", "sys")):
        subprocess.run(["mount", "-t", kind, kind, os.path.join(folder, place)], check=True)
    subprocess.run(["mount", "--rbind", "/dev", os.path.join(folder, "dev")], check=True)
    sockets = os.path.join(folder, "tmp/.X11-unix")
    os.makedirs(sockets, exist_ok=True)
    subprocess.run(["mount", "--bind", "/tmp/.X11-unix", sockets], check=True)
    shutil.copy("/etc/resolv.conf", os.path.join(folder, "etc/resolv.conf"))


def display(folder):
    """An X server outside of the root, whose libraries would hide what the package fails to ask for; its number, and the file
    that its picture is in."""
    os.makedirs("/tmp/.X11-unix", exist_ok=True)
    read, write = os.pipe()
    subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-ac", "-fbdir", folder],
                     pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    if not number:
        sys.exit("Xvfb did not start; package: xvfb")
    return f":{number}", os.path.join(folder, "Xvfb_screen0")


def save_picture(dump, path):
    """Xvfb's file (XWD version 7: X11/XWDFile.h) as a PNG, and how many colours are in it."""
    with open(dump, "rb") as file:
        data = file.read()
    header = struct.unpack(">25I", data[:100])
    header_bytes, width, height, line_bytes, colours = header[0], header[4], header[5], header[12], header[19]
    pixels = data[header_bytes + colours * 12:]
    rows, seen = bytearray(), set()
    for y in range(height):
        line = pixels[y * line_bytes:y * line_bytes + width * 4]
        seen.update(line[x:x + 3] for x in range(0, len(line), 4))
        row = bytearray(width * 3)
        row[0::3], row[1::3], row[2::3] = line[2::4], line[1::4], line[0::4]
        rows += b"\0" + row

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)) +
                   chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b""))
    return len(seen)


def is_same(path, write):
    """`write` leaves the file as it was."""
    def content():
        with open(path, "rb") as file:
            return file.read()

    before = content()
    write()
    return content() == before


def install(root, package):
    step("The package with what it depends on, and nothing that it only recommends")
    shutil.copy(package, os.path.join(root.folder, "root"))
    root.run("apt-get", "update")
    root.run("apt-get", "install", "-y", "--no-install-recommends", f"/root/{os.path.basename(package)}")
    programs = root.run("sh", "-c", "ls /usr/bin/rbpf*", show=False).split()
    missing = [line for line in root.run("ldd", *programs).splitlines() if "not found" in line]
    if missing:
        sys.exit("libraries that the package does not ask for:\n" + "\n".join(missing))
    root.run("useradd", "--create-home", USER)
    root.run("install", "-d", "-o", USER, "-m", "700", "/run/maker")


def work_in_terminal(root):
    step("The main job in the terminal")
    root.run("rbpf", "new", "coap-sensor", "demo", user=USER)
    root.run("rbpf", "build", "demo", user=USER)
    root.run("rbpf", "deploy", "demo", user=USER)
    print(root.run("rbpf", "get", "/sensor", user=USER), end="")
    said = root.run("rbpf", "debug", "demo", user=USER, text=DEBUGGER)
    print("  " + "\n  ".join(said.splitlines()[-24:]))
    for expected in ("Breakpoint 1", "coap_sensor.c:", "m = {val"):
        if expected not in said:
            sys.exit(f"rbpf debug did not say {expected!r}:\n{said}")
    root.run("rbpf", "board", "stop", "native", user=USER)


def work_in_studio(root, picture, dump):
    step("The same in Studio: a template, built, deployed, stopped at its first line")
    studio = root.start("rbpf-studio", "--try", user=USER)

    def is_halted():
        if studio.poll() is not None:
            sys.exit(f"rbpf-studio ended with exit code {studio.returncode}")
        boards = json.loads(root.run("rbpf", "boards", "--json", user=USER, show=False))
        if not any(board["id"] == "native" and board["state"] == "ready" for board in boards):
            return False
        slots = json.loads(root.run("rbpf", "list", "--board", "native", "--json", user=USER, show=False))
        return any(slot["name"] == "first-script" and slot["state"] == "halted" for slot in slots)

    until(is_halted, "a script that Studio has built, deployed and halted")
    until(lambda: save_picture(dump, picture) > 40, "a window with something in it")
    until(lambda: is_same(picture, lambda: save_picture(dump, picture)), "panels that have what the debugger told")
    print(f"rbpf-studio has the script halted on its board; its picture: {picture}")
    studio.terminate()
    studio.wait(DEADLINE)


def remove(root):
    step("Removed, nothing stays")
    root.run("apt-get", "purge", "-y", "rbpf-studio")
    left = root.run("find", "/usr", "/etc", "-iname", "*rbpf*", show=False)
    if left:
        sys.exit(f"left after apt-get purge:\n{left}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", nargs="?", help="the .deb (default: the one in build/)")
    parser.add_argument("--base", help="a tar of a fresh root, instead of running debootstrap")
    parser.add_argument("--picture", default=os.path.join(BUILD, "screenshots", "clean-root.png"))
    arguments = parser.parse_args()
    found = [arguments.package] if arguments.package else glob.glob(os.path.join(BUILD, "rbpf-studio_*.deb"))
    if len(found) != 1:
        sys.exit(f"expected one package in {os.path.normpath(BUILD)}, found {len(found)}; (cd build && cpack -G DEB) makes it")
    if os.geteuid() != 0:
        print("SKIPPED: root is needed to install a package")
        return 77
    if INSIDE not in os.environ:
        with tempfile.TemporaryDirectory(prefix="rbpf-root-") as folder:
            return subprocess.run(["unshare", "--mount", "--pid", "--fork", "--kill-child", sys.executable, *sys.argv],
                                  env=os.environ | {INSIDE: folder}, check=False).returncode
    folder = os.path.join(os.environ[INSIDE], "root")
    os.mkdir(folder, 0o755)
    os.chmod(os.environ[INSIDE], 0o755)
    os.makedirs(os.path.dirname(arguments.picture), exist_ok=True)
    name, dump = display(os.environ[INSIDE])
    make_root(folder, arguments.base)
    mount_into(folder)
    root = Root(folder, {"DISPLAY": name, "XDG_RUNTIME_DIR": "/run/maker"})
    install(root, os.path.abspath(found[0]))
    work_in_terminal(root)
    work_in_studio(root, arguments.picture, dump)
    remove(root)
    step("The package works on a clean Debian 12")
    return 0


if __name__ == "__main__":
    sys.exit(main())
