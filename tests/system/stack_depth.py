# SPDX-License-Identifier: GPL-3.0-or-later
"""Worst-case stack of a bare-metal firmware, from its disassembly: what each function pushes, and who calls whom.

Calls through pointers are not to be seen there; INDIRECT says for each function that makes one what it may reach. One
that is not listed there, and recursion, are errors: the figure stays a bound.
"""

import re
import subprocess

PORT = r"(MicrobitPort|ChipPort|StoredPort|DkPort|Mps2Port)::(?!start)"

# Who calls through a pointer -> what that may be; the first row that fits counts.
INDIRECT = [
    (r"Agent::serveManagement", r"Agent::(get|put|post|delete)[A-Z]\w+\(.*Exchange&.*CoapMessage.*Path"),
    (r"Debugger::(answer|receive)", r"Debugger::\w+\(.*RspReader&, .*RspWriter&\)|" + PORT),
    (r"Agent::replyBody", r"::render\(|" + PORT),
    (r"^rbpf_container_run", r"rbpf::bindings::.*(call|Call)\w*\(rbpf_firmware"),
    (r"^rbpf_image_verify", r"rbpf::bindings::.*(has|Has)\w*\(rbpf_firmware"),
    (r"bindings::marshal\(", r"bindings::bind_\w+\(|Debugger::(touched|called)"),
    (r"bindings::Call::|bindings::.anonymous namespace.::answered", r"Debugger::(touched|called)"),
    (r"Output::flush", r"Agent::logText"),
    (r"FlashPart::|BlobLog::|SlotStore::", r"(Nvm|RamFlash)::"),
    (r"Clock::interrupt", r"showRow"),
    (r"^resetHandler", r"_GLOBAL__sub_I|_sub_I_"),
    (r"ChipPort::gpio", r"::pinFree"),
    (r"bare::crash", r"^main::\{lambda"),
    (r"agent::|bindings::|nrf::|mps2::|bare::", PORT),
]

# Calls that these boards never make, and why.
NEVER = [
    # A packet script's verdict lets its datagram in; no datagram comes without a network.
    (r"Agent::complete\(", r"Agent::receive\("),
]

FUNCTION = re.compile(r"^([0-9a-f]+) <(.*)>:$")
TARGET = re.compile(r"([0-9a-f]+) <(.*?)(\+0x[0-9a-f]+)?>")


class Function:
    def __init__(self, name):
        self.name = name
        self.frame = 0
        self.calls = set()
        self.indirect = False


def registers(operands):
    """How many registers a list such as {r4-r7, lr} names."""
    count = 0
    for part in operands.strip("{}").split(","):
        ends = part.strip().split("-")
        numbers = [{"sl": 10, "fp": 11, "ip": 12, "lr": 14, "pc": 15}.get(end) or int(end.lstrip("r")) for end in ends
                   if end]
        count += numbers[-1] - numbers[0] + 1 if len(numbers) == 2 else len(numbers)
    return count


def disassemble(elf):
    text = subprocess.run(["arm-none-eabi-objdump", "-dC", "--no-show-raw-insn", str(elf)], check=True,
                          capture_output=True, text=True).stdout
    return text.splitlines()


def literals(lines):
    words = {}
    for line in lines:
        found = re.match(r"^ *([0-9a-f]+):\s+\.word\s+0x([0-9a-f]+)", line)
        if found:
            words[int(found.group(1), 16)] = int(found.group(2), 16)
    return words


def functions(elf):
    """Functions by address."""
    lines = disassemble(elf)
    words = literals(lines)
    found = {}
    current = None
    loaded, popped = {}, ""
    for line in lines:
        start = FUNCTION.match(line)
        if start:
            current = found[int(start.group(1), 16)] = Function(start.group(2))
            loaded, popped = {}, ""
            continue
        part = re.match(r"^ *([0-9a-f]+):\s+(\S+)\s*(.*)$", line)
        if not part or current is None:
            continue
        operation, operands = part.group(2).split(".")[0], part.group(3)
        if operation in ("push", "stmdb") and ("{" in operands) and (operation == "push" or operands.startswith("sp!")):
            current.frame += 4 * registers(operands[operands.index("{"):operands.index("}") + 1])
        elif operation == "sub" and re.match(r"sp, (sp, )?#(\d+)", operands):
            current.frame += int(re.match(r"sp, (?:sp, )?#(\d+)", operands).group(1))
        elif operation == "sub" and operands.startswith("sp"):
            raise ValueError(f"{current.name}: a stack frame of unknown size: {line}")
        elif operation == "ldr" and re.search(r"\(([0-9a-f]+) <", operands):
            address = int(re.search(r"\(([0-9a-f]+) <", operands).group(1), 16)
            loaded[operands.split(",")[0]] = words.get(address)
        elif operation == "add" and re.match(r"sp, (sp, )?r", operands):
            value = loaded.get(operands.split(",")[-1].strip(), 0)  # no literal: a small positive number, given back
            if value is None:
                raise ValueError(f"{current.name}: a stack frame of unknown size: {line}")
            current.frame += (1 << 32) - value if value >= 1 << 31 else 0
        elif operation == "blx":
            current.indirect = True
        elif operation == "pop":
            popped = operands.strip("{}")  # pop {r3}, bx r3: a return
        elif operation == "bx" and operands.split()[0] not in ("lr", popped):
            current.indirect = True
        elif operation == "str" and re.search(r"\[sp, #-(\d+)\]!", operands):
            current.frame += int(re.search(r"\[sp, #-(\d+)\]!", operands).group(1))
        elif operation in ("negs", "rsbs", "mvns"):
            loaded[operands.split(",")[0]] = None
        elif operation == "movs":
            loaded.pop(operands.split(",")[0], None)
        if operation.startswith("b"):
            target = TARGET.search(operands)
            if target and (operation == "bl" or not target.group(3)):
                current.calls.add(int(target.group(1), 16))
    return found


def reach(found, function, problems):
    """Addresses that an indirect call of `function` may reach."""
    for caller, callee in INDIRECT:
        if re.search(caller, function.name):
            return {address for address, each in found.items() if re.search(callee, each.name)}
    problems.append(f"{function.name} calls through a pointer")
    return set()


def worst(elf, roots):
    """For each root's name: bytes of its deepest path, and the path as (name, frame)."""
    found = functions(elf)
    problems = []
    depth = {}

    def visit(address, path):
        if address in depth:
            return depth[address]
        if address in path:
            problems.append("recursion: " + " -> ".join(found[each].name for each in path[path.index(address):]))
            return 0, []
        function = found[address]
        callees = {each for each in function.calls if each in found and each != address}
        for caller, callee in NEVER:
            if re.search(caller, function.name):
                callees = {each for each in callees if not re.search(callee, found[each].name)}
        if function.indirect:
            callees |= reach(found, function, problems) - {address}
        best = (0, [])
        for each in callees:
            deeper = visit(each, path + [address])
            best = max(best, deeper, key=lambda item: item[0])
        depth[address] = (function.frame + best[0], [(function.name, function.frame)] + best[1])
        return depth[address]

    names = {function.name: address for address, function in found.items()}
    result = {root: visit(names[root], []) for root in roots}
    if problems:
        raise ValueError("\n".join(sorted(set(problems))))
    return result
