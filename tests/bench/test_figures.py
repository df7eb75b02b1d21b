# SPDX-License-Identifier: GPL-3.0-or-later
"""What ./bench makes of its programs' output."""
import unittest

import figures

HARNESS = "".join(
    f"m4.native.{kernel}.instructions 100\nm4.interpreter.{kernel}.instructions 2500\n"
    f"m4.interpreter.{kernel}.instructions.regions4 2500\nm4.interpreter.{kernel}.instructions.regions16 2500\n"
    f"m4.interpreter.{kernel}.instructions.sliced 2600\nm4.interpreter.{kernel}.instructions.single 9000\n"
    for kernel in figures.KERNELS) + ("m4.interpreter.listing1.vm 800\nm4.interpreter.listing1.bindings 2000\n"
                                      "m4.ram.container 648\n")


def values(items):
    return {item["name"]: item["value"] for item in items}


class Figures(unittest.TestCase):
    def test_names_are_those_of_the_design(self):
        found = values(figures.harness_figures(figures.parse_harness(HARNESS)))
        self.assertEqual(found["m4.native.fletcher32.instructions"], 100)
        self.assertEqual(found["m4.interpreter.fletcher32.instructions"], 2500)
        self.assertEqual([found[f"m4.interpreter.fletcher32.regions{n}.instructions"] for n in (1, 4, 16)], [2500] * 3)
        self.assertEqual([found[f"m4.interpreter.sort.{form}.instructions"] for form in ("sliced", "single")], [2600, 9000])
        self.assertEqual(found["m4.ratio.crc32"], 25)
        self.assertEqual(found["m4.ram.container"], 648)

    def test_the_mean_is_geometric_and_leaves_out_the_script_that_only_calls(self):
        uneven = HARNESS.replace("m4.interpreter.sort.instructions 2500", "m4.interpreter.sort.instructions 160000") \
                        .replace("m4.interpreter.listing1.instructions 2500", "m4.interpreter.listing1.instructions 99999")
        found = values(figures.harness_figures(figures.parse_harness(uneven)))
        self.assertEqual(found["m4.geomean.ratio"], 50)  # 25 · 64^(1/6)
        self.assertEqual((found["m4.interpreter.listing1.vm"], found["m4.interpreter.listing1.bindings"]), (800, 2000))

    def test_each_core_has_figures_of_its_own(self):
        found = values(figures.harness_figures(figures.parse_harness(HARNESS.replace("m4.", "m0.")), "m0"))
        self.assertEqual(found["m0.ratio.crc32"], 25)
        self.assertFalse([name for name in found if not name.startswith("m0.")])

    def test_a_line_that_is_no_figure_stops_the_benchmark(self):
        with self.assertRaisesRegex(figures.Unreadable, "rejected"):
            figures.parse_harness("fletcher32: the image is rejected: -10\n")

    def test_a_missing_figure_is_named(self):
        with self.assertRaisesRegex(figures.Unreadable, "m4.native.sort.instructions"):
            figures.harness_figures(figures.parse_harness(HARNESS.replace("m4.native.sort.instructions 100\n", "")))

    def test_flash_is_code_and_initial_data_of_every_object(self):
        output = ("   text\t   data\t    bss\t    dec\t    hex\tfilename\n"
                  "   1000\t      8\t     64\t   1072\t    430\ta.cpp.obj (ex librbpf_vm_m4.a)\n"
                  "    500\t      0\t      0\t    500\t    1f4\tb.cpp.obj (ex librbpf_vm_m4.a)\n")
        self.assertEqual(figures.parse_size(output), 1508)
        self.assertEqual(figures.parse_size(output, objects=r"b\w*\.cpp"), 500)
        with self.assertRaises(figures.Unreadable):
            figures.parse_size("   text\t   data\n")

    def test_the_debuggers_lines_are_all_wanted_and_no_others(self):
        output = "".join(f"{name} {number}.500\n" for number, name in enumerate(figures.DEBUGGER_UNITS))
        self.assertEqual(figures.printed_figures("rbpf-bench-debug", output, figures.DEBUGGER_UNITS)[0], {"name": "step.ms.p50", "value": 0.5, "unit": "ms"})
        with self.assertRaisesRegex(figures.Unreadable, "step.ms.p99"):
            figures.printed_figures("rbpf-bench-debug", output.replace("step.ms.p99 1.500\n", ""), figures.DEBUGGER_UNITS)
        with self.assertRaisesRegex(figures.Unreadable, "oops"):
            figures.printed_figures("rbpf-bench-debug", output + "oops\n", figures.DEBUGGER_UNITS)

    def test_goals_are_judged_beside_the_figures(self):
        self.assertIn("met", figures.verdict("m4.ram.container", 660))
        self.assertIn("MISSED", figures.verdict("m4.ram.container", 661))
        self.assertEqual(figures.verdict("m4.ratio.sort", 25), "")

    def test_regions_that_cost_are_seen(self):
        items = figures.harness_figures(figures.parse_harness(HARNESS))
        self.assertIn("met", figures.flatness(items))
        slow = HARNESS.replace("m4.interpreter.sieve.instructions.regions16 2500", "m4.interpreter.sieve.instructions.regions16 5000")
        self.assertIn("100.00 % (sieve, 16 regions): goal flat: MISSED",
                      figures.flatness(figures.harness_figures(figures.parse_harness(slow))))

    def test_the_median_is_in_milliseconds(self):
        self.assertEqual(figures.median_ms([0.010, 0.012, 0.5]), 12.0)


if __name__ == "__main__":
    unittest.main()
