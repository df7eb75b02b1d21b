#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes bindings.md from bindings.def, or checks that it is up to date.

    make_bindings.py            write headers/docs/bindings.md
    make_bindings.py --check    exit with 1 and a diff if that would change it
"""

import difflib
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLE = HERE.parent / "rbpf" / "bindings.def"
PAGE = HERE / "bindings.md"

HEAD = """# Bindings

What a script may call. This page is made from `headers/rbpf/bindings.def` by `headers/docs/make_bindings.py`.

Ids are shared with rBPF and Femto-Containers and cross the wire; they are never reused. A script is verified against
the table of the board it is installed on: a call of an id which that firmware lacks is rejected before anything runs.
The firmware checks every pointer against the memory the script may touch; one that fails is a fault at the calling
line, not an error code.
"""

GROUPS = {
    0x0: ("Text and memory", "rbpf/print.h"),
    0x1: ("Key-value stores", "rbpf/store.h"),
    0x2: ("Time in milliseconds", "rbpf/time.h"),
    0x3: ("Sensors and actuators", "rbpf/saul.h"),
    0x4: ("CoAP", "rbpf/coap.h"),
    0x5: ("Numbers and strings", "rbpf/fmt.h"),
    0x6: ("Time in microseconds", "rbpf/time.h"),
    0x7: ("Pins", "rbpf/gpio.h"),
}


def split(text):
    """The top-level, comma-separated parts of what stands between a pair of parentheses."""
    parts, depth, quoted, start = [], 0, False, 0
    for at, char in enumerate(text):
        if char == '"' and text[at - 1] != "\\":
            quoted = not quoted
        elif quoted:
            continue
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    parts.append(text[start:].strip())
    return parts


def rows(text):
    """Every RBPF_BINDING of the table as (id, name, returns, [(macro, [arguments])], doc)."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for match in re.finditer(r"RBPF_BINDING\(", text):
        depth, at, quoted = 1, match.end(), False
        while depth > 0:
            char = text[at]
            if char == '"' and text[at - 1] != "\\":
                quoted = not quoted
            elif not quoted:
                depth += {"(": 1, ")": -1}.get(char, 0)
            at += 1
        number, name, returns, parameters, doc = split(text[match.end():at - 1])
        yield (int(number, 16), name, returns,
               [parse(parameter) for parameter in split(parameters.strip()[1:-1])],
               "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', doc)))


def parse(parameter):
    macro, _, rest = parameter.partition("(")
    return macro.strip(), split(rest[:-1]) if rest else []


def declare(kind, name):
    return f"{kind}{name}" if kind.endswith("*") else f"{kind} {name}"


def prototype(name, returns, parameters):
    shown = []
    for macro, arguments in parameters:
        if macro == "RBPF_NONE":
            shown.append("void")
        elif macro == "RBPF_MORE":
            shown.append("...")
        elif macro == "RBPF_STRING":
            shown.append(f"const char *{arguments[0]}")
        else:
            shown.append(declare(arguments[0], arguments[1]))
    return f"{declare(returns, 'bpf_' + name)}({', '.join(shown)})"


def memory(parameters):
    """What the firmware checks before it does anything, in words."""
    notes = []
    for macro, arguments in parameters:
        if macro in ("RBPF_IN", "RBPF_OUT"):
            does = "read" if macro == "RBPF_IN" else "written"
            notes.append(f"`{arguments[1]}`: {arguments[2]} bytes, {does}")
        elif macro in ("RBPF_IN_N", "RBPF_OUT_N"):
            does = "read" if macro == "RBPF_IN_N" else "written"
            count = parameters[int(arguments[2]) - 1][1][1]
            notes.append(f"`{arguments[1]}`: `{count}` bytes, {does}")
        elif macro == "RBPF_STRING":
            notes.append(f"`{arguments[0]}`: up to and with its NUL, read")
        elif macro == "RBPF_TEXT":
            notes.append(f"`{arguments[1]}`: the characters, written")
        elif macro == "RBPF_MORE":
            notes.append("at most four more numbers or strings")
    return "; ".join(notes)


def page(text):
    out = [HEAD]
    group = None
    for number, name, returns, parameters, doc in rows(text):
        if number >> 4 != group:
            group = number >> 4
            title, header = GROUPS[group]
            out.append(f"\n## {title}\n\n`#include <{header}>`\n\n| Id | Call | What it does | Memory it touches |\n"
                       "|---|---|---|---|\n")
        cells = [f"0x{number:02x}", f"`{prototype(name, returns, parameters)}`", doc.replace("*", "\\*"),
                 memory(parameters)]
        out.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    return "".join(out)


def main():
    wanted = page(TABLE.read_text(encoding="utf-8"))
    if sys.argv[1:] == ["--check"]:
        found = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        if found == wanted:
            return 0
        sys.stdout.writelines(difflib.unified_diff(found.splitlines(True), wanted.splitlines(True), str(PAGE),
                                                   str(TABLE)))
        print(f"{PAGE} is out of date; run {Path(__file__).name} and commit the result")
        return 1
    if sys.argv[1:]:
        print(__doc__)
        return 2
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
