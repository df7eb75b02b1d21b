# SPDX-License-Identifier: GPL-3.0-or-later
"""rbpf lsp in the texts that are not clangd's: rbpf.json and disassemblies."""

import unittest

from lsp_case import CALL, LspTest
from session import uri


def labels(answer):
    return [one["label"] for one in answer["items"]]


class Config(LspTest):
    def config(self, text):
        """A session with a project's rbpf.json open."""
        folder = self.script(CALL)
        session = self.session()
        session.start(folder)
        file = folder / "rbpf.json"
        session.open(file, text, language="json")
        return session, file

    def test_mistakes_are_told_at_their_place_while_typing(self):
        session, file = self.config('{\n  "name": "x",\n  "stack": "many"\n}\n')
        found = session.diagnostics(file, len, "a mistake")
        self.assertEqual(found[0]["range"], {"start": {"line": 2, "character": 11}, "end": {"line": 2, "character": 17}})
        self.assertIn("expected a number from 8 to 65528", found[0]["message"])
        session.edit(file, '{\n  "name": "x",\n  "stack": 256\n}\n')
        session.diagnostics(file, lambda all: not all, "no mistake")
        self.assertEqual(session.result("rbpf/costs", {"folder": str(file.parent)})["size"]["stackLimit"], 256)
        for broken in ("", "{", '{"name": ', "nonsense", '{"name": "x"', "[" * 500):
            session.edit(file, broken)
            session.diagnostics(file, len, f"a mistake in {broken[:9]}")

    def test_a_misspelt_key_is_mended_by_a_code_action(self):
        session, file = self.config('{"name": "x", "sorces": ["src/*.c"]}\n')
        found = session.diagnostics(file, len, "a mistake")
        actions = session.result("textDocument/codeAction", {"textDocument": {"uri": uri(file)}, "range": found[0]["range"], "context": {"diagnostics": found}})
        self.assertEqual(actions[0]["edit"]["changes"][uri(file)], [{"range": found[0]["range"], "newText": '"sources"'}])

    def test_keys_and_values_are_completed_and_explained(self):
        session, file = self.config('{"name": "x", "optimise": "", "entries": [{"function": ""}], }\n')
        keys = labels(session.result("textDocument/completion", session.at(file, " }\n", 1)))
        self.assertIn("stack", keys)
        self.assertNotIn("optimise", keys)
        self.assertEqual(labels(session.result("textDocument/completion", session.at(file, '""', 1))), ["size", "speed", "debug"])
        session.edit(file, '{"name": "x", "optimise": "size", "entries": []}\n')
        session.wait(lambda one: one.get("method") == "rbpf/costsChanged" and one["params"]["ok"], "a build")
        session.edit(file, '{"name": "x", "optimise": "size", "entries": [{"function": ""}]}\n')
        self.assertIn("run", labels(session.result("textDocument/completion", session.at(file, '""', 1))))
        hover = session.result("textDocument/hover", session.at(file, "optimise"))["contents"]["value"]
        self.assertIn("What the compiler aims at", hover)
        self.assertIn('`"debug"`', hover)

    def test_completion_works_in_a_text_that_is_no_json_yet(self):
        for text, mark, expected in (("{", 1, "name"), ('{"na', 4, "name"), ('{"name": "x", "bo', 17, "board"), ('{"optimise": ', 13, "speed"),
                                     ('{"entries": [{"tr', 17, "trigger"), ('{"entries": [{"function": "f", "trigger": "', 43, "packet")):
            with self.subTest(text=text):
                session, file = self.config(text)
                answer = session.result("textDocument/completion", {"textDocument": {"uri": uri(file)}, "position": {"line": 0, "character": mark}})
                self.assertIn(expected, labels(answer))

    def test_what_only_c_has_is_answered_with_nothing(self):
        session, file = self.config('{"name": "x"}')
        for method in ("documentSymbol", "semanticTokens/full", "formatting", "codeLens", "inlayHint", "references"):
            self.assertFalse(session.result(f"textDocument/{method}", {"textDocument": {"uri": uri(file)}, "position": {"line": 0, "character": 2}}))


class Disassembly(LspTest):
    def test_instructions_are_explained(self):
        session, file = self.opened(CALL)
        text = session.result("rbpf/disassembly", {"textDocument": {"uri": uri(file)}})["text"]
        view = self.folder / "script.rbpfasm"
        session.open(view, text, "rbpf-disassembly")

        def hover(mark, offset=0):
            answer = session.result("textDocument/hover", session.at(view, mark, offset))
            return answer and answer["contents"]["value"]

        self.assertIn("Reads a device", hover("call bpf_saul_reg_read"))
        self.assertIn("phydat_t *reading", hover("bpf_saul_reg_read\n"))
        self.assertIn("Returns", hover("  exit", 3))
        self.assertIn("the end of the function's frame", hover("r10"))
        self.assertIsNone(hover("entry run"))
        session.edit(view, "  99:  nonsense\n 1: 05 00\n  2:  05 00 fe ff 00 00 00 00  goto -2\n:\n99999999999:  ff ff ff ff ff ff ff ff  ?\n")
        self.assertIsNone(hover("nonsense"))
        self.assertIsNone(hover("05 00\n"))
        self.assertIn("2 slots back", hover("goto"))
        self.assertIn("No instruction", hover("?"))


if __name__ == "__main__":
    unittest.main()
