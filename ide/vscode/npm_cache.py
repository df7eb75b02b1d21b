# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages from npm by a lock file, installed once into a cache outside of the build: ~/.cache/rbpf, or RBPF_CACHE."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

DEADLINE = 400  # seconds
OLDEST_NODE = 20
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH")


class Unavailable(Exception):
    """What is needed is not on this machine and cannot be fetched."""


def node_version():
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Unavailable("node and npm are not installed")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < OLDEST_NODE:
        raise Unavailable(f"node {OLDEST_NODE} or newer is needed, here is {version}")
    return version


def npm(arguments, folder):
    env = dict(os.environ, npm_config_update_notifier="false")
    if Path("/usr/include/node/node_api.h").exists():
        env["npm_config_nodedir"] = "/usr"  # where headers lie already, none are fetched
    done = subprocess.run(["npm", *arguments], cwd=folder, env=env, capture_output=True, text=True, timeout=DEADLINE, check=False)
    if done.returncode != 0:
        said = done.stdout + done.stderr
        if any(word in said for word in UNREACHABLE):
            raise Unavailable("the npm registry cannot be reached")
        raise RuntimeError(f"npm {' '.join(arguments)} failed in {folder}\n{said}")


def installed(folder, prepare=None):
    """A folder with the packages of `folder`'s lock file in its node_modules; `prepare(path)` completes a new one."""
    version = node_version()
    recipe = (folder / "package-lock.json").read_bytes() + version.encode()
    if prepare is not None:
        recipe += Path(prepare.__code__.co_filename).read_bytes()
    name = folder.parent.name + "-" + folder.name
    cache = Path(os.environ.get("RBPF_CACHE") or Path.home() / ".cache/rbpf")
    there = cache / f"npm-{name}-{hashlib.sha256(recipe).hexdigest()[:16]}"
    if there.is_dir():
        return there
    cache.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix="npm-new-", dir=cache))
    try:
        for file in ("package.json", "package-lock.json", ".npmrc"):
            if (folder / file).exists():
                shutil.copy(folder / file, new)
        npm(["ci", "--no-fund", "--no-audit", "--ignore-scripts"], new)
        if prepare is not None:
            prepare(new)
        new.chmod(0o755)
        try:
            new.rename(there)
        except OSError:
            if not there.is_dir():  # else somebody else was faster
                raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return there


def link(cached, folder):
    """Lets what lies in `folder` find the packages."""
    packages = folder / "node_modules"
    if packages.is_dir() and not packages.is_symlink():
        shutil.rmtree(packages)
    packages.unlink(missing_ok=True)
    packages.symlink_to(cached / "node_modules")
