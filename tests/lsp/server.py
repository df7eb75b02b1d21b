# SPDX-License-Identifier: GPL-3.0-or-later
"""rbpf lsp, message for message: what clangd knows passes through, what we know is put in, and nothing that an editor
does ends it before its time or leaves a clangd behind."""

import json
import os
import signal
import unittest
from pathlib import Path

from lsp_case import CALL, LspTest, children
from cli_case import until
from session import DEADLINE, uri


class PassThrough(LspTest):
    def test_clangd_s_features_are_offered_and_ours_with_them(self):
        capabilities = self.session().start()["capabilities"]
        for name in ("definitionProvider", "referencesProvider", "renameProvider", "documentFormattingProvider", "semanticTokensProvider",
                     "inlayHintProvider", "codeActionProvider", "documentSymbolProvider", "workspaceSymbolProvider",
                     "completionProvider", "hoverProvider", "signatureHelpProvider"):
            self.assertTrue(capabilities[name], name)
        self.assertEqual(capabilities["positionEncoding"], "utf-16")

    def test_completion_hover_and_signature_know_bindings(self):
        session, file = self.opened()
        session.edit(file, CALL.replace("    return twice(", "    bpf_sau\n    return twice("))
        items = session.result("textDocument/completion", session.at(file, "bpf_sau\n", 7))["items"]
        item = next(one for one in items if one.get("filterText") == "bpf_saul_reg_read")
        self.assertEqual(item["detail"], "int (bpf_saul_reg_t *device, phydat_t *reading)")
        self.assertIn("Reads a device", item["documentation"]["value"])
        session.edit(file, CALL)
        hover = session.result("textDocument/hover", session.at(file, "bpf_saul_reg_read", 3))["contents"]["value"]
        self.assertIn("int bpf_saul_reg_read(bpf_saul_reg_t *device, phydat_t *reading)", hover)
        self.assertIn("Reads a device", hover)
        self.assertIn("Twice as much", session.result("textDocument/hover", session.at(file, "twice(reading"))["contents"]["value"])
        signature = session.result("textDocument/signatureHelp", session.at(file, "&reading)"))
        self.assertEqual(signature["activeParameter"], 1)
        self.assertIn("phydat_t *reading", signature["signatures"][0]["label"])

    def test_places_count_as_the_editor_counts(self):
        text = "/* äöü \U0001f600 */ int first; int second = 1 + missing;\n"
        for encoding, unit in (("utf-8", 1), ("utf-16", 2), ("utf-32", 4)):
            with self.subTest(encoding=encoding):
                session = self.session()
                folder = self.script(text, encoding)
                session.start(folder, capabilities={"general": {"positionEncodings": [encoding]}})
                file = folder / "src" / "main.c"
                session.open(file)
                before = text[:text.index("missing")]
                codec = encoding.replace("utf-8", "utf-8").replace("utf-16", "utf-16-le").replace("utf-32", "utf-32-le")
                column = len(before.encode(codec)) // unit
                found = session.diagnostics(file, len, "a diagnostic")
                self.assertEqual(found[0]["range"]["start"], {"line": 0, "character": column})
                self.assertEqual(session.end(), 0)

    def test_a_request_can_be_cancelled_and_is_answered(self):
        session, file = self.opened()
        number = session.ask("textDocument/references", {**session.at(file, "twice(int"), "context": {"includeDeclaration": True}})
        session.notify("$/cancelRequest", {"id": number})
        session.wait(lambda one: one.get("id") == number, "an answer")
        session.notify("$/cancelRequest", {"id": 99999})
        self.assertEqual(session.end(), 0)


class Life(LspTest):
    def test_a_clangd_that_is_killed_is_started_again_and_knows_the_texts(self):
        session, file = self.opened()
        session.result("textDocument/hover", session.at(file, "twice(reading"))
        first = until(lambda: children(session.process.pid), "clangd")
        os.kill(first[0], signal.SIGKILL)
        until(lambda: children(session.process.pid) not in ([], first), "another clangd")
        hover = session.result("textDocument/hover", session.at(file, "twice(reading"))
        self.assertIn("Twice as much", hover["contents"]["value"])

    def test_a_clangd_that_hangs_is_ended_and_started_again(self):
        session, file = self.opened()
        session.result("textDocument/hover", session.at(file, "twice(reading"))
        first = until(lambda: children(session.process.pid), "clangd")
        os.kill(first[0], signal.SIGSTOP)
        self.assertIn("no longer answered", session.answer("textDocument/hover", session.at(file, "twice(reading"))["error"]["message"])
        self.assertFalse(Path(f"/proc/{first[0]}").exists())
        hover = session.result("textDocument/hover", session.at(file, "twice(reading"))
        self.assertIn("Twice as much", hover["contents"]["value"])
        self.assertEqual(session.end(), 0)

    def test_without_clangd_bindings_are_still_known_and_one_message_says_what_to_install(self):
        session = self.session(RBPF_CLANGD="/no/clangd")
        folder = self.script(CALL.replace("    return twice(", "    bpf_sau\n    return twice("))
        session.start(folder)
        file = folder / "src" / "main.c"
        session.open(file)
        told = session.wait(lambda one: one.get("method") == "window/showMessage", "a message")
        self.assertIn("/no/clangd", told["params"]["message"])
        hover = session.result("textDocument/hover", session.at(file, "bpf_saul_reg_read", 3))
        self.assertIn("Reads a device", hover["contents"]["value"])
        items = session.result("textDocument/completion", session.at(file, "bpf_sau\n", 7))["items"]
        self.assertIn("bpf_saul_reg_read", [one["label"] for one in items])
        self.assertIn("clangd-19", session.answer("textDocument/rename", {**session.at(file, "twice"), "newName": "x"})["error"]["message"])
        self.assertEqual(session.end(), 0)

    def test_an_editor_that_goes_takes_clangd_with_it(self):
        for how in ("exit", "end of input", "killed"):
            with self.subTest(how=how):
                session, file = self.opened()
                session.result("textDocument/hover", session.at(file, "twice(reading"))
                clangd = until(lambda: children(session.process.pid), "clangd")
                if how == "exit":
                    session.notify("exit")
                    self.assertEqual(session.process.wait(DEADLINE), 1)
                elif how == "end of input":
                    session.process.stdin.close()
                    self.assertEqual(session.process.wait(DEADLINE), 3)
                else:
                    session.process.terminate()
                    session.process.wait(DEADLINE)
                until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in clangd), "the end of clangd")

    def test_what_is_no_message_is_refused_and_the_session_goes_on(self):
        session, file = self.opened()
        for body in (b"nonsense", b"[]", b"[" * 100000, b'{"a":' * 5000, b"\xff\xfe", b""):
            session.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            refused = session.wait(lambda one: one.get("id", 0) is None, "a refusal")
            self.assertEqual(refused["error"]["code"], -32700)
        for message in ({"id": 77}, {"id": {}, "method": "x"}, {"id": 78, "method": "textDocument/hover", "params": []},
                        {"id": 79, "method": "no/such"}, {"method": "textDocument/didChange", "params": {"textDocument": 5}},
                        {"method": "textDocument/didOpen"}, {"id": "clangd:[", "result": 1},
                        {"method": "textDocument/didChange", "params": {"textDocument": {"uri": uri(file)}, "contentChanges": [{"range": 1}, 7]}}):
            session.send(message)
        session.edit(file, CALL)
        self.assertIn("Twice", session.result("textDocument/hover", session.at(file, "twice(reading"))["contents"]["value"])
        self.assertEqual(session.end(), 0)

    def test_a_file_that_is_too_large_is_refused_and_the_session_goes_on(self):
        session, file = self.opened()
        large = file.parent.parent.parent / "large.c"
        session.open(large, "int x;\n" * 2_500_000)
        self.assertIn("at most", session.wait(lambda one: one.get("id", 0) is None, "a refusal")["error"]["message"])
        self.assertIn("Twice", session.result("textDocument/hover", session.at(file, "twice(reading"))["contents"]["value"])
        self.assertEqual(session.end(), 0)

    def test_what_is_not_the_protocol_ends_it_with_a_sentence(self):
        for data in (b"Content-Length: many\r\n\r\n", b"Content-Length: 99999999999\r\n\r\n", b"\x00\x01\x02", b"GET / HTTP/1.1\r\n\r\n",
                     b"x" * 5000):
            with self.subTest(data=data[:20]):
                session = self.session()
                session.raw(data)
                self.assertEqual(session.process.wait(DEADLINE), 2)
                self.assertIn("error:", session.process.stderr.read().decode())

    def test_order_is_asked_for(self):
        session = self.session()
        self.assertEqual(session.answer("textDocument/hover")["error"]["code"], -32002)
        session.start()
        self.assertEqual(session.answer("initialize")["error"]["code"], -32600)
        session.result("shutdown")
        self.assertEqual(session.answer("textDocument/hover")["error"]["code"], -32600)
        session.notify("exit")
        self.assertEqual(session.process.wait(DEADLINE), 0)

    def test_a_file_outside_of_any_project_is_clangd_s_alone(self):
        session = self.session()
        session.start(self.folder)
        file = self.folder / "alone.c"
        session.open(file, "int main(void) { return missing; }\n")
        found = session.diagnostics(file, len, "clangd's diagnostics")
        self.assertIn("missing", found[0]["message"])
        self.assertEqual(json.dumps(found).count("rbpf"), 0)

    def test_the_help_shows_how_editors_are_set_up(self):
        text = self.rbpf("lsp", "--help")
        for editor in ("Neovim", "Kate", "Qt Creator", "VS Code", "clangd"):
            self.assertIn(editor, text)


if __name__ == "__main__":
    unittest.main()
