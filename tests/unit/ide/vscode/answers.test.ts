// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { boards, built, size, slots, UnexpectedAnswer } from "../../../../ide/vscode/src/answers";

const COSTS = {
    name: "demo", version: "0.1.0", image: 200, instructions: 12, stack: 24, stackLimit: 512, budget: 0,
    entries: [{ name: "run", longestRun: null }, { name: "other", longestRun: 7 }],
    functions: [{ name: "run", file: "src/a.c", line: 3, bytes: 96, instructions: 12, frame: 24, lines: [{ file: "src/a.c", line: 4, bytes: 96, instructions: 12 }] }],
    parts: [{ name: "header", bytes: 56 }, { name: "text", bytes: 96 }],
};

test("a size report is taken over, an unknown longest run included", () => {
    const report = size(COSTS);
    assert.equal(report.functions[0]?.lines[0]?.line, 4);
    assert.deepEqual(report.entries.map((entry) => entry.longestRun), [undefined, 7]);
});

test("fields that this version does not know are no obstacle", () => {
    assert.equal(size({ ...COSTS, worst: { loops: [] } }).image, 200);
});

test("an answer of another shape is refused with the place", () => {
    assert.throws(() => size({ ...COSTS, functions: [{ ...COSTS.functions[0], bytes: "many" }] }), (error: Error) =>
        error instanceof UnexpectedAnswer && error.message.startsWith("size.functions[0].bytes is not a number"));
    for (const odd of [null, 3, "text", [], { functions: [] }]) {
        assert.throws(() => size(odd), UnexpectedAnswer);
    }
    assert.throws(() => boards({}), UnexpectedAnswer);
    assert.throws(() => boards([null]), UnexpectedAnswer);
    assert.throws(() => slots([{ slot: -1, name: "", entries: [] }]), UnexpectedAnswer);
});

test("a failed build has no image and counts its errors only", () => {
    const answer = { ok: false, diagnostics: [{ severity: "error" }, { severity: "warning" }, { severity: "error" }] };
    assert.deepEqual(built(answer), { ok: false, image: "", errors: 2 });
    assert.throws(() => built({ ok: true, diagnostics: [] }), UnexpectedAnswer);
});
