// SPDX-License-Identifier: GPL-3.0-or-later
// What an editor reads, completes and changes; breakpoints that print or count; faults. FAULT: a project that reads
// through a null pointer.
"use strict";
const assert = require("node:assert/strict");
const net = require("node:net");
const { test } = require("node:test");
const { editor, frames, going, launch, line, linesIn, printed, scope, sumsFile, threadId, value } = require("./editor.js");

const { BOARD, FAULT, SENSOR } = process.env;

test("a log point prints and does not stop; hit counts let hits pass", async (t) => {
    const client = await editor(t);
    const { told } = await launch(client, {}, () => client.setBreakpointsRequest(linesIn(sumsFile, [
        { line: line.twice, logMessage: "value is {value}, twice {value * 2}" },
        { line: line.count, hitCondition: "> 2" }])));
    assert.deepEqual(told.body.breakpoints.map((one) => one.verified), [true, true]);
    assert.equal(await value(client, "i"), "2");
    await printed(client, /value is 0, twice 0\n[^]*value is 2, twice 4\n/);
    for (const wrong of ["often", "-1", "% 2"]) {
        const { breakpoints } = (await client.setBreakpointsRequest(
            linesIn(sumsFile, [{ line: line.count, hitCondition: wrong }]))).body;
        assert.equal(breakpoints[0].verified, false, wrong);
        assert.ok(breakpoints[0].message, wrong);
    }
    const { breakpoints } = (await client.setBreakpointsRequest(
        linesIn(sumsFile, [{ line: line.count, logMessage: "no {such.thing" }, { line: 9999 }]))).body;
    assert.equal(breakpoints[1].verified, false);
});

test("completions are what may stand at the cursor", async (t) => {
    const client = await editor(t);
    await launch(client, {}, () => client.setBreakpointsRequest(linesIn(sumsFile, [{ line: line.count }])));
    const frameId = (await frames(client))[0].id;
    const complete = async (text, column) => (await client.customRequest(
        "completions", { frameId, text, column })).body.targets;
    assert.deepEqual((await complete("tot", 4)).map((one) => one.label).sort(), ["total", "totals"]);
    const members = await complete("1 + totals.", 12);
    assert.deepEqual(members.map((one) => one.label).sort(), ["count", "values"]);
    assert.ok(members.every((one) => one.start === 11 && one.length === 0), JSON.stringify(members));
    const registers = await complete("$r1", 4);
    assert.deepEqual(registers.map((one) => one.label).sort(), ["$r1", "$r10"]);
    assert.deepEqual(await complete("nothing_like_it", 16), []);
});

test("setExpression and writeMemory change the script, and what they cannot change they name", async (t) => {
    const client = await editor(t);
    await launch(client, {}, () => client.setBreakpointsRequest(linesIn(sumsFile, [{ line: line.count }])));
    const frameId = (await frames(client))[0].id;
    const set = (expression, text) => client.customRequest("setExpression", { frameId, expression, value: text });
    const memory = client.waitForEvent("memory");
    assert.equal((await set("totals.values[1]", "70 + 7")).body.value, "77");
    await memory;
    assert.equal(await value(client, "totals.values[1]"), "77");
    assert.equal((await set("totals.count", "-3")).body.value, "-3");
    await assert.rejects(set("totals", "1"));
    await assert.rejects(set("1 + 1", "3"));
    await assert.rejects(set("total", "nonsense"), /nonsense/);
    await assert.rejects(client.evaluateRequest({ expression: "total = 3", frameId, context: "watch" }));

    const totals = (await scope(client, "Globals")).list.find((one) => one.name === "totals");
    const data = Buffer.from([0x34, 0x12, 0, 0]).toString("base64");
    const write = (extra) => client.customRequest("writeMemory", { memoryReference: totals.memoryReference, data, ...extra });
    assert.equal((await write({ offset: 4 })).body.bytesWritten, 4);
    assert.equal(await value(client, "totals.values[0]"), String(0x1234));
    await assert.rejects(write({ memoryReference: "0xfffffff0" }));
    await assert.rejects(write({ data: "***" }), /base64/);
    await assert.rejects(write({ memoryReference: "here" }));
    await client.stepBackRequest({ threadId: await threadId(client) });
    await assert.rejects(write({ offset: 4 }), /past/);
});

test("a fault stops as an exception that tells its story; with its filter off the run just ends", async (t) => {
    const client = await editor(t);
    const stopped = client.waitForEvent("stopped");
    await launch(client, { program: FAULT });
    const { body } = await stopped;
    assert.equal(body.reason, "exception");
    assert.match(body.text, /null pointer at main\.c:\d+/);
    const id = await threadId(client);
    const info = (await client.customRequest("exceptionInfo", { threadId: id })).body;
    assert.equal(info.exceptionId, "READ_FAULT");
    assert.match(info.description, /null pointer/);
    assert.match(JSON.stringify(info.details), /\*\(volatile int \*\)context/);

    await assert.rejects(client.setExceptionBreakpointsRequest({ filters: ["WEATHER"] }), /WEATHER/);
    await client.setExceptionBreakpointsRequest({ filters: ["WRITE_FAULT"] });
    await client.continueRequest({ threadId: id });
    await printed(client, /READ_FAULT/);
    client.printed = "";
    let again = false;
    client.once("stopped", () => { again = true; });
    await client.customRequest("restart", {});
    await printed(client, /the run ended after \d+ instructions:.*READ_FAULT/);
    await assert.rejects(client.customRequest("exceptionInfo", { threadId: id }), /notStopped/);
    assert.equal(again, false);
});

/** Launches on a board that takes the connection and says nothing: the launch, which waits, and its number. */
async function launchOnSilence(t, client) {
    const board = net.createServer((connection) => connection.resume());
    t.after(() => board.close());
    await new Promise((listening) => board.listen(0, "127.0.0.1", listening));
    const reached = new Promise((connected) => board.once("connection", connected));
    const launched = client.launchRequest({ program: SENSOR, board: `tcp://127.0.0.1:${board.address().port}` });
    const number = client.sequence - 1;
    const refused = assert.rejects(launched, /cancel/);
    const connection = await reached;
    connection.once("error", () => undefined);
    t.after(() => connection.destroy());
    return { refused, number };
}

test("a launch on a board that says nothing is cancelled, and the next one works", async (t) => {
    const client = await editor(t);
    const { refused, number } = await launchOnSilence(t, client);
    await client.customRequest("cancel", { requestId: number });
    await refused;
    await assert.rejects(client.continueRequest({ threadId: 1 }));
    const initialized = client.waitForEvent("initialized");
    await client.launchRequest({ program: SENSOR, board: BOARD });
    await initialized;
});

test("an editor may leave while a launch waits for a board that says nothing", async (t) => {
    const client = await editor(t);
    const { refused } = await launchOnSilence(t, client);
    await client.disconnectRequest();
    client.left = true;
    await refused;
});
