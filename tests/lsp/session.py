# SPDX-License-Identifier: GPL-3.0-or-later
"""A language server at the other end of two pipes: what is said to it, byte for byte, and what it answers."""

import json
import os
import queue
import subprocess
import threading
import time
from pathlib import Path

BIN = Path(os.environ["RBPF_BIN"])
DEADLINE = 60  # seconds; reached only when something is broken
CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {"codeLens": {"refreshSupport": True}, "inlayHint": {"refreshSupport": True}},
    "textDocument": {
        "hover": {"contentFormat": ["markdown"]},
        "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
        "signatureHelp": {"signatureInformation": {"parameterInformation": {"labelOffsetSupport": True}}},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
        "publishDiagnostics": {"relatedInformation": True},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
    },
}


class Session:
    def __init__(self, env=None, cwd=None):
        self.process = subprocess.Popen([str(BIN / "rbpf"), "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=env, cwd=cwd)
        self.heard = queue.Queue()
        self.kept = []  # messages that nobody has asked for yet
        self.last = 0
        self.versions = {}
        self.texts = {}
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        stream = self.process.stdout
        while True:
            length = None
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if length is None:
                self.heard.put(None)
                return
            self.heard.put(json.loads(stream.read(length)))

    def raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def notify(self, method, parameters=None):
        self.send({"method": method, "params": parameters or {}})

    def ask(self, method, parameters=None):
        """Sends a request; its id."""
        self.last += 1
        self.send({"id": self.last, "method": method, "params": parameters or {}})
        return self.last

    def wait(self, wanted, what, deadline=DEADLINE):
        """The first message, heard before or from now on, that `wanted` accepts."""
        for at, message in enumerate(self.kept):
            if wanted(message):
                return self.kept.pop(at)
        end = time.monotonic() + deadline
        while True:
            try:
                message = self.heard.get(timeout=max(end - time.monotonic(), 0))
            except queue.Empty:
                raise AssertionError(f"waited {deadline} s for {what}; heard {self.kept}") from None
            if message is None:
                self.process.stdin.close()
                raise AssertionError(f"the server has ended instead of {what}: {self.process.stderr.read().decode()}")
            if wanted(message):
                return message
            self.kept.append(message)

    def answer(self, method, parameters=None):
        number = self.ask(method, parameters)
        return self.wait(lambda one: one.get("id") == number and "method" not in one, f"an answer to {method}")

    def result(self, method, parameters=None):
        answer = self.answer(method, parameters)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        return answer["result"]

    def start(self, folder=None, options=None, capabilities=None):
        result = self.result("initialize", {"processId": os.getpid(), "rootUri": uri(folder) if folder else None,
                                            "initializationOptions": options or {},
                                            "capabilities": capabilities or CAPABILITIES})
        self.notify("initialized")
        return result

    def open(self, path, text=None, language="c"):
        text = Path(path).read_text(encoding="utf-8") if text is None else text
        self.versions[path], self.texts[path] = 1, text
        self.notify("textDocument/didOpen", {"textDocument": {"uri": uri(path), "languageId": language, "version": 1, "text": text}})

    def edit(self, path, text):
        """Gives an open file another text as a whole."""
        self.versions[path] += 1
        self.texts[path] = text
        self.notify("textDocument/didChange", {"textDocument": {"uri": uri(path), "version": self.versions[path]},
                                               "contentChanges": [{"text": text}]})

    def at(self, path, mark, offset=0):
        """Parameters that name the place where `mark` stands in the file."""
        start = self.texts[path].index(mark) + offset
        before = self.texts[path][:start]
        return {"textDocument": {"uri": uri(path)},
                "position": {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}}

    def diagnostics(self, path, wanted, what):
        """The file's next diagnostics that `wanted` accepts."""
        def is_it(message):
            parameters = message.get("params", {})
            return (message.get("method") == "textDocument/publishDiagnostics" and parameters["uri"] == uri(path)
                    and wanted(parameters["diagnostics"]))

        return self.wait(is_it, what)["params"]["diagnostics"]

    def end(self):
        """Shutdown and exit; the exit code."""
        self.result("shutdown")
        self.notify("exit")
        return self.process.wait(DEADLINE)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                stream.close()
            except OSError:
                pass  # what was still to be written


def uri(path):
    return Path(path).as_uri()
