# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of ./bench: what the programs print becomes names, values and units; the goals; the table for people."""
import re
import statistics

KERNELS = ("fletcher32", "crc32", "sort", "sieve", "arithmetic64", "scan", "listing1")
# Runs cut into calls: of as many instructions as the agent gives a script at a time, and of one.
CUT_FORMS = ("sliced", "single")
# Does little but call bindings: not among what is interpreted (geomean), but split into the VM's and the bindings' work.
SCRIPT_OF_CALLS = "listing1"

# Figure, largest value that meets the goal, and where the goal comes from.
GOALS = {
    "m4.flash.vm": (4364, "rBPF's interpreter"),
    "m4.flash.debug": (2048, "the debugger's part of the agent"),
    "m4.interpreter.fletcher32.instructions": (20000, "Femto-Container: 46,022 to 52,970"),
    "m4.geomean.ratio": (20, "all kernels, against native code"),
    "m0.geomean.ratio": (20, "all kernels, against native code"),
    "m4.ram.container": (660, "rBPF"),
    "analyse.ms": (50, "rbpf size of the slowest template, whole process"),
    "build.ms": (100, "whole process"),
    "deploy.ms": (100, "to a running native board"),
    "step.ms.p99": (2, "one step, over the PTY"),
    "step.throttled.ratio": (1.3, "time on a line of 115200 baud, against the wire time of its bytes"),
    "stop.roundtrips": (2, "source, registers, stack and locals of a stop"),
    "history.seek.ms": (50, "to any of 10,000 recorded instructions"),
    "history.mb_per_million": (100, "of recorded instructions"),
    "lsp.diagnostics.open.ms": (500, "from the start of rbpf lsp to the first mistake told"),
    "lsp.diagnostics.edit.ms": (200, "from a change to the mistake in it, the pause of 120 ms included"),
    "wire.fletcher32.varint_lzss": (255, "wasm -Oz of the same function"),
    "lsp.completion.ms": (100, "after a letter typed into some hundred lines, through rbpf lsp"),
    "studio.start.ms": (1000, "from exec to a window that answers a key"),
    "studio.key.ms.p95": (16, "key press to paint, in 2,000 lines"),
    "studio.costs.ms": (200, "last key to new costs, the pause of 120 ms included"),
    "studio.memory.mb": (300, "resident, while a script is debugged"),
}
FLAT_PERCENT = 1  # more regions may cost this much


class Unreadable(Exception):
    """A program's output is not what is expected; says which line."""


def figure(name, value, unit):
    return {"name": name, "value": value, "unit": unit}


def parse_harness(output):
    """The lines "NAME VALUE" of rbpf-bench-CORE as a dictionary; any other line is an error."""
    raw = {}
    for line in output.splitlines():
        line = line.strip()
        if not line:
            continue
        match = re.fullmatch(r"([a-z0-9.]+) (\d+)", line)
        if not match:
            raise Unreadable(f"the benchmark printed: {line}")
        raw[match.group(1)] = int(match.group(2))
    return raw


# What rbpf-bench-debug prints, with its unit.
DEBUGGER_UNITS = {"step.ms.p50": "ms", "step.ms.p99": "ms", "step.throttled.ratio": "ratio", "stop.roundtrips": "round trips",
                  "history.seek.ms": "ms", "history.mb_per_million": "MB"}


# The same of rbpf-bench-language. Memory: rbpf lsp and clangd.
LANGUAGE_UNITS = {"lsp.diagnostics.open.ms": "ms", "lsp.diagnostics.edit.ms": "ms", "lsp.completion.ms": "ms", "lsp.completion.ms.p95": "ms", "lsp.memory.mb": "MB"}


# The same of rbpf-bench-studio. Memory: resident, the same with what others share counted in part, and of the programs it runs.
STUDIO_UNITS = {"studio.start.ms": "ms", "studio.key.ms.p50": "ms", "studio.key.ms.p95": "ms", "studio.key.ms.max": "ms",
                "studio.costs.ms": "ms", "studio.costs.large.ms": "ms", "studio.memory.mb": "MB", "studio.memory.pss.mb": "MB",
                "studio.memory.helpers.mb": "MB"}


def printed_figures(program, output, units):
    """The lines "NAME VALUE" of a program, all that `units` names."""
    values = {}
    for line in output.splitlines():
        match = re.fullmatch(r"(\S+) (\d+(?:\.\d+)?)", line.strip())
        if not match or match.group(1) not in units:
            raise Unreadable(f"{program} printed: {line}")
        values[match.group(1)] = float(match.group(2))
    missing = units.keys() - values.keys()
    if missing:
        raise Unreadable(f"{program} did not print {', '.join(sorted(missing))}")
    return [figure(name, values[name], unit) for name, unit in units.items()]


def harness_figures(raw, core="m4"):
    """Instructions per kernel, with 1, 4 and 16 regions, and cut into calls, their ratio to native code on the same core, and RAM."""
    figures = []

    def take(name):
        try:
            return raw[f"{core}.{name}"]
        except KeyError as missing:
            raise Unreadable(f"rbpf-bench-{core} did not print {missing.args[0]}") from None

    def add(name, value, unit):
        figures.append(figure(f"{core}.{name}", value, unit))

    ratios = []
    for kernel in KERNELS:
        native, interpreted = take(f"native.{kernel}.instructions"), take(f"interpreter.{kernel}.instructions")
        by_regions = {n: take(f"interpreter.{kernel}.instructions.regions{n}") for n in (4, 16)}
        if native == 0:
            raise Unreadable(f"rbpf-bench-{core} measured no native instructions of {kernel}")
        if kernel != SCRIPT_OF_CALLS:
            ratios.append(interpreted / native)
        add(f"native.{kernel}.instructions", native, "instructions")
        add(f"interpreter.{kernel}.instructions", interpreted, "instructions")
        add(f"ratio.{kernel}", round(interpreted / native, 2), "ratio")
        for regions, count in ((1, interpreted), *by_regions.items()):
            add(f"interpreter.{kernel}.regions{regions}.instructions", count, "instructions")
        for form in CUT_FORMS:
            add(f"interpreter.{kernel}.{form}.instructions", take(f"interpreter.{kernel}.instructions.{form}"), "instructions")
        steps = raw.get(f"{core}.interpreter.{kernel}.steps")
        if steps is not None:
            add(f"interpreter.{kernel}.steps", steps, "BPF instructions")
    for part in ("vm", "bindings"):
        add(f"interpreter.{SCRIPT_OF_CALLS}.{part}", take(f"interpreter.{SCRIPT_OF_CALLS}.{part}"), "instructions")
    add("geomean.ratio", round(statistics.geometric_mean(ratios), 2), "ratio")
    add("ram.container", take("ram.container"), "bytes")
    return figures


def parse_size(output, objects=""):
    """Bytes of flash of libraries from `arm-none-eabi-size` in Berkeley format: code, constants, initial data. Of those
    objects only whose names begin with a match of `objects`."""
    total = 0
    for line in output.splitlines()[1:]:
        match = re.match(r"\s*(\d+)\s+(\d+)\s+(\d+)\s+\d+\s+[0-9a-f]+\s+(\S+)", line)
        if not match:
            raise Unreadable(f"arm-none-eabi-size printed: {line}")
        if re.match(objects, match.group(4)):
            total += int(match.group(1)) + int(match.group(2))
    if total == 0:
        raise Unreadable("arm-none-eabi-size printed no sizes")
    return total


def median_ms(seconds):
    return round(statistics.median(seconds) * 1000, 1)


def verdict(name, value):
    if name not in GOALS:
        return ""
    limit, origin = GOALS[name]
    return f"goal {limit:,} ({origin}): {'met' if value <= limit else 'MISSED'}"


def flatness(figures):
    """A sentence about the cost of more regions."""
    values = {item["name"]: item["value"] for item in figures}
    worst, where = 0.0, ""
    for kernel in KERNELS:
        one = values[f"m4.interpreter.{kernel}.regions1.instructions"]
        for regions in (4, 16):
            growth = 100 * (values[f"m4.interpreter.{kernel}.regions{regions}.instructions"] / one - 1)
            if growth > worst:
                worst, where = growth, f" ({kernel}, {regions} regions)"
    return f"More regions cost at most {worst:.2f} %{where}: goal flat: {'met' if worst <= FLAT_PERCENT else 'MISSED'}"


def table(figures):
    """Figures in columns: name, value, unit, goal. The kernels' figures with several regions are left to flatness(), those
    of cut runs to bench.json."""
    rows = [(item["name"], f"{item['value']:,}", item["unit"], verdict(item["name"], item["value"]))
            for item in figures if not re.search(r"\.(regions\d+|sliced|single)\.", item["name"])]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(f"{name:<{widths[0]}}  {value:>{widths[1]}} {unit:<{widths[2]}}  {goal}".rstrip() for name, value, unit, goal in rows)
