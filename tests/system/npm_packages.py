# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients from npm, by their lock file, beside their scripts in the build folder."""

import shutil
import sys
import unittest

from cli_case import BIN, SOURCE

sys.path.insert(0, str(SOURCE / "ide/vscode"))
import npm_cache  # noqa: E402  pylint: disable=wrong-import-position

DEADLINE = 240  # seconds


def fetch(source, name):
    """The folder build/NAME with the packages of `source`'s lock file and its scripts; skips where they cannot be had."""
    try:
        cached = npm_cache.installed(source)
    except npm_cache.Unavailable as error:
        raise unittest.SkipTest(str(error)) from error
    folder = BIN.parent / name
    folder.mkdir(exist_ok=True)
    npm_cache.link(cached, folder)
    for script in source.glob("*.js"):
        shutil.copy(script, folder)  # beside its node_modules
    return folder
