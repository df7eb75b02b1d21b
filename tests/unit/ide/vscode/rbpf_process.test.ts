// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, commandLine, RbpfFailed, RbpfMissing, run } from "../../../../ide/vscode/src/rbpf_process";

/** A program that does what the script says: node itself. */
const node = (script: string, ...more: string[]) => ["-e", script, "--", ...more];

test("a program that is not there is told apart from one that fails", async () => {
    await assert.rejects(run("/nowhere/rbpf", ["boards"]), (error) => error instanceof RbpfMissing && /no such program/.test(error.message));
});

test("arguments arrive as they are, whatever a shell would make of them", async () => {
    const odd = "$(touch x); `id` \"'\n*";
    const { out, code } = await run(process.execPath, node("process.stdout.write(process.argv[1])", odd));
    assert.equal(out, odd);
    assert.equal(code, 0);
});

test("an answer counts also where the exit code says that the script is at fault", async () => {
    const answer = await ask(process.execPath, node("console.log('{\"ok\": false}'); process.exit(1)"));
    assert.deepEqual(answer, { ok: false });
});

test("an error answer becomes its message, hint and exit code", async () => {
    const said = JSON.stringify({ error: { message: "no board", hint: "start one", kind: "board" } });
    await assert.rejects(ask(process.execPath, node(`console.log(${JSON.stringify(said)}); process.exit(3)`)), (error) =>
        error instanceof RbpfFailed && error.message === "no board" && error.hint === "start one" && error.code === 3);
});

test("no JSON at all is told in the program's own words", async () => {
    await assert.rejects(ask(process.execPath, node("console.error('rbpf: error: not known'); process.exit(2)")), { message: "not known" });
    await assert.rejects(ask(process.execPath, node("")), /said nothing/);
});

test("what does not end is stopped at its deadline", async () => {
    await assert.rejects(run(process.execPath, node("setInterval(() => {}, 1000)"), { timeoutMs: 200 }), /did not end within 0.2 s/);
});

test("a command line is quoted for reading", () => {
    assert.equal(commandLine("rbpf", ["build", "my demo"]), 'rbpf build "my demo"');
});
