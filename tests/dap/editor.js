// SPDX-License-Identifier: GPL-3.0-or-later
// An editor for the tests: Microsoft's test client for debug adapters, and the steps that every session begins with.
// Environment: RBPF (the command), BOARD (its name), SUMS and SENSOR (project folders), COAP (the board's UDP port).
"use strict";
const path = require("node:path");
const { DebugClient } = require("@vscode/debugadapter-testsupport");

const { RBPF, BOARD, SUMS } = process.env;
const sumsFile = path.join(SUMS, "src", "sums.c");
const EVENT_MS = 30000; // reached only when something is broken

const line = { head: 17, before: 19, call: 21, store: 22, count: 23, print: 25, twice: 13 };

/**
 * A client with an adapter of its own, or with the one that listens on `port`, initialized; disconnected when the test
 * ends unless the test says that it has `left`.
 */
async function editor(t, port) {
    const client = new DebugClient(RBPF, "dap", "rbpf");
    client.defaultTimeout = EVENT_MS;
    client.printed = "";
    client.on("output", (event) => { client.printed += event.body.output; });
    await client.start(port);
    t.after(() => client.left ? client.stopAdapter() : client.stop());
    const answer = await client.initializeRequest({
        adapterID: "rbpf", linesStartAt1: true, columnsStartAt1: true, pathFormat: "path",
        supportsInvalidatedEvent: true, supportsMemoryEvent: true, supportsProgressReporting: true });
    client.can = answer.body;
    return client;
}

/** Launches, sets breakpoints with `configure`, and lets go. */
async function launch(client, settings, configure) {
    const initialized = client.waitForEvent("initialized");
    await client.launchRequest({ program: SUMS, board: BOARD, invoke: true, ...settings });
    await initialized;
    const told = configure ? await configure() : undefined;
    const stopped = configure ? client.waitForEvent("stopped") : undefined;
    await client.configurationDoneRequest();
    return { told, stop: stopped ? (await stopped).body : undefined };
}

/** Sends a request that lets the script go; where it stopped. */
async function going(client, request) {
    const stopped = client.waitForEvent("stopped");
    await request;
    return (await stopped).body;
}

async function frames(client) {
    const { threads } = (await client.threadsRequest()).body;
    return (await client.stackTraceRequest({ threadId: threads[0].id })).body.stackFrames;
}

async function threadId(client) {
    return (await client.threadsRequest()).body.threads[0].id;
}

async function scope(client, name) {
    const [frame] = await frames(client);
    const { scopes } = (await client.scopesRequest({ frameId: frame.id })).body;
    const { variablesReference } = scopes.find((one) => one.name === name);
    return { variablesReference, list: (await client.variablesRequest({ variablesReference })).body.variables };
}

async function local(client, name) {
    return (await scope(client, "Locals")).list.find((one) => one.name === name);
}

async function value(client, expression) {
    const [frame] = await frames(client);
    return (await client.evaluateRequest({ expression, frameId: frame.id, context: "watch" })).body.result;
}

/** Waits until the debug console has shown `words`. */
function printed(client, words) {
    return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`waited for ${words} in:\n${client.printed}`)), EVENT_MS);
        const look = () => {
            if (words.test(client.printed)) {
                clearTimeout(late);
                client.off("output", look);
                resolve();
            }
        };
        client.on("output", look);
        look();
    });
}

const linesIn = (file, breakpoints) => ({ source: { path: file }, breakpoints });

module.exports = { EVENT_MS, editor, frames, going, launch, line, linesIn, local, printed, scope, sumsFile, threadId, value };
