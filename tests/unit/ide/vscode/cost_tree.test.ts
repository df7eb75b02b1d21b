// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Size } from "../../../../ide/vscode/src/answers";
import { costTree, gauge, pathTo } from "../../../../ide/vscode/src/cost_tree";

const REPORT: Size = {
    name: "demo", version: "0.1.0", image: 1473, instructions: 30, stack: 24, stackLimit: 512, budget: 1000,
    entries: [{ name: "run", longestRun: 1200 }, { name: "loop", longestRun: undefined }],
    functions: [
        { name: "small", file: "src/a.c", line: 9, bytes: 40, instructions: 5, frame: 0, lines: [] },
        {
            name: "run", file: "src/a.c", line: 3, bytes: 200, instructions: 25, frame: 24,
            lines: [
                { file: "src/a.c", line: 4, bytes: 40, instructions: 5 },
                { file: "/rbpf/headers/rbpf/coap.h", line: 133, bytes: 160, instructions: 20 },
            ],
        },
    ],
    parts: [{ name: "header", bytes: 56 }, { name: "text", bytes: 240 }],
};

test("a gauge is empty only at nothing and full only at the limit", () => {
    assert.equal(gauge(0, 512), "0 % □□□□□□");
    assert.equal(gauge(1, 512), "0 % ■□□□□□");
    assert.equal(gauge(511, 512), "100 % ■■■■■□");
    assert.equal(gauge(512, 512), "100 % ■■■■■■");
    assert.equal(gauge(600, 512), "117 % ■■■■■■");
});

test("functions and lines come with the costliest first, and lead to their source", () => {
    const functions = costTree(REPORT).filter((node) => node.icon === "function");
    assert.deepEqual(functions.map((node) => node.label), ["run", "small"]);
    assert.equal(functions[0]?.description, "200 B · 25 instr. · stack 24 B");
    assert.deepEqual(functions[0]?.place, { file: "src/a.c", line: 3 });
    assert.deepEqual(functions[0]?.children.map((node) => node.label), ["coap.h line 133", "line 4"]);
});

test("totals stand against their limits; an entry above its budget is marked", () => {
    const tree = costTree(REPORT);
    assert.equal(tree.find((node) => node.id === "stack")?.description, "24 / 512 B · 5 % ■□□□□□");
    assert.equal(tree.find((node) => node.id === "image")?.description, "1,473 B");
    assert.equal(tree.find((node) => node.id === "entry run")?.icon, "full");
    assert.match(tree.find((node) => node.id === "entry loop")?.description ?? "", /not known/);
});

test("every node is found by its id, with the way to it, and no id is given twice", () => {
    const tree = costTree(REPORT);
    assert.deepEqual(pathTo(tree, "line run src/a.c:4").map((node) => node.label), ["run", "line 4"]);
    assert.deepEqual(pathTo(tree, "nothing"), []);
    const ids = tree.flatMap((node) => [node.id, ...node.children.map((child) => child.id)]);
    assert.equal(new Set(ids).size, ids.length);
});
