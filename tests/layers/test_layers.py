# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree keeps the house rules, and the checks notice when it does not."""

import concurrent.futures
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import layers

ROOT = Path(__file__).resolve().parents[2]


class TheTree(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = layers.tracked(ROOT)

    def holds(self, check):
        findings = check(ROOT, self.files)
        self.assertEqual([], findings, "\n" + "\n".join(findings))

    def test_folders_include_only_what_stands_above_them(self):
        self.holds(layers.check_include_order)

    def test_every_source_names_its_licence(self):
        self.holds(layers.check_licences)

    def test_paths_named_in_the_docs_exist(self):
        self.holds(layers.check_doc_paths)

    def test_every_header_compiles_alone(self):
        headers = [n for n in self.files if n.endswith((".h", ".hpp")) and layers.layer_of(n)
                   and not n.startswith(("headers/compat/", "headers/rbpf/libc/", "firmware/riot/"))]
        headers = [name for name in headers if not self.is_compiled_first(name)]
        self.assertGreater(len(headers), 10)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            failures = [text for text in pool.map(self.compile_alone, headers) if text]
        self.assertEqual([], failures, "\n" + "\n".join(failures))

    def is_compiled_first(self, name):
        """The build compiles it alone already: a source beside it includes it before anything else."""
        source = name.rsplit(".", 1)[0] + ".cpp"
        first = next(layers.includes(ROOT, source), None) if source in self.files else None
        return first is not None and layers.resolve(ROOT, source, first[1], first[2]) == name

    @staticmethod
    def compile_alone(name):
        language, standard = ("c++", "c++20") if name.endswith(".hpp") else ("c", "c11")
        include = ["-I", str(ROOT), "-I", str(ROOT / "headers"), "-I", str(ROOT / "firmware")]
        if name.startswith(("sdk/compile/", "debugger/dwarf/")):
            include += ["-isystem", "/usr/lib/llvm-19/include"]
        if name.startswith(("ide/model/", "ide/views/", "ide/app/")):
            flags = subprocess.run(["pkg-config", "--cflags", "Qt6Widgets"], capture_output=True, text=True, check=True).stdout
            include += ["-fPIC", "-DQT_NO_KEYWORDS", *flags.split()]
        result = subprocess.run(["g++" if language == "c++" else "gcc", "-x", language, f"-std={standard}",
                                 "-fsyntax-only", "-Wall", "-Wextra", *include, "-include", str(ROOT / name),
                                 "/dev/null"], capture_output=True, text=True, check=False)
        return f"{name}: {result.stderr}" if result.returncode or result.stderr else ""


class TheChecks(unittest.TestCase):
    """Each check finds a violation that is put in front of it."""

    def findings(self, check, **files):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in {name.replace("__", "/"): text for name, text in files.items()}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            return check(root, layers.tracked(root))

    def test_an_include_of_a_lower_layer_is_found(self):
        found = self.findings(layers.check_include_order, **{
            "sdk/support/a.hpp": '#include "sdk/project/b.hpp"\n', "sdk/project/b.hpp": ""})
        self.assertIn("stands below it", found[0])

    def test_an_include_of_a_test_fake_is_found(self):
        found = self.findings(layers.check_include_order, **{
            "sdk/support/a.hpp": '#include "tests/fakes/b.hpp"\n', "tests/fakes/b.hpp": ""})
        self.assertIn("which no layer holds", found[0])

    def test_llvm_outside_of_its_folders_is_found(self):
        found = self.findings(layers.check_include_order, **{"sdk/link/a.cpp": "#include <llvm/IR/Module.h>\n"})
        self.assertIn("clang and LLVM headers", found[0])

    def test_a_library_header_in_freestanding_code_is_found(self):
        found = self.findings(layers.check_include_order, **{"firmware/rbpf_vm/a.cpp": "#include <vector>\n"})
        self.assertIn("freestanding", found[0])

    def test_a_missing_and_a_wrong_licence_are_found(self):
        found = self.findings(layers.check_licences, **{
            "sdk/link/a.cpp": "int a;\n", "headers/rbpf/b.h": "/* SPDX-License-Identifier: GPL-3.0-or-later */\n"})
        self.assertEqual(2, len(found))

    def test_a_path_that_does_not_exist_is_found(self):
        found = self.findings(layers.check_doc_paths, **{
            "README.md": "See `sdk/nowhere` and [there](sdk/gone.md), not `coap/sensor`.\n", "sdk/a.cpp": ""})
        self.assertEqual(2, len(found))


if __name__ == "__main__":
    unittest.main()
