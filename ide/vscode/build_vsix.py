# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the VS Code extension out of the source tree: BUILD/rbpf.vsix, or with --tests runs its unit tests.

Exit code 77: not possible here, and why.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

import npm_cache

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# What is not below ide/vscode and goes into the extension or its tests.
ELSEWHERE = ["COPYING", "ide/desktop/rbpf-studio-128.png", "sdk/project/rbpf.schema.json"]
TESTS = "tests/unit/ide/vscode"


def stage(build):
    """A copy of the sources in which npm may write, beside the packages; the extension's folder in it."""
    base = build / "vscode"
    for folder in ("ide/vscode", TESTS):
        shutil.rmtree(base / folder, ignore_errors=True)
        shutil.copytree(ROOT / folder, base / folder, ignore=shutil.ignore_patterns("node_modules", "out", "__pycache__", "*.vsix"))
    for file in ELSEWHERE:
        (base / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, base / file)
    npm_cache.link(npm_cache.installed(HERE), base)
    return base / "ide/vscode"


def run(folder, script, *arguments):
    done = subprocess.run(["npm", "run", "--silent", script, "--", *map(str, arguments)], cwd=folder, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"npm run {script} failed\n{done.stdout}")
    return done.stdout


def package(build):
    """The extension's file."""
    file = build / "rbpf.vsix"
    run(stage(build), "package", "--out", file)
    return file


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path, help="the build folder")
    parser.add_argument("--tests", action="store_true", help="run the unit tests instead")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    try:
        if arguments.tests:
            print(run(stage(build / "vscode-unit"), "test"))
        else:
            print(package(build))
    except npm_cache.Unavailable as error:
        print(f"skipped: {error}", file=sys.stderr)
        return 77
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
