# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes code-server out of its packages: what its own installation does, without what a test does not need."""

import npm_cache


def prepare(folder):
    """`folder` has the packages in node_modules, none of whose scripts has run."""
    packages = folder / "node_modules"
    # The server looks for what it needs beside itself, and in an archive that exists as a folder only.
    vscode = packages / "code-server/lib/vscode"
    (vscode / "node_modules").symlink_to("../../..")
    (vscode / "node_modules.asar").symlink_to("node_modules")
    # Hashes passwords, of which there are none here.
    (packages / "argon2/argon2.js").write_text("module.exports = {};\n", encoding="utf-8")
    # Debian's, instead of one that its package would fetch: VS Code finds files with it.
    (packages / "@vscode/ripgrep/bin").mkdir()
    (packages / "@vscode/ripgrep/bin/rg").symlink_to("/usr/bin/rg")
    # Terminals (and so tasks), logs, the end of orphans. @parcel/watcher comes built.
    npm_cache.npm(["rebuild", "node-pty", "@vscode/spdlog", "native-watchdog"], folder)
    for built in ("node-pty/build/Release/pty.node", "@vscode/spdlog/build/Release/spdlog.node",
                  "native-watchdog/build/Release/watchdog.node"):
        if not (packages / built).exists():
            raise RuntimeError(f"npm rebuild has not made {built}")
