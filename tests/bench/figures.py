# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of ./bench: what the programs print becomes names, values and units; the goals; the table for people."""
import re
import statistics

KERNELS = ("fletcher32", "crc32", "sort", "sieve", "arithmetic64", "scan", "listing1")

# Figure, largest value that meets the goal, and where the goal comes from.
GOALS = {
    "m4.flash.vm": (4364, "rBPF's interpreter"),
    "m4.flash.debug": (2048, "the debugger's part of the agent"),
    "m4.interpreter.fletcher32.instructions": (20000, "Femto-Container: 46,022 to 52,970"),
    "m4.ram.container": (660, "rBPF"),
    "build.ms": (100, "whole process"),
    "deploy.ms": (100, "to a running native board"),
}
FLAT_PERCENT = 1  # more regions may cost this much


class Unreadable(Exception):
    """A program's output is not what is expected; says which line."""


def figure(name, value, unit):
    return {"name": name, "value": value, "unit": unit}


def parse_harness(output):
    """The lines "NAME VALUE" of rbpf-bench-m4 as a dictionary; any other line is an error."""
    raw = {}
    for line in output.splitlines():
        line = line.strip()
        if not line:
            continue
        match = re.fullmatch(r"([a-z0-9.]+) (\d+)", line)
        if not match:
            raise Unreadable(f"rbpf-bench-m4 printed: {line}")
        raw[match.group(1)] = int(match.group(2))
    return raw


def harness_figures(raw):
    """Instructions per kernel, with 1, 4 and 16 regions, their ratio to native code, and RAM."""
    figures = []
    for kernel in KERNELS:
        try:
            native, interpreted = raw[f"m4.native.{kernel}.instructions"], raw[f"m4.interpreter.{kernel}.instructions"]
            by_regions = {4: raw[f"m4.interpreter.{kernel}.instructions.regions4"],
                          16: raw[f"m4.interpreter.{kernel}.instructions.regions16"]}
        except KeyError as missing:
            raise Unreadable(f"rbpf-bench-m4 did not print {missing.args[0]}") from None
        if native == 0:
            raise Unreadable(f"rbpf-bench-m4 measured no native instructions of {kernel}")
        figures.append(figure(f"m4.native.{kernel}.instructions", native, "instructions"))
        figures.append(figure(f"m4.interpreter.{kernel}.instructions", interpreted, "instructions"))
        figures.append(figure(f"m4.ratio.{kernel}", round(interpreted / native, 2), "ratio"))
        for regions, count in ((1, interpreted), *by_regions.items()):
            figures.append(figure(f"m4.interpreter.{kernel}.regions{regions}.instructions", count, "instructions"))
        steps = raw.get(f"m4.interpreter.{kernel}.steps")
        if steps is not None:
            figures.append(figure(f"m4.interpreter.{kernel}.steps", steps, "BPF instructions"))
    if "m4.ram.container" not in raw:
        raise Unreadable("rbpf-bench-m4 did not print m4.ram.container")
    figures.append(figure("m4.ram.container", raw["m4.ram.container"], "bytes"))
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
    """Figures in columns: name, value, unit, goal. The kernels' figures with several regions are left to flatness()."""
    rows = [(item["name"], f"{item['value']:,}", item["unit"], verdict(item["name"], item["value"]))
            for item in figures if not re.search(r"\.regions\d+\.", item["name"])]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(f"{name:<{widths[0]}}  {value:>{widths[1]}} {unit:<{widths[2]}}  {goal}".rstrip() for name, value, unit, goal in rows)
