# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients from npm, fetched by their lock file into the build folder."""

import shutil
import subprocess
import unittest

from cli_case import BIN

DEADLINE = 240  # seconds
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH")


def fetch(source, name):
    """The folder build/NAME with the packages of `source`'s lock file and its scripts; skips where they cannot be had."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise unittest.SkipTest("node and npm are not installed")
    folder = BIN.parent / name
    folder.mkdir(exist_ok=True)
    lock = (source / "package-lock.json").read_text(encoding="utf-8")
    stamp = folder / "fetched"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != lock:
        for file in ("package.json", "package-lock.json"):
            shutil.copy(source / file, folder / file)
        done = subprocess.run(["npm", "ci", "--no-fund", "--no-audit", "--ignore-scripts"], cwd=folder,
                              capture_output=True, text=True, timeout=DEADLINE, check=False)
        if done.returncode != 0 and any(word in done.stderr for word in UNREACHABLE):
            raise unittest.SkipTest("the npm registry cannot be reached")
        if done.returncode != 0:
            raise AssertionError(f"npm ci failed\n{done.stdout}{done.stderr}")
        stamp.write_text(lock, encoding="utf-8")
    for script in source.glob("*.js"):
        shutil.copy(script, folder)  # beside its node_modules
    return folder
