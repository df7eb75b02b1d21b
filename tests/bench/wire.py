# SPDX-License-Identifier: GPL-3.0-or-later
"""What a script takes on the wire: its image, plain and packed, next to a wasm module that clang makes of the same sources."""
import glob
import os

# `rbpf size --packed --json`: name of the figure is the key there.
FORMS = ("plain", "lzss", "varint", "varint_lzss")
COMPILER = ("clang-19", "--target=wasm32", "-Oz", "-mbulk-memory", "-ffreestanding", "-std=gnu17", "-ffunction-sections", "-fdata-sections")
LINKER = ("wasm-ld-19", "--no-entry", "--gc-sections", "--strip-all")
ADVICE = "Packages: clang-19 lld-19."


def wasm_bytes(run, root, sources, entries, folder):
    """Size of the module: every entry is exported, every binding that is used is an import, and of the library that scripts
    are linked with it has what they reach. `run` is (what, command, advice)."""
    os.makedirs(folder)
    headers = [f"-I{os.path.join(root, 'headers')}", f"-I{os.path.join(root, 'headers', 'rbpf', 'libc')}"]
    script = os.path.join(root, "tests", "bench", "wasm", "script.h")
    library = sorted(glob.glob(os.path.join(root, "sdk", "lib", "c", "*.c")))
    objects = []
    for number, source in enumerate([*sources, *library]):
        objects.append(os.path.join(folder, f"{number}.o"))
        options = ["-fno-builtin"] if source in library else []  # or memcpy would call itself
        run("wasm", [*COMPILER, *headers, f"-I{os.path.dirname(source)}", *options, "-include", script, "-c", source, "-o", objects[-1]], ADVICE)
    module = os.path.join(folder, "script.wasm")
    run("wasm", [*LINKER, *(f"--export={entry}" for entry in entries), *objects, "-o", module], ADVICE)
    return os.path.getsize(module)
