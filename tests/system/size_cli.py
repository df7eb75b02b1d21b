# SPDX-License-Identifier: GPL-3.0-or-later
"""rbpf size: why a script grew since a git revision, limits for CI, packed sizes."""

import json
import subprocess
import unittest

from cli_case import CliTest

SMALL = """#include <rbpf/rbpf.h>
static __attribute__((noinline)) int twice(int x)
{
    return x * 2 + (int)bpf_now_ms();
}
int run(int *context)
{
    return twice(*context);
}
"""
LARGE = """#include <rbpf/rbpf.h>

static __attribute__((noinline)) int twice(int x)
{
    return x * 2 + (int)bpf_now_ms();
}
static __attribute__((noinline)) int thrice(int x)
{
    return x * 3 + (int)bpf_now_ms();
}
int run(int *context)
{
    bpf_printf("a new string\\n");
    return twice(*context) + thrice(context[1]);
}
"""


class Against(CliTest):
    def git(self, *arguments):
        done = subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], cwd=self.folder / "repository",
                              capture_output=True, text=True, timeout=60, check=False, env=self.env)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def repository(self):
        """A project in a folder of a repository: SMALL committed and tagged "v1", LARGE in the work tree."""
        (self.folder / "repository").mkdir()
        self.git("init", "-q")
        folder = self.script(SMALL, "repository/demo")
        (folder / "rbpf.json").write_text('{"name": "demo"}', encoding="utf-8")
        (self.folder / "repository/.gitignore").write_text("build\ncompile_commands.json\n", encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "small")
        self.git("tag", "v1")
        (folder / "src/main.c").write_text(LARGE, encoding="utf-8")
        return "repository/demo"

    def test_growth_since_a_revision_is_told_with_its_reasons(self):
        demo = self.repository()
        before = self.git("status", "--porcelain"), self.git("worktree", "list")
        report = self.report("size", demo, "--against", "git:v1")
        self.assertEqual((self.git("status", "--porcelain"), self.git("worktree", "list")), before, "the user's tree is left alone")
        diff = report["diff"]
        kinds = {function["name"]: function["kind"] for function in diff["functions"]}
        self.assertEqual(kinds, {"thrice": "new", "run": "changed"}, "twice only moved")
        self.assertEqual(diff["totals"]["text"]["now"], report["text"])
        self.assertEqual(diff["totals"]["text"]["before"], report["against"]["text"])
        self.assertEqual(sum(f["bytes"]["change"] for f in diff["functions"]), diff["totals"]["text"]["change"])
        self.assertEqual(diff["addedStrings"], ["a new string\n"])
        run = next(f for f in diff["functions"] if f["name"] == "run")
        self.assertIn(13, [line["line"] for line in run["lines"]])
        text = self.rbpf("size", demo, "--against", "git:v1")
        self.assertIn("thrice is new", text)
        self.assertIn('string "a new string\\n" is new: 14 B', text)

    def test_the_comparison_is_printed_for_a_pull_request(self):
        demo = self.repository()
        text = self.rbpf("size", demo, "--against", "git:HEAD", "--markdown", "--limit", "text=4000")
        self.assertIn("| | before | now | change |", text)
        self.assertIn("- thrice is new", text)
        self.assertRegex(text, "text grew by \\d+ B")
        self.assertIn("✓ text is", text)
        self.fails(2, "size", demo, "--markdown")

    def test_what_cannot_be_compared_is_said_in_words(self):
        demo = self.repository()
        self.assertIn('git knows no revision "nowhere"', self.fails(2, "size", demo, "--against", "git:nowhere"))
        self.assertIn("git knows no revision", self.fails(2, "size", demo, "--against", "git:--output=x"))
        self.assertFalse((self.folder / "x").exists())
        self.assertIn("names no revision", self.fails(2, "size", demo, "--against", "git:"))
        outside = self.script(SMALL, "outside")
        self.assertIn("lies in no git repository", self.fails(2, "size", outside, "--against", "git:HEAD"))
        (self.folder / demo / "src/main.c").write_text("int run(void) { return missing; }\n", encoding="utf-8")
        self.git("commit", "-q", "-a", "-m", "broken")
        (self.folder / demo / "src/main.c").write_text(SMALL, encoding="utf-8")
        self.assertIn("does not build at HEAD", self.fails(1, "size", demo, "--against", "git:HEAD"))
        self.git("checkout", "-q", "--orphan", "empty")
        self.git("rm", "-q", "-r", "-f", "--cached", ".")
        self.git("commit", "-q", "--allow-empty", "-m", "nothing")
        self.assertIn("there is no project", self.fails(2, "size", demo, "--against", "git:empty"))


class Limits(CliTest):
    def test_a_broken_limit_is_exit_code_1_and_a_sentence(self):
        demo = self.script(SMALL)
        self.rbpf("size", demo, "--limit", "text=4000,stack=512,worst=5000,image=9999,instructions=999")
        words = self.fails(1, "size", demo, "--limit", "text=8,stack=512,instructions=1")
        self.assertRegex(words, r"text is \d+ B, \d+ B over its limit of 8 B")
        self.assertRegex(words, r"instructions is \d+, \d+ over its limit of 1")
        self.assertNotIn("stack", words)
        code, out, _ = self.run_rbpf("size", demo, "--limit", "text=8", "--json")
        self.assertEqual(code, 1)
        self.assertFalse(json.loads(out)["limits"][0]["kept"])

    def test_an_unbounded_worst_case_breaks_its_limit_and_says_why(self):
        demo = self.script("int run(volatile int *c)\n{\n    while (c[0]) {\n        c[1]++;\n    }\n    return 0;\n}\n")
        self.assertIn("unbounded", self.fails(1, "size", demo, "--limit", "worst=1000000"))

    def test_a_limit_that_is_none_is_refused_with_those_there_are(self):
        demo = self.script(SMALL)
        for limit in ("text", "text=", "text=-1", "texts=4", "=", "text=1x", "text=99999999999999999999"):
            self.assertIn("rodata", self.fails(2, "size", demo, "--limit", limit), limit)


class Page(CliTest):
    def test_the_page_stands_by_itself_and_has_every_function_and_instruction(self):
        self.rbpf("new", "thermostat", "demo")
        report = self.report("size", "demo", "--html", "page.html")
        page = (self.folder / "page.html").read_text(encoding="utf-8")
        for function in report["functions"]:
            self.assertIn(f'href="#at-{function["offset"]}"', page)
            self.assertIn(f'id="at-{function["offset"]}"', page)
        for line in self.report("disasm", "demo/build/demo.rbpf"):
            self.assertRegex(page, rf"(?m)(^|\n) *{line['index']}  ")
        for outside in ("<script", "http://", "https://", "<link", "<img", "url("):
            self.assertNotIn(outside, page)
        self.assertIn("prefers-color-scheme: dark", page)
        self.fails(1, "size", "demo", "--html", "demo/src")  # a folder


class Packed(CliTest):
    def test_packed_sizes_are_told(self):
        self.rbpf("new", "thermostat", "demo")
        report = self.report("size", "demo", "--packed")
        packed = report["packed"]
        self.assertEqual(packed["plain"], report["image"])
        self.assertLess(packed["varint_lzss"], packed["plain"])
        self.assertIn("on the wire", self.rbpf("size", "demo", "--packed"))


if __name__ == "__main__":
    unittest.main()
