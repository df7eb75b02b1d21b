# SPDX-License-Identifier: GPL-3.0-or-later
"""First inputs for the fuzz targets, made from the ISA vectors, the templates and a few hand-written messages."""
import glob
import json
import os
import struct
import zlib

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def texts_of_vectors():
    """The programs of a tenth of the ISA vectors, some from every file."""
    for path in sorted(glob.glob(os.path.join(SOURCE, "tests/vectors/isa/*.json"))):
        with open(path, encoding="utf-8") as file:
            for vector in json.load(file)[::10]:
                yield bytes.fromhex("".join(line.split()[0] for line in vector["code"]))


def programs():
    # options 0 (as it is), stack 8 × 64, bss 16, data 8 bytes, rodata 8 bytes, memory 16 bytes, text: see fuzz_vm.cpp
    for text in texts_of_vectors():
        yield bytes([0, 64, 16, 8]) + bytes(range(8)) + bytes([8]) + bytes(range(8)) + bytes([16]) + bytes(range(16)) + text


def image_v1(text):
    strings = b"s\0" + b"1.0\0" + b"main\0" + b"coap/x\0"
    name = 56 + 8
    header_bytes = (name + len(strings) + 7) // 8 * 8
    head = struct.pack("<IBBHIIIIIIHBBHH16s", 0x49504272, 1, 0, header_bytes, 0, len(text), 5, 4, 12, 0, 64, 1, 0, name, name + 2, bytes(16))
    head += struct.pack("<HHHH", name + 6, name + 11, 0, 0) + strings
    image = head.ljust(header_bytes, b"\0") + text + b"abcde\0\0\0" + b"data"
    return image[:8] + struct.pack("<I", zlib.crc32(image)) + image[12:]


def image_femto(text):
    data, rodata = b"datadata", b"f\0rodata"
    functions = struct.pack("<HHH", 0, 0, 0)
    head = struct.pack("<IIIIIII", 0x46504272, 0, 0, len(data), len(rodata), len(text), 1)
    return head + data + rodata + text + functions


def images():
    text = bytes.fromhex("b700000007000000" "9500000000000000")
    lddwd = bytes.fromhex("b8010000000000000000000000000000" "7910000000000000" "9500000000000000")
    yield from (b"\1" + image_v1(text), b"\0" + image_v1(text), b"\0" + image_femto(text), b"\0" + image_femto(lddwd))


def slipmux():
    yield bytes([1, 3, 64, 9]) + bytes.fromhex("c0a940000001e973c0") + b"payload \xc0\xdb\xdc\xdd"
    yield bytes([0, 0, 255, 4]) + b"\xdb\xc0\xc0\x0a" + b"text\n"


def coap():
    def framed(*messages):
        return b"".join(struct.pack("<H", len(message)) + message for message in messages)

    get = bytes.fromhex("44011234deadbeef") + b"\xb4rbpf\x05slots"
    put = [bytes.fromhex("4403%04x01020304" % number) + b"\xb4rbpf\x05slots\x010" + bytes([0xD1, 0x03, number << 4 | 8 | 1]) + b"\xff" + bytes(32)
           for number in range(3)]
    query = bytes.fromhex("42021235aabb") + b"\xb4rbpf\x05slots\x010\x06invoke" + b"\x4aentry=main" + b"\xffpayload"
    yield framed(get)
    yield framed(query, query)
    yield framed(*put)
    yield framed(bytes.fromhex("40000001"), bytes.fromhex("6045123461c1ff") + b"21.5")


def cbor():
    for text in ("a26673746174757320646465746169 6c1a10000200".replace(" ", ""), "8301820203f6", "a1636e616d656568656c6c6f", "3bffffffffffffffff",
                 "f5", "581a" + "00" * 26, "9f01ff", "fb3ff8000000000000", "81" * 40 + "00"):
        yield bytes.fromhex(text)


def language_answers():
    place = '{"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 5}}'
    for answer in ('{"items": [{"label": " bpf_printf", "kind": 6, "sortText": "a", "textEdit": {"newText": "bpf_printf", "range": %s}}]}' % place,
                   '{"signatures": [{"label": "(int) -> int", "parameters": [{"label": [1, 4]}]}], "activeParameter": 0}',
                   '{"contents": {"kind": "markdown", "value": "x"}, "range": %s}' % place,
                   '[{"uri": "file:///a%%20b.c", "range": %s}]' % place, '{"changes": {"file:///a.c": [{"newText": "x", "range": %s}]}}' % place,
                   '[{"name": "f", "kind": 12, "selectionRange": %s, "children": []}]' % place):
        body = '{"jsonrpc": "2.0", "id": 1, "result": %s}' % answer
        yield f"Content-Length: {len(body)}\r\n\r\n{body}".encode()


def language_requests():
    def framed(*messages):
        return b"".join(b"Content-Length: %d\r\n\r\n" % len(body) + body for body in (json.dumps(one).encode() for one in messages))

    def opened(uri, language, text):
        return {"method": "textDocument/didOpen", "params": {"textDocument": {"uri": uri, "languageId": language, "version": 1, "text": text}}}

    def asked(number, method, uri, **more):
        place = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 6}, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}}
        return {"id": number, "method": method, "params": {**place, **more}}

    methods = ("completion", "hover", "signatureHelp", "codeAction", "codeLens", "inlayHint", "rename", "formatting")
    for uri, language, text in (("file:///nowhere/a.c", "c", "int f(void)\n{ bpf_printf(\"\u00e4\", 1); }\n"),
                                ("file:///nowhere/rbpf.json", "json", '{"name": "x",\n "stack": 8, "entries": [{"function": "f"}]}'),
                                ("file:///nowhere/a.rbpfasm", "rbpf-disassembly", "\n       0:  b7 00 00 00 07 00 00 00  r0 = 7\n")):
        change = {"range": {"start": {"line": 0, "character": 1}, "end": {"line": 1, "character": 2}}, "text": "x\ny"}
        yield framed(opened(uri, language, text), *(asked(number, f"textDocument/{method}", uri) for number, method in enumerate(methods)),
                     {"method": "textDocument/didChange", "params": {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [change]}},
                     asked("again", "textDocument/hover", uri), {"method": "$/cancelRequest", "params": {"id": 3}},
                     {"method": "textDocument/didSave", "params": {"textDocument": {"uri": uri}}},
                     {"method": "textDocument/didClose", "params": {"textDocument": {"uri": uri}}})
    yield framed({"id": 1, "method": "workspace/executeCommand", "params": {"command": "rbpf.deploy", "arguments": ["/nowhere", "f"]}},
                 {"id": 2, "method": "rbpf/costs", "params": {"folder": "/nowhere"}}, {"id": "clangd:3", "result": None},
                 {"method": "workspace/didChangeConfiguration", "params": {"settings": {"rbpf": {"board": "native", "codeLens": False}}}},
                 {"method": "workspace/didChangeWatchedFiles", "params": {"changes": [{"uri": "file:///nowhere/rbpf.json", "type": 2}]}},
                 {"id": 4, "method": "shutdown"}, {"method": "exit"})


def agent():
    # Steps of fuzz_agent.cpp: 3 installs, 9 lets time pass, 0 requests (body length, body, method, path, options, token).
    install = bytes([3, 1, 64, 8, 0, 0, 16]) + bytes.fromhex("b700000007000000" "6300000000000000")
    timer = bytes([3, 2, 64, 8, 1, 0, 8]) + bytes.fromhex("b700000007000000")
    rest = bytes([9, 100, 0, 20])
    for path in range(14):
        for method in range(4):
            yield install + timer + rest + bytes([0, 4]) + b"abcd" + bytes([method, path, 16 if method == 0 else 0, 9, 2]) + rest
    yield timer + rest + bytes([8, 31]) + install + rest + bytes([8, 0]) + install + rest
    yield bytes([5, 9]) + bytes.fromhex("c0a940000001e973c0") + rest + bytes([7]) + bytes(33)


def projects():
    for path in sorted(glob.glob(os.path.join(SOURCE, "templates/*/rbpf.json"))):
        with open(path, "rb") as file:
            yield file.read()
    yield b'{"name": "x", "version": "1.2", "sources": ["src/*.c"], "include": ["include"], "defines": ["A=1"],' \
          b'\n "entries": [{"function": "f", "trigger": "timer/1000"}], "stack": 512, "budget": 0, "optimise": "size", "board": "native"}'
    yield b'{"name": "\\u00e9", "unknown": [1, -2.5e3, null, {}], "stack": "many"}'


def debugger():
    # two texts with their lengths, then steps: see fuzz_rsp.cpp. Request numbers are those of its table.
    def ask(request, area=0, start=0, offset=0, size=0, data=b""):
        return bytes([4, request, area, start, size, offset, len(data)]) + data + b"\1"

    history = ask(7, 5, 0, 5, 0, b"\3")
    watch = ask(7, 6, 0, 0, 0, b"\xf8\1\0\x10\x08\0\3\0")
    for text in list(texts_of_vectors())[:40:4]:
        yield (bytes([len(text)]) + text + b"\0" + ask(0) + ask(1) + history + ask(11) + bytes([0, 5, 3]) + ask(2) + ask(12) * 6 + ask(5, 4, 0, 0, 88)
               + ask(5, 0, 3, 0, 8) + ask(7, 0, 3, 0, 0, b"12") + watch + ask(11) + ask(3))


def item(value):
    """One CBOR item (RFC 8949)."""
    def head(major, number):
        for info, size in ((None, 0), (24, 1), (25, 2), (26, 4), (27, 8)):
            if info is None and number < 24:
                return bytes([major << 5 | number])
            if info is not None and number < 1 << 8 * size:
                return bytes([major << 5 | info]) + number.to_bytes(size, "big")
        raise ValueError(number)

    if value is None:
        return b"\xf6"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value)) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(item, value))
    return head(5, len(value)) + b"".join(item(key) + item(each) for key, each in value.items())


def recordings():
    text = bytes.fromhex("b700000007000000" "6300000000000000" "8500000020000000" "9500000000000000")
    run = {"start": [0, 0x40000000, 8, 0x10000040], "regions": [[4, 8, 3]], "memory": [[0x40000000, bytes(8)]],
           "calls": [[2, 0x20, 1234, [[0x40000000, b"abcd"]]]], "edits": [[1, 0, 0x10000000, [0, b""]], [1, -1, 0, [0x40000000, b"z"]]],
           "end": [10, 4, 1234, 0, 0], "known": 4}
    for runs in ([], [run], [run, dict(run, end=None), dict(run, end=[6, 1, 0, -1, 7], calls=[])]):
        yield item({"rbpf-recording": 1, "image": image_v1(text), "debug": b"", "runs": runs})


def debug_elf(sections):
    """A BPF ELF of these (name, bytes)."""
    sections = [*sections, (".shstrtab", b"\0" + b"".join(name.encode() + b"\0" for name, _ in sections) + b".shstrtab\0")]
    body, headers, name_at = b"", bytes(64), 1
    for name, content in sections:
        headers += struct.pack("<IIQQQQIIQQ", name_at, 1, 0, 0, 64 + len(body), len(content), 0, 0, 1, 0)
        body += content
        name_at += len(name) + 1
    head = b"\x7fELF\2\1\1".ljust(16, b"\0") + struct.pack("<HHIQQQIHHHHHH", 2, 247, 1, 0, 0, 64 + len(body), 0, 64, 0, 0, 64, len(sections) + 1, len(sections))
    return head + body + headers


def debug_elves():
    # A unit with a base type, a structure of two members, and a function that has a variable in its frame.
    abbreviations = bytes.fromhex("01110103080000" "022400 0308 3e0b 0b0b 0000" "031301 0308 0b0b 0000" "040d00 0308 4913 380b 0000"
                                  "052e01 0308 1101 1206 4018 0000" "063400 0308 4913 0218 0000" "00".replace(" ", ""))
    entries = b"\1a.c\0" + b"\2int\0\5\4" + b"\3s\0\x08" + b"\4a\0" + struct.pack("<I", 17) + b"\0" + b"\4b\0" + struct.pack("<I", 17) + b"\4" + b"\0"
    function = b"\5f\0" + struct.pack("<QI", 0, 16) + b"\1\x5a" + b"\6v\0" + struct.pack("<I", 24) + b"\2\x91\x78" + b"\0" + b"\0"
    unit = struct.pack("<HBBI", 5, 1, 8, 0) + entries + function
    text = bytes.fromhex("b700000007000000" "9500000000000000")
    yield debug_elf([(".text", text), (".debug_abbrev", abbreviations), (".debug_info", struct.pack("<I", len(unit)) + unit)])


def expressions():
    yield from (b"a + b * (int)c[3]", b"((struct s *)0x10000000)->b = -4", b"*(unsigned char (*)[4])$r10 , sizeof(long) << 2", b"x ? y.z : 'c' % 0x1fUL")


def firmware_files():
    """An Intel HEX file with every type of record, and an ARM program of one segment and one section."""
    yield b":020000021000EC\n:02001000ABCD76\n:020000040001F9\n:0400000300001000E9\n:01000000AA55\n:00000001FF\n"
    code = struct.pack("<III", 0x20004000, 0xC1, 0x47704770)
    head = b"\x7fELF\x01\x01\x01" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 2, 40, 1, 0, 52, 96, 0, 52, 32, 1, 40, 1, 0)
    segment = struct.pack("<8I", 1, 84, 0, 0, len(code), len(code), 5, 4)
    section = struct.pack("<10I", 0, 1, 6, 0, 84, len(code), 0, 0, 4, 0)
    yield head + segment + code + section


SEEDS = {"fuzz_vm": programs, "fuzz_image": images, "fuzz_slipmux": slipmux, "fuzz_coap": coap, "fuzz_cbor": cbor, "fuzz_language": language_answers, "fuzz_lsp": language_requests, "fuzz_agent": agent, "fuzz_rsp": debugger,
         "fuzz_project": projects, "fuzz_recording": recordings,
         "fuzz_debug_info": debug_elves, "fuzz_expression": expressions, "fuzz_firmware": firmware_files}


def write(target, folder):
    """Writes the target's first inputs into `folder`, under names that stay the same from run to run."""
    os.makedirs(folder, exist_ok=True)
    for number, data in enumerate(SEEDS[target]()):
        with open(os.path.join(folder, f"seed-{number:04}"), "wb") as file:
            file.write(data)
