# SPDX-License-Identifier: GPL-3.0-or-later
"""The headers as scripts and firmware meet them: each compiles alone in every language, the numbers are those that
other programs use, scripts of rBPF and Femto-Containers compile unchanged, and the docs agree with the table."""

import concurrent.futures
import importlib.util
import os
import re
import subprocess
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("RBPF_SOURCE", Path(__file__).resolve().parents[3]))
HEADERS = SOURCE / "headers"
SCRIPTS = Path(__file__).resolve().parent / "scripts"

INCLUDE = ["-I", str(HEADERS)]
COMPAT = ["-I", str(HEADERS / "compat"), "-I", str(HEADERS / "rbpf" / "libc")]
STRICT = ["-Wall", "-Wextra", "-Werror"]
BPF = ["clang-19", "-target", "bpf", "-mcpu=v4", "-Oz", "-ffreestanding"]
LANGUAGES = {
    "C for BPF": BPF + ["-x", "c", "-std=c11"],
    "C++20 for BPF": BPF + ["-x", "c++", "-std=c++20"],
    "C11 by gcc": ["gcc", "-x", "c", "-std=c11"],
    "C++20 by g++": ["g++", "-x", "c++", "-std=c++20"],
    "C++20 by clang": ["clang-19", "-x", "c++", "-std=c++20"],
    "C11 for Cortex-M0": ["arm-none-eabi-gcc", "-mcpu=cortex-m0", "-ffreestanding", "-x", "c", "-std=c11"],
}


def compile_text(command, text, *more):
    return subprocess.run([*command, *STRICT, *INCLUDE, *more, "-"], input=text, capture_output=True, text=True)


def compile_script(path, *more):
    return subprocess.run([*BPF, *STRICT, "-Wno-pointer-sign", *INCLUDE, *COMPAT, "-c", "-o", "/dev/null", *more,
                           str(path)], capture_output=True, text=True)


def docs_tool():
    spec = importlib.util.spec_from_file_location("make_bindings", HEADERS / "docs" / "make_bindings.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table():
    tool = docs_tool()
    return list(tool.rows(tool.TABLE.read_text(encoding="utf-8")))


class Headers(unittest.TestCase):
    def all_compile(self, headers, *more):
        self.assertTrue(headers)
        jobs = [(header, language) for header in headers for language in LANGUAGES]

        def run(job):
            header, language = job
            return job, compile_text(LANGUAGES[language], f"#include <{header}>\n", "-fsyntax-only", *more)

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for (header, language), result in pool.map(run, jobs):
                with self.subTest(header=header, language=language):
                    self.assertEqual(result.returncode, 0, result.stderr)

    def test_every_header_compiles_alone_in_every_language(self):
        self.all_compile(sorted(f"rbpf/{path.name}" for path in (HEADERS / "rbpf").glob("*.h")))

    def test_every_compatibility_header_compiles_alone_for_scripts(self):
        for path in sorted((HEADERS / "compat").rglob("*.h")):
            header = path.relative_to(HEADERS / "compat")
            for language in ("C for BPF", "C++20 for BPF"):
                with self.subTest(header=str(header), language=language):
                    result = compile_text(LANGUAGES[language], f"#include <{header}>\n", "-fsyntax-only", *COMPAT)
                    self.assertEqual(result.returncode, 0, result.stderr)

    def test_numbers_and_layouts_are_those_of_riot_and_coap_on_every_machine(self):
        text = (SCRIPTS / "numbers.c").read_text(encoding="utf-8")
        for language, command in LANGUAGES.items():
            with self.subTest(language=language):
                result = compile_text(command, text, "-fsyntax-only")
                self.assertEqual(result.returncode, 0, result.stderr)

    def test_sec_names_the_section_and_keeps_a_static_function(self):
        text = '#include <rbpf/sec.h>\nSEC("coap/sensor") static int answer(void) { return 1; }\n'
        result = compile_text(LANGUAGES["C for BPF"], text, "-S", "-o", "-")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r'\.section\s+"?coap/sensor"?')
        self.assertRegex(result.stdout, r"(?m)^answer:")


class Bindings(unittest.TestCase):
    def test_every_binding_becomes_a_call_by_its_id(self):
        rows = table()
        for prefix, include in (("bpf_", "rbpf/rbpf.h"), ("bpfc_", "bpfc.h")):
            text = f"#include <{include}>\n"
            for number, name, _, _, _ in rows:
                text += f"unsigned long f_{name}(void) {{ return (unsigned long){prefix}{name}; }}\n"
            result = compile_text(LANGUAGES["C for BPF"], text, "-S", "-o", "-", *COMPAT)
            self.assertEqual(result.returncode, 0, result.stderr)
            found = dict(re.findall(r"(?m)^f_(\w+):.*\n(?:.*\n)*?\s+[rw]0 = (\d+|0x[0-9a-f]+)", result.stdout))
            self.assertEqual({name: int(value, 0) for name, value in found.items()},
                             {name: number for number, name, _, _, _ in rows})

    def test_printing_what_the_format_does_not_say_is_a_warning(self):
        body = '#include <rbpf/print.h>\nint f(uint64_t n) {{ return bpf_printf("{}\\n", n); }}\n'
        self.assertEqual(compile_text(LANGUAGES["C for BPF"], body.format("%lu"), "-fsyntax-only").returncode, 0)
        self.assertIn("-Wformat", compile_text(LANGUAGES["C for BPF"], body.format("%d"), "-fsyntax-only").stderr)

    def test_ids_are_ascending_and_fit_a_call(self):
        ids = [row[0] for row in table()]
        self.assertEqual(ids, sorted(set(ids)))

    def test_ids_that_rbpf_and_femto_containers_share_are_kept(self):
        shared = {"printf": 0x01, "memcpy": 0x02, "print_debug": 0x03, "store_local": 0x10, "store_global": 0x11,
                  "fetch_local": 0x12, "fetch_global": 0x13, "now_ms": 0x20, "saul_reg_find_nth": 0x30,
                  "saul_reg_find_type": 0x31, "saul_reg_read": 0x32, "saul_reg_write": 0x33, "gcoap_resp_init": 0x40,
                  "coap_opt_finish": 0x41, "coap_add_format": 0x42, "coap_get_pdu": 0x43, "fmt_s16_dfp": 0x50,
                  "fmt_u32_dec": 0x51, "strlen": 0x52, "ztimer_now": 0x60, "ztimer_periodic_wakeup": 0x61,
                  "gpio_read_input": 0x70, "gpio_read_raw": 0x71, "gpio_write": 0x72}
        found = {name: number for number, name, _, _, _ in table()}
        self.assertEqual({name: found.get(name) for name in shared}, shared)

    def test_the_names_that_foreign_sources_have_for_ids_agree_with_the_table(self):
        text = "#include <bpf/shared.h>\n"
        for number, name, _, _, _ in table():
            text += f'_Static_assert(BPF_FUNC_BPF_{name.upper()} == {number}, "{name}");\n'
        result = compile_text(LANGUAGES["C for BPF"], text, "-fsyntax-only", *COMPAT)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_the_docs_page_agrees_with_the_table(self):
        result = subprocess.run(["python3", str(HEADERS / "docs" / "make_bindings.py"), "--check"],
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_a_changed_table_makes_the_docs_page_stale(self):
        tool = docs_tool()
        text = tool.TABLE.read_text(encoding="utf-8")
        self.assertNotEqual(tool.page(text), tool.page(text.replace("now_ms, uint32_t", "now_ms, uint64_t")))
        self.assertEqual(tool.page(text).count("\n| 0x"), len(table()))


class Scripts(unittest.TestCase):
    def test_listing_1_compiles_as_printed_behind_one_include(self):
        listing = (SCRIPTS / "listing1.c").read_text(encoding="utf-8")
        for include, text in (("rbpf/rbpf.h", listing), ("bpf/bpfapi/helpers.h", listing),
                              ("bpfc.h", re.sub(r"\bbpf_", "bpfc_", listing))):
            with self.subTest(include=include):
                result = compile_text(LANGUAGES["C for BPF"], f'#include "{include}"\n{text}', "-c", "-o", "/dev/null",
                                      *COMPAT)
                self.assertEqual(result.returncode, 0, result.stderr)

    def test_scripts_in_the_manner_of_rbpf_and_femto_containers_compile(self):
        scripts = sorted([*SCRIPTS.glob("rbpf_*.c"), *SCRIPTS.glob("femto_*.c")])
        self.assertGreaterEqual(len(scripts), 4)
        for script in scripts:
            with self.subTest(script=script.name):
                result = compile_script(script)
                self.assertEqual(result.returncode, 0, result.stderr)

    def test_every_path_that_their_scripts_include_is_there(self):
        for header in ("bpf/bpfapi/helpers.h", "bpf/bpfapi/coap.h", "bpf/helpers.h", "bpf/shared.h",
                       "bpfapi/helpers.h", "bpfapi/coap.h", "femtocontainer/shared.h",
                       "femtocontainer/builtin_shared.h", "helpers.h", "shared.h", "phydat.h", "saul.h", "fmt.h",
                       "net/coap.h", "net/gcoap.h", "net/nanocoap.h", "unaligned.h", "bpf/bpf_helpers.h",
                       "linux/bpf.h"):
            self.assertTrue((HEADERS / "compat" / header).is_file(), header)

    def test_every_template_compiles_without_a_warning(self):
        for script in sorted((SOURCE / "templates").glob("*/src/*.c")):
            with self.subTest(script=str(script.relative_to(SOURCE))):
                result = compile_script(script, "-Wpointer-sign")
                self.assertEqual(result.returncode, 0, result.stderr)


class Docs(unittest.TestCase):
    def test_the_glossary_explains_every_term(self):
        glossary = (HEADERS / "GLOSSARY.md").read_text(encoding="utf-8")
        for term in ("script", "object", "image", "entry", "container", "binding", "context", "region", "budget",
                     "trigger", "slot", "rejection", "fault", "halt reason", "transport", "channel", "frame", "packet",
                     "agent", "board", "session"):
            with self.subTest(term=term):
                self.assertRegex(glossary, rf"(?mi)^\*\*{term}\*\*")

    def test_code_blocks_of_the_guide_compile(self):
        guide = (HEADERS / "docs" / "writing-scripts.md").read_text(encoding="utf-8")
        blocks = re.findall(r"(?s)```c\n(.*?)```", guide)
        self.assertGreaterEqual(len(blocks), 3)
        for number, block in enumerate(blocks):
            with self.subTest(block=number):
                text = block if "#include" in block else "#include <rbpf/rbpf.h>\n" + block
                result = compile_text(LANGUAGES["C for BPF"], text, "-c", "-o", "/dev/null", *COMPAT)
                self.assertEqual(result.returncode, 0, result.stderr + block)


if __name__ == "__main__":
    unittest.main()
