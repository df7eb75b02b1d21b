// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf, places, triggers } from "../../../../ide/vscode/src/disassembly_lines";

const TEXT = `demo 0.1.0
entry control at 9, trigger timer/1000
entry hello at 0

00000000 <hello>:
; src/a.c:8: return f(1);
       0:  b4 01 00 00 01 00 00 00  w1 = 1
L1:
       1:  85 10 00 00 01 00 00 00  call +1 <f>
; src/b.h:2: x++;
       2:  07 00 00 00 01 00 00 00  r0 += 1

00000018 <f>:
       3:  95 00 00 00 00 00 00 00  exit
`;

test("each instruction has the source line named last in its function", () => {
    const map = places(TEXT);
    assert.deepEqual(linesOf(map, "src/a.c", 8, 8), [5, 6, 8]);
    assert.deepEqual(linesOf(map, "src/b.h", 1, 5), [9, 10]);
    assert.deepEqual(linesOf(map, "src/a.c", 1, 7), []);
    assert.equal(map[13], undefined, "another function begins without a place");
});

test("entries come with their triggers", () => {
    assert.deepEqual([...triggers(TEXT)], [["control", "timer/1000"], ["hello", ""]]);
});

test("text that is no disassembly belongs nowhere", () => {
    assert.ok(places("hello\n; world\n12: not bytes\n").every((place) => place === undefined));
});
