// SPDX-License-Identifier: GPL-3.0-or-later
// How sessions begin, begin again and end: attach, restart with a newer build, TCP, a board that vanishes, a script
// that is replaced. BOARD_COMMAND: how the board was started, as JSON; BOARD_PID.
"use strict";
const assert = require("node:assert/strict");
const { execFileSync, spawn } = require("node:child_process");
const fs = require("node:fs");
const { test } = require("node:test");
const { editor, frames, going, launch, line, linesIn, printed, sumsFile, threadId, value } = require("./editor.js");

const { RBPF, BOARD, SUMS, SENSOR } = process.env;

const rbpf = (...words) => execFileSync(RBPF, [...words, "--board", BOARD], { encoding: "utf8" });
const slotOf = (name) => JSON.parse(rbpf("list", "--json")).find((one) => one.name === name).slot;

test("attach takes the script that is on the board and leaves it running", async (t) => {
    rbpf("deploy", SUMS);
    const client = await editor(t);
    const initialized = client.waitForEvent("initialized");
    const started = client.waitForEvent("process");
    await client.attachRequest({ program: SUMS, board: BOARD, invoke: true });
    await initialized;
    assert.equal((await started).body.startMethod, "attach");
    await client.setBreakpointsRequest(linesIn(sumsFile, [{ line: line.twice, condition: "value == 3" }]));
    const stop = await going(client, client.configurationDoneRequest());
    assert.equal(stop.reason, "breakpoint");
    assert.equal(await value(client, "value"), "3");
    await client.disconnectRequest({});
    assert.equal(JSON.parse(rbpf("invoke", String(slotOf("sums")), "--json")).result, 56);

    const other = await editor(t);
    await assert.rejects(other.attachRequest({ board: BOARD, slot: 7 }), /slot 7/);
    await assert.rejects(other.attachRequest({ board: "nowhere" }), /nowhere/);
    await assert.rejects(other.attachRequest({ board: BOARD, program: SENSOR }), /not on|is empty|holds/);
});

test("restart builds, deploys what is newer and keeps the breakpoints; a build that fails changes nothing", async (t) => {
    const client = await editor(t);
    const { told } = await launch(client, {}, () => client.setBreakpointsRequest(linesIn(sumsFile, [{ line: line.print }])));
    assert.equal(await value(client, "total"), "56");
    const source = fs.readFileSync(sumsFile, "utf8");
    t.after(() => fs.writeFileSync(sumsFile, source));

    fs.writeFileSync(sumsFile, source.replace("value * 2", "value * "));
    await assert.rejects(client.customRequest("restart", {}), /build failed/);
    await printed(client, /sums\.c:12:\d+: error/);
    assert.equal(await value(client, "total"), "56"); // still there

    fs.writeFileSync(sumsFile, source.replace("value * 2", "value * 3"));
    const continued = client.waitForEvent("continued");
    const stop = await going(client, client.customRequest("restart", {}));
    await continued;
    assert.equal(stop.reason, "breakpoint");
    assert.deepEqual(stop.hitBreakpointIds, [told.body.breakpoints[0].id]);
    assert.equal(await value(client, "total"), "84");
});

test("editors connect over TCP, one after the other; one that just goes leaves the script running", async (t) => {
    const server = spawn(RBPF, ["dap", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "ignore", "pipe"] });
    t.after(() => server.kill());
    const port = await new Promise((resolve, reject) => {
        let said = "";
        server.stderr.on("data", (chunk) => {
            said += chunk;
            const found = /127\.0\.0\.1:(\d+)/.exec(said);
            if (found) {
                resolve(Number(found[1]));
            }
        });
        server.on("close", () => reject(new Error(said)));
    });
    const first = await editor(t, port);
    await launch(first, {}, () => first.setBreakpointsRequest(linesIn(sumsFile, [{ line: line.print }])));
    assert.equal(await value(first, "i"), "8");
    first._socket.destroy(); // the editor has crashed
    first.stop = () => undefined;

    const second = await editor(t, port);
    await launch(second, {}, () => second.setBreakpointsRequest(linesIn(sumsFile, [{ line: line.count }])));
    assert.equal(await value(second, "i"), "0");
    await second.disconnectRequest({ terminateDebuggee: true });
});

test("a board that vanishes is looked for, and the session goes on with its breakpoints", async (t) => {
    const client = await editor(t);
    await launch(client, {}, () => client.setBreakpointsRequest(linesIn(sumsFile, [{ line: line.count }])));
    process.kill(Number(process.env.BOARD_PID), "SIGKILL");
    await printed(client, /link to the board is lost/);
    await assert.rejects(frames(client), /not connected/);
    await assert.rejects(client.continueRequest({ threadId: await threadId(client) }), /not connected/);

    const [program, ...words] = JSON.parse(process.env.BOARD_COMMAND);
    const board = spawn(program, words, { stdio: "ignore" });
    t.after(() => board.kill());
    const idle = client.waitForEvent("stopped");
    await printed(client, /connected again and the script is halted/);
    assert.equal((await idle).body.reason, "pause");
    const id = await threadId(client);
    await client.continueRequest({ threadId: id });
    const invoked = spawn(RBPF, ["invoke", String(slotOf("sums")), "--board", BOARD], { stdio: "ignore" });
    t.after(() => invoked.kill());
    const { body } = await client.waitForEvent("stopped");
    assert.equal(body.reason, "breakpoint");
    assert.equal((await frames(client))[0].line, line.count);
    await client.setBreakpointsRequest(linesIn(sumsFile, []));
    await client.continueRequest({ threadId: id });

    // The session ends, and says why, when somebody puts another script there.
    const ended = client.waitForEvent("terminated");
    rbpf("deploy", SENSOR, "--slot", String(slotOf("sums")));
    await ended;
    assert.match(client.printed, /replaced by another build/);
    await assert.rejects(client.continueRequest({ threadId: id }), /replaced by another build/);
});
