// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of a debugging session as an editor takes them.
"use strict";
const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const path = require("node:path");
const { test } = require("node:test");
const { editor, frames, going, launch, line, linesIn, local, scope, sumsFile, threadId, value } = require("./editor.js");

const { SENSOR, COAP } = process.env;

test("line and conditional breakpoints, stack, scopes, variables, evaluate, setVariable", async (t) => {
    const client = await editor(t);
    assert.ok(client.can.supportsStepBack && client.can.supportsInstructionBreakpoints);
    const { told, stop } = await launch(client, {}, () => client.setBreakpointsRequest(
        linesIn(sumsFile, [{ line: line.twice, condition: "value == 5" }])));
    assert.equal(told.body.breakpoints[0].verified, true, JSON.stringify(told.body));
    assert.equal(stop.reason, "breakpoint");
    assert.deepEqual(stop.hitBreakpointIds, [told.body.breakpoints[0].id]);

    const stack = await frames(client);
    assert.deepEqual(stack.slice(0, 2).map((one) => one.name), ["twice", "sums"]);
    assert.equal(stack[0].line, line.twice);
    assert.equal(stack[0].source.path, sumsFile);
    assert.equal((await local(client, "value")).value, "5");
    assert.equal(await value(client, "value * 3 + 1"), "16");

    // The caller's frame has its own variables.
    const { scopes } = (await client.scopesRequest({ frameId: stack[1].id })).body;
    const outer = (await client.variablesRequest({ variablesReference: scopes[0].variablesReference })).body.variables;
    assert.equal(outer.find((one) => one.name === "i").value, "5");

    const { variablesReference } = await scope(client, "Locals");
    const set = await client.setVariableRequest({ variablesReference, name: "value", value: "100" });
    assert.equal(set.body.value, "100");
    await assert.rejects(client.setVariableRequest({ variablesReference, name: "value", value: "\"words\"" }));
    await going(client, client.stepOutRequest({ threadId: await threadId(client) }));
    await client.setBreakpointsRequest(linesIn(sumsFile, [{ line: line.print }]));
    await going(client, client.continueRequest({ threadId: await threadId(client) }));
    assert.equal(await value(client, "total"), String(56 + 190)); // 200 instead of 10

    const globals = (await scope(client, "Globals")).list.find((one) => one.name === "totals");
    const fields = (await client.variablesRequest({ variablesReference: globals.variablesReference })).body.variables;
    assert.deepEqual(fields.map((one) => one.name), ["count", "values"]);
    const values = (await client.variablesRequest({ variablesReference: fields[1].variablesReference })).body.variables;
    assert.equal(values[3].value, String(56 + 190));

    const ended = client.waitForEvent("terminated");
    await client.terminateRequest();
    await ended;
    await assert.rejects(client.continueRequest({ threadId: 1 }), /ended/);
});

test("instruction and data breakpoints, disassemble, registers, memory", async (t) => {
    const client = await editor(t);
    await launch(client, {}, () => client.setFunctionBreakpointsRequest({ breakpoints: [{ name: "sums" }] }));
    const id = await threadId(client);
    const [frame] = await frames(client);
    const { instructions } = (await client.disassembleRequest({
        memoryReference: frame.instructionPointerReference, instructionCount: 8 })).body;
    assert.equal(instructions.length, 8);
    assert.equal(Number(instructions[0].address), Number(frame.instructionPointerReference));

    const set = await client.customRequest("setInstructionBreakpoints", {
        breakpoints: [{ instructionReference: instructions[2].address }] });
    assert.equal(set.body.breakpoints[0].verified, true);
    const stop = await going(client, client.continueRequest({ threadId: id }));
    assert.equal(stop.reason, "instruction breakpoint");
    const registers = (await scope(client, "Registers")).list;
    assert.deepEqual(registers.map((one) => one.name),
        ["r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "pc"]);
    assert.equal(Number(registers[11].value), Number(instructions[2].address));
    const stepped = await going(client, client.nextRequest({ threadId: id, granularity: "instruction" }));
    assert.equal(stepped.reason, "step");
    assert.equal(Number(await value(client, "$pc")), Number(instructions[3].address));

    const info = (await client.dataBreakpointInfoRequest({ name: "totals.count" })).body;
    assert.ok(info.dataId, info.description);
    await client.customRequest("setInstructionBreakpoints", { breakpoints: [] });
    const data = await client.setDataBreakpointsRequest({ breakpoints: [{ dataId: info.dataId, accessType: "write" }] });
    assert.equal(data.body.breakpoints[0].verified, true);
    const before = Number(await value(client, "totals.count"));
    const hit = await going(client, client.continueRequest({ threadId: id }));
    assert.equal(hit.reason, "data breakpoint");
    assert.equal(Number(await value(client, "totals.count")), before + 1);

    const [totals] = (await scope(client, "Globals")).list.filter((one) => one.name === "totals");
    const memory = await client.customRequest("readMemory", { memoryReference: totals.memoryReference, count: 4 });
    assert.equal(Buffer.from(memory.body.data, "base64").readInt32LE(), before + 1);
    const beyond = await client.customRequest("readMemory", { memoryReference: "0xfffffff0", count: 4 });
    assert.equal(beyond.body.unreadableBytes, 4);
});

test("stepBack and reverseContinue show the past as it was, which cannot be written", async (t) => {
    const client = await editor(t);
    await launch(client, {}, () => client.setBreakpointsRequest(
        linesIn(sumsFile, [{ line: line.count, hitCondition: ">= 4" }])));
    const id = await threadId(client);
    assert.equal(await value(client, "i"), "3");
    const total = Number(await value(client, "total"));
    assert.equal(total, 12);
    await going(client, client.stepBackRequest({ threadId: id }));
    assert.equal((await frames(client))[0].line, line.store);
    await going(client, client.stepBackRequest({ threadId: id }));
    assert.equal((await frames(client))[0].line, line.call);
    assert.equal(await value(client, "total"), "6");
    const { variablesReference } = await scope(client, "Locals");
    await assert.rejects(client.setVariableRequest({ variablesReference, name: "total", value: "1" }));

    await client.setBreakpointsRequest(linesIn(sumsFile, [{ line: line.twice }]));
    const back = await going(client, client.reverseContinueRequest({ threadId: id }));
    assert.equal(back.reason, "breakpoint");
    assert.equal(await value(client, "value"), "2");

    const who = await client.evaluateRequest({ expression: "who totals.count", context: "repl",
        frameId: (await frames(client))[0].id });
    assert.match(who.body.result, /sums\.c:23/);
});

test("a request that the script answers waits while the script is halted", async (t) => {
    const client = await editor(t);
    const file = path.join(SENSOR, "src", "coap_sensor.c");
    const asking = client.waitForEvent("stopped");
    await launch(client, { program: SENSOR, invoke: false });
    const sources = (await client.customRequest("loadedSources")).body.sources.map((one) => one.path);
    const source = sources.find((one) => one.startsWith(SENSOR));
    assert.ok(source, `${file} is not among ${sources}`);
    const told = await client.setBreakpointsRequest(linesIn(source, [{ line: 18 }]));
    assert.equal(told.body.breakpoints[0].verified, true);
    const answer = new Promise((resolve) => {
        let text = "";
        const asker = spawn("coap-client-notls", ["-B", "30", `coap://127.0.0.1:${COAP}/sensor`]);
        asker.stdout.on("data", (chunk) => { text += chunk; });
        asker.on("close", () => resolve(text.trim()));
    });
    await asking;
    assert.equal((await frames(client))[0].name, "coap_resp");
    const measured = await local(client, "m");
    assert.ok(measured.variablesReference > 0, JSON.stringify(measured));
    await client.setBreakpointsRequest(linesIn(source, []));
    await client.continueRequest({ threadId: await threadId(client) });
    assert.match(await answer, /^-?\d/);
});
