# SPDX-License-Identifier: GPL-3.0-or-later
"""rbpf lsp: what only we know. Limits of BPF and of the board, costs over functions and behind lines, deploying."""

import json
import unittest

from lsp_case import CALL, LspTest
from cli_case import until
from session import CAPABILITIES, uri

FLOATS = "int run(int *context)\n{\n    double x = context[0];\n    return x * 1.5;\n}\n"
LOOP = "int run(volatile unsigned *context)\n{\n    int sum = 0;\n    for (int i = 0; i < context[0]; ++i) {\n        sum += context[i];\n    }\n    return sum;\n}\n"
ENTRY = "#include <rbpf/print.h>\n#include <rbpf/sec.h>\nSEC(\"timer/1000\")\nint tick(void)\n{\n    return bpf_printf(\"tick\\n\");\n}\n"


def ours(diagnostics):
    return [one for one in diagnostics if one.get("source") == "rbpf"]


class Mistakes(LspTest):
    def test_what_bpf_cannot_do_is_told_while_typing_and_goes_when_it_is_mended(self):
        session, file = self.opened(CALL)
        session.edit(file, FLOATS)
        found = ours(session.diagnostics(file, ours, "our diagnostic"))
        self.assertIn("floating point", found[0]["message"])
        self.assertIn("HINT: ", found[0]["message"])
        self.assertEqual(found[0]["range"]["start"]["line"], 2)
        session.edit(file, CALL)
        session.diagnostics(file, lambda all: not all, "no diagnostics")

    def test_the_compiler_s_findings_are_told_once(self):
        session, file = self.opened("int run(void)\n{\n    return missing;\n}\n")
        found = session.diagnostics(file, lambda all: all and not ours(all), "clangd's findings alone")
        self.assertEqual(len([one for one in found if "missing" in one["message"]]), 1, found)

    def test_a_frame_larger_than_the_stack_and_a_budget_below_the_longest_run(self):
        session, file = self.opened("int run(volatile int *context)\n{\n    volatile char room[600];\n    room[context[0]] = 1;\n    return room[1];\n}\n")
        self.assertIn("600 bytes of stack", ours(session.diagnostics(file, ours, "the stack"))[0]["message"])
        session, file = self.opened(CALL, budget=3)
        self.assertRegex(ours(session.diagnostics(file, ours, "the budget"))[0]["message"], r"may take \d+ instructions")

    def test_a_misspelt_binding_is_mended_by_a_code_action(self):
        session, file = self.opened(CALL.replace("bpf_saul_reg_read", "bpf_saul_reg_raed"))
        found = session.diagnostics(file, lambda all: any("raed" in one["message"] for one in all), "the mistake")
        place = next(one for one in found if "raed" in one["message"])["range"]
        actions = session.result("textDocument/codeAction", {"textDocument": {"uri": uri(file)}, "range": place, "context": {"diagnostics": found}})
        mend = next(one for one in actions if one["title"] == "change to 'bpf_saul_reg_read'")
        self.assertEqual(mend["edit"]["changes"][uri(file)], [{"range": place, "newText": "bpf_saul_reg_read"}])

    def test_a_mistake_in_a_file_that_nobody_has_opened_is_told(self):
        folder = self.script("int other(void);\nint run(void) { return other(); }\n")
        (folder / "src" / "other.c").write_text("int other(void) { return missing; }\n", encoding="utf-8")
        session = self.session()
        session.start(folder)
        session.open(folder / "src" / "main.c")
        found = session.diagnostics(folder / "src" / "other.c", len, "a mistake elsewhere")
        self.assertIn("missing", found[0]["message"])

    def test_lines_that_move_take_their_findings_along(self):
        session, file = self.opened(FLOATS)
        session.diagnostics(file, ours, "our diagnostic")
        session.edit(file, "\n\n" + FLOATS)
        found = session.diagnostics(file, lambda all: ours(all) and ours(all)[0]["range"]["start"]["line"] == 4, "it moved")
        self.assertEqual(ours(found)[0]["range"]["start"]["line"], 4)


class Costs(LspTest):
    def lenses(self, session, file):
        return session.result("textDocument/codeLens", {"textDocument": {"uri": uri(file)}})

    def test_a_lens_over_a_function_says_what_it_costs_and_over_an_entry_offers_to_deploy(self):
        session, file = self.opened(ENTRY)
        lenses = self.lenses(session, file)
        self.assertRegex(lenses[0]["command"]["title"], r"^\d+ instructions · \d+ B · stack \d+ B · runs at most \d+$")
        self.assertEqual([one["command"]["command"] for one in lenses], ["rbpf.showCosts", "rbpf.deploy", "rbpf.debug"])
        self.assertEqual(lenses[1]["command"]["arguments"], [str(file.parent.parent), "tick"])
        self.assertEqual({one["range"]["start"]["line"] for one in lenses}, {3})
        session.edit(file, "\n" + ENTRY)
        self.assertEqual({one["range"]["start"]["line"] for one in self.lenses(session, file)}, {4})

    def test_a_loop_that_has_no_bound_is_named(self):
        session, file = self.opened(LOOP)
        self.assertRegex(self.lenses(session, file)[0]["command"]["title"], r"no bound: .*loop")

    def test_what_is_said_of_a_loop_counts_while_it_is_typed(self):
        session, file = self.opened(LOOP)
        limited = "#include <rbpf/loop_bound.h>\n" + LOOP.replace("    for", "    RBPF_LOOP_BOUND(8)\n    for")
        session.edit(file, limited)
        until(lambda: self.lenses(session, file)[0]["command"]["title"].endswith(" by your bounds"), "the bound in the lens")
        session.edit(file, limited.replace("return sum", "RBPF_LOOP_BOUND(8)\n    return sum"))
        words = "the limit of 8 turns is for no loop"
        found = session.diagnostics(file, lambda all: any(words in one["message"] for one in all), words)
        self.assertEqual([one["range"]["start"]["line"] for one in found if words in one["message"]], [9])

    def test_costs_are_those_of_rbpf_size(self):
        session, file = self.opened(CALL)
        folder = file.parent.parent
        size = session.result("rbpf/costs", {"folder": str(folder)})
        self.assertTrue(size["ok"])
        self.assertEqual(size["size"], self.report("size", folder))
        hints = session.result("textDocument/inlayHint", {"textDocument": {"uri": uri(file)},
                                                          "range": {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}})
        costs = {one["position"]["line"] + 1: int(one["label"].split()[0]) for one in hints if str(one["label"]).endswith(" B")}
        lines = [line for function in size["size"]["functions"] for line in function["lines"] if line["file"].endswith("main.c")]
        self.assertEqual(sum(costs.values()), sum(line["bytes"] for line in lines))
        self.assertEqual(sorted(costs), sorted({line["line"] for line in lines}))

    def test_inlay_costs_and_lenses_can_be_switched_off(self):
        session, file = self.opened(ENTRY, {"inlayCosts": False, "codeLens": False})
        session.result("rbpf/costs", {"textDocument": {"uri": uri(file)}})
        whole = {"textDocument": {"uri": uri(file)}, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}}
        self.assertEqual(self.lenses(session, file), [])
        self.assertNotIn(" B\"", json.dumps(session.result("textDocument/inlayHint", whole)))
        session.notify("workspace/didChangeConfiguration", {"settings": {"rbpf": {"inlayCosts": True, "codeLens": True}}})
        self.assertIn(" B\"", json.dumps(session.result("textDocument/inlayHint", whole)))
        self.assertEqual(len(self.lenses(session, file)), 3)

    def test_a_change_is_announced_and_lenses_are_asked_for_again(self):
        session, file = self.opened(ENTRY)
        session.wait(lambda one: one.get("method") == "rbpf/costsChanged" and one["params"]["ok"], "costs")
        session.wait(lambda one: one.get("method") == "workspace/codeLens/refresh", "a refresh")
        session.edit(file, ENTRY.replace("int tick", "int tack"))
        told = session.wait(lambda one: one.get("method") == "rbpf/costsChanged", "costs of the new text")
        self.assertEqual(told["params"]["folder"], str(file.parent.parent))
        self.assertEqual(self.lenses(session, file)[0]["command"]["arguments"][1], "tack")

    def test_while_the_script_is_broken_the_last_costs_stay(self):
        session, file = self.opened(ENTRY)
        before = self.lenses(session, file)
        session.edit(file, ENTRY.replace("return", "retrun"))
        session.wait(lambda one: one.get("method") == "rbpf/costsChanged" and not one["params"]["ok"], "the broken build")
        self.assertEqual(self.lenses(session, file), before)
        self.assertFalse(session.result("rbpf/costs", {"textDocument": {"uri": uri(file)}})["ok"])

    def test_lenses_of_a_script_that_has_just_been_mended_wait_for_its_first_build(self):
        session, file = self.opened(FLOATS)
        session.diagnostics(file, ours, "our diagnostic")
        session.edit(file, ENTRY)
        self.assertEqual(len(self.lenses(session, file)), 3)

    def test_the_disassembly_has_the_text_s_lines(self):
        session, file = self.opened(ENTRY)
        text = session.result("rbpf/disassembly", {"textDocument": {"uri": uri(file)}})["text"]
        self.assertIn("call bpf_printf", text)
        self.assertIn("return bpf_printf(\"tick\\n\");", text)
        self.assertIn("no project", session.answer("rbpf/disassembly", {"folder": "/"})["error"]["message"])

    def test_several_projects_in_one_workspace_are_told_apart(self):
        session = self.session()
        session.start(self.folder)
        good, bad = self.script(ENTRY, "good"), self.script(FLOATS, "bad")
        session.open(good / "src" / "main.c")
        session.open(bad / "src" / "main.c")
        session.diagnostics(bad / "src" / "main.c", ours, "the bad one's")
        self.assertEqual(session.result("rbpf/costs", {"folder": str(good)})["size"]["name"], "good")
        self.assertIn("does not build", session.answer("rbpf/costs", {"folder": str(bad)})["error"]["message"])


class WholeProject(LspTest):
    def test_references_and_renaming_reach_files_that_are_not_open(self):
        folder = self.script("int shared(int number);\nint run(void) { return shared(2); }\n")
        (folder / "src" / "other.c").write_text("int shared(int number) { return number; }\n", encoding="utf-8")
        session = self.session()
        session.start(folder)
        file = folder / "src" / "main.c"
        session.open(file)

        def uses():
            return session.result("textDocument/references", {**session.at(file, "shared(2"), "context": {"includeDeclaration": True}})

        until(lambda: len(uses()) == 3, "references in both files")
        edit = session.result("textDocument/rename", {**session.at(file, "shared(2"), "newName": "common"})
        changed = edit.get("changes") or {one["textDocument"]["uri"]: one["edits"] for one in edit["documentChanges"]}
        self.assertEqual(sorted(changed), sorted([uri(file), uri(folder / "src" / "other.c")]))

    def test_renaming_hits_a_file_that_has_changed_on_disk_since_it_was_read(self):
        folder = self.script("int shared(int number);\nint run(void) { return shared(2); }\n")
        file, other = folder / "src" / "main.c", folder / "src" / "other.c"
        other.write_text("int shared(int number) { return number; }\n", encoding="utf-8")
        session = self.session()
        session.start(folder)
        session.open(file)
        asked = {**session.at(file, "shared(2"), "context": {"includeDeclaration": True}}
        until(lambda: len(session.result("textDocument/references", asked)) == 3, "references in both files")
        other.write_text("/* Another\n   program\n   wrote this. */\nint  shared(int number) { return number; }\n", encoding="utf-8")
        # Until it has read the new text clangd refuses; it never guesses by the old one.
        edit = until(lambda: session.answer("textDocument/rename", {**session.at(file, "shared(2"), "newName": "common"}).get("result"), "a rename")
        changed = edit.get("changes") or {one["textDocument"]["uri"]: one["edits"] for one in edit["documentChanges"]}
        self.assertEqual([one["range"]["start"] for one in changed[uri(other)]], [{"line": 3, "character": 5}])


class Workspace(LspTest):
    CAPABILITIES = {**CAPABILITIES, "workspace": {**CAPABILITIES["workspace"], "didChangeWatchedFiles": {"dynamicRegistration": True}}}

    def opened_and_watched(self, source):
        session, folder = self.session(), self.script(source)
        session.start(self.folder, capabilities=self.CAPABILITIES)
        asked = session.wait(lambda one: one.get("method") == "client/registerCapability", "what to watch")
        session.send({"id": asked["id"], "result": None})
        patterns = [one["globPattern"] for one in asked["params"]["registrations"][0]["registerOptions"]["watchers"]]
        self.assertEqual(patterns, ["**/rbpf.json", "**/*.{c,h}"])
        session.open(folder / "src" / "main.c")
        return session, folder

    def tell_changed(self, session, *files):
        session.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri(file), "type": 2} for file in files]})

    def test_what_another_program_does_to_a_closed_file_is_seen(self):
        session, folder = self.opened_and_watched("int other(void);\nint run(void) { return other(); }\n")
        other = folder / "src" / "other.c"
        session.diagnostics(folder / "src" / "main.c", len, "a function that is missing")
        other.write_text("int other(void) { return missing; }\n", encoding="utf-8")
        self.tell_changed(session, other)
        self.assertIn("missing", session.diagnostics(other, len, "a mistake elsewhere")[0]["message"])

    def test_a_project_that_is_deleted_while_it_is_open_takes_its_findings_with_it(self):
        session, folder = self.opened_and_watched(FLOATS)
        file = folder / "src" / "main.c"
        session.diagnostics(file, ours, "our diagnostic")
        (folder / "rbpf.json").unlink()
        self.tell_changed(session, folder / "rbpf.json")
        session.diagnostics(file, lambda all: not ours(all), "none of ours")
        self.assertIn("no project", session.answer("rbpf/costs", {"folder": str(folder)})["error"]["message"])

    def test_a_header_of_two_projects_is_checked_with_both(self):
        shared = self.folder / "shared"
        shared.mkdir()
        header = shared / "half.h"
        header.write_text("static inline int half(volatile int *context) { return context[0] / 2; }\n", encoding="utf-8")
        session = self.session()
        session.start(self.folder)
        for name in ("one", "two"):
            folder = self.script('#include "half.h"\nint run(volatile int *context) { return half(context); }\n', name, include=["../shared"])
            session.open(folder / "src" / "main.c")
            session.wait(lambda one, folder=folder: one.get("method") == "rbpf/costsChanged" and one["params"] == {"folder": str(folder), "ok": True}, "a build")
        session.open(header)
        for before in ("", "\n\n"):
            session.edit(header, before + "static inline int half(volatile int *context) { return context[0] * 0.5; }\n")
            for name in ("one", "two"):
                session.wait(lambda one, name=name: one.get("method") == "rbpf/costsChanged" and one["params"] == {"folder": str(self.folder / name), "ok": False}, "a build")
            found = ours(session.diagnostics(header, lambda all, line=len(before): ours(all) and ours(all)[0]["range"]["start"]["line"] == line, "at its line"))
            self.assertEqual(len(found), 1, found)

    def test_who_waits_for_a_project_that_is_deleted_gets_an_answer(self):
        session, folder = self.opened_and_watched(FLOATS)
        file = folder / "src" / "main.c"
        session.diagnostics(file, ours, "our diagnostic")
        session.edit(file, ENTRY)
        number = session.ask("textDocument/codeLens", {"textDocument": {"uri": uri(file)}})
        session.answer("rbpf/costs", {"folder": "/"})  # so that it waits by now
        (folder / "rbpf.json").unlink()
        self.tell_changed(session, folder / "rbpf.json")
        session.wait(lambda one: one.get("id") == number and "method" not in one, "an answer")

    def test_a_folder_becomes_a_project_while_a_file_of_it_is_open(self):
        folder = self.script(FLOATS)
        config = (folder / "rbpf.json").read_text(encoding="utf-8")
        (folder / "rbpf.json").unlink()
        session, file = self.session(), folder / "src" / "main.c"
        session.start(self.folder)
        session.open(file)
        session.result("textDocument/hover", session.at(file, "run"))  # it has been opened outside of a project
        (folder / "rbpf.json").write_text(config, encoding="utf-8")
        self.tell_changed(session, folder / "rbpf.json")
        self.assertIn("floating point", ours(session.diagnostics(file, ours, "our diagnostic"))[0]["message"])

    def test_what_is_switched_off_is_taken_away_at_once(self):
        session, file = self.opened(ENTRY)
        for _ in range(2):
            session.wait(lambda one: str(one.get("method")).endswith("/refresh"), "the first costs")
        session.notify("workspace/didChangeConfiguration", {"settings": {"rbpf": {"inlayCosts": False, "codeLens": False}}})
        for kind in ("codeLens", "inlayHint"):
            session.wait(lambda one, kind=kind: one.get("method") == f"workspace/{kind}/refresh", f"{kind} asked for again")
        self.assertEqual(session.result("textDocument/codeLens", {"textDocument": {"uri": uri(file)}}), [])


class Boards(LspTest):
    def setUp(self):
        super().setUp()
        self.addCleanup(lambda: self.run_rbpf("board", "stop", "desk"))
        self.rbpf("board", "start", "native", "--name", "desk")

    def test_a_lens_s_command_deploys(self):
        session, file = self.opened(ENTRY)
        folder = file.parent.parent
        told = session.result("workspace/executeCommand", {"command": "rbpf.deploy", "arguments": [str(folder), "tick"]})
        self.assertRegex(told, r"^deployed script 0\.1\.0 \(\d+ B\) to desk slot \d+ in \d+ ms$")
        session.wait(lambda one: one.get("method") == "window/showMessage" and one["params"]["message"] == told, "the same as a message")
        self.assertEqual(self.report("list", "--board", "desk")[0]["name"], "script")
        session.edit(file, FLOATS)
        file.write_text(FLOATS, encoding="utf-8")
        refused = session.answer("workspace/executeCommand", {"command": "rbpf.deploy", "arguments": [str(folder), "run"]})
        self.assertIn("does not build", refused["error"]["message"])

    def test_commands_that_an_editor_cannot_do_say_how(self):
        session, file = self.opened(ENTRY)
        folder = str(file.parent.parent)
        self.assertIn(f"rbpf debug {folder}", session.result("workspace/executeCommand", {"command": "rbpf.debug", "arguments": [folder, "tick"]}))
        self.assertIn("instructions", session.result("workspace/executeCommand", {"command": "rbpf.showCosts", "arguments": [folder]}))
        for call in ({"command": "rbpf.deploy"}, {"command": "rbpf.deploy", "arguments": ["/"]}, {"command": "rbpf.fly", "arguments": [folder]}):
            self.assertEqual(session.answer("workspace/executeCommand", call)["error"]["code"], -32602)

    def test_the_board_s_limits_are_known(self):
        session, file = self.opened(ENTRY, stack=60000)
        config = file.parent.parent / "rbpf.json"
        found = session.diagnostics(config, ours, "the board's limit")
        self.assertRegex(found[0]["message"], r"asks for a stack of 60000 bytes, native \(firmware .*\) has \d+")


if __name__ == "__main__":
    unittest.main()
