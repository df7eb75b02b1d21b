#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a window's test in an X server of its own, with a home and a runtime folder of its own, and ends what it left."""
import os
import signal
import subprocess
import sys
import tempfile


def display():
    """An Xvfb that has said its number, which it does once it is ready."""
    read, write = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", os.environ.get("RBPF_SCREEN", "1280x800x24"), "-nolisten", "tcp",
                               "-noreset"],  # after its last client it would reset itself, and refuse who comes meanwhile
                              pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    if not number:
        sys.exit("Xvfb did not start; package: xvfb")
    return server, f":{number}"


def main():
    server, name = display()
    try:
        with tempfile.TemporaryDirectory(prefix="rbpf-gui-") as home:
            runtime = os.path.join(home, "runtime")
            os.mkdir(runtime, 0o700)
            environment = dict(os.environ, DISPLAY=name, RBPF_X_SERVER=str(server.pid), HOME=home, XDG_RUNTIME_DIR=runtime, RBPF_RUNTIME_DIR=os.path.join(runtime, "rbpf"),
                               XDG_CONFIG_HOME=os.path.join(home, "config"), XDG_DATA_HOME=os.path.join(home, "data"),
                               XDG_STATE_HOME=os.path.join(home, "state"), XDG_CACHE_HOME=os.path.join(home, "cache"),
                               QT_QPA_PLATFORM="xcb", RBPF_BOARD_NATIVE=os.path.join(os.environ["RBPF_BIN"], "rbpf-board-native"))
            try:
                return subprocess.run(sys.argv[1:], env=environment, timeout=240, check=False).returncode
            finally:
                subprocess.run([os.path.join(os.environ["RBPF_BIN"], "rbpf"), "board", "stop", "native"], env=environment, timeout=20,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)


if __name__ == "__main__":
    sys.exit(main())
