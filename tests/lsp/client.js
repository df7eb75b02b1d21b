// SPDX-License-Identifier: GPL-3.0-or-later
// The Language Server Protocol as the makers of VS Code speak it: their types and their JSON-RPC, over our pipes.
"use strict";
const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { pathToFileURL } = require("node:url");
const lsp = require("vscode-languageserver-protocol/node");

const { RBPF, PROJECT } = process.env;
const file = path.join(PROJECT, "src", "main.c");
const uri = pathToFileURL(file).href;
const source = readFileSync(file, "utf8");

/// A connection that has been through initialize, with the file open.
async function editor(t) {
    const server = spawn(RBPF, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
    const connection = lsp.createProtocolConnection(new lsp.StreamMessageReader(server.stdout),
        new lsp.StreamMessageWriter(server.stdin));
    const told = [];
    const waiting = [];
    connection.onNotification(lsp.PublishDiagnosticsNotification.type, (parameters) => {
        told.push(parameters);
        waiting.splice(0).forEach((wake) => wake());
    });
    connection.onRequest(lsp.CodeLensRefreshRequest.type, () => undefined);
    connection.listen();
    const ended = new Promise((resolve) => { server.on("exit", resolve); });
    t.after(async () => {
        await connection.sendRequest(lsp.ShutdownRequest.type);
        await connection.sendNotification(lsp.ExitNotification.type);
        assert.equal(await ended, 0);
        connection.dispose();
    });
    const { capabilities } = await connection.sendRequest(lsp.InitializeRequest.type, {
        processId: process.pid, rootUri: pathToFileURL(PROJECT).href, workspaceFolders: null,
        capabilities: {
            general: { positionEncodings: ["utf-16"] },
            workspace: { codeLens: { refreshSupport: true } },
            textDocument: {
                hover: { contentFormat: ["markdown"] },
                completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown"] } },
                codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } } },
                publishDiagnostics: { relatedInformation: true },
            },
        },
    });
    await connection.sendNotification(lsp.InitializedNotification.type, {});
    await connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: "c", version: 1, text: source } });
    let text = source;
    let version = 1;
    return {
        connection, capabilities,
        async edit(change) {
            text = change(source);
            version += 1;
            await connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
                textDocument: { uri, version }, contentChanges: [{ text }] });
        },
        at(mark, offset = 0) {
            const lines = text.slice(0, text.indexOf(mark) + offset).split("\n");
            return { textDocument: { uri }, position: { line: lines.length - 1, character: lines.at(-1).length } };
        },
        async diagnostics(wanted) {
            for (;;) {
                const found = told.splice(0).find((one) => one.uri === uri && wanted(one.diagnostics));
                if (found) {
                    return found.diagnostics;
                }
                await new Promise((resolve) => { waiting.push(resolve); });
            }
        },
        text: () => text,
    };
}

/// What a server's edits make of a text.
function applied(text, edits) {
    const starts = text.split("\n").reduce((all, line) => [...all, all.at(-1) + line.length + 1], [0]);
    const offset = (place) => starts[place.line] + place.character;
    return [...edits].sort((a, b) => offset(b.range.start) - offset(a.range.start))
        .reduce((now, one) => now.slice(0, offset(one.range.start)) + one.newText + now.slice(offset(one.range.end)), text);
}

test("mistakes are told as they are typed, and mended by their code action", async (t) => {
    const { connection, edit, diagnostics } = await editor(t);
    await edit((text) => text.replace("reading.val[0]", "reading.val[0] * 1.5"));
    const [limit] = await diagnostics((all) => all.some((one) => one.source === "rbpf"));
    assert.match(limit.message, /floating point, which BPF does not have\nHINT: /);
    await edit((text) => text.replace("bpf_saul_reg_read", "bpf_saul_reg_raed"));
    const found = await diagnostics((all) => all.some((one) => one.message.includes("raed")));
    const { range } = found.find((one) => one.message.includes("raed"));
    const actions = await connection.sendRequest(lsp.CodeActionRequest.type,
        { textDocument: { uri }, range, context: { diagnostics: found } });
    assert.deepEqual(actions[0].edit.changes[uri], [{ range, newText: "bpf_saul_reg_read" }]);
    await edit((text) => text);
    await diagnostics((all) => all.length === 0);
});

test("completion of bpf_ and hover bring what bindings.def says", async (t) => {
    const { connection, edit, at } = await editor(t);
    await edit((text) => text.replace("    return twice", "    bpf_\n    return twice"));
    const { items } = await connection.sendRequest(lsp.CompletionRequest.type, at("    bpf_\n", 8));
    const item = items.find((one) => one.filterText === "bpf_saul_reg_read");
    assert.equal(item.detail, "int (bpf_saul_reg_t *device, phydat_t *reading)");
    assert.equal(item.kind, lsp.CompletionItemKind.Function);
    assert.match(item.documentation.value, /Reads a device/);
    const hover = await connection.sendRequest(lsp.HoverRequest.type, at("bpf_saul_reg_read"));
    assert.match(hover.contents.value, /int bpf_saul_reg_read\(bpf_saul_reg_t \*device, phydat_t \*reading\)/);
    assert.match(hover.contents.value, /Reads a device/);
});

test("lenses tell what functions cost, and the costs themselves can be asked for", async (t) => {
    const { connection, capabilities } = await editor(t);
    assert.ok(capabilities.codeLensProvider);
    const lenses = await connection.sendRequest(lsp.CodeLensRequest.type, { textDocument: { uri } });
    assert.match(lenses[0].command.title, /^\d+ instructions · \d+ B · stack \d+ B · runs at most \d+$/);
    assert.deepEqual(lenses.map((one) => one.command.command), ["rbpf.showCosts", "rbpf.deploy", "rbpf.debug"]);
    assert.deepEqual(lenses[1].command.arguments, [PROJECT, "run"]);
    const { size } = await connection.sendRequest("rbpf/costs", { folder: PROJECT });
    assert.equal(size.functions.reduce((sum, one) => sum + one.bytes, 0), size.text);
});

test("renaming and formatting change the text as they should", async (t) => {
    const { connection, at, edit, text } = await editor(t);
    const { changes, documentChanges } = await connection.sendRequest(lsp.RenameRequest.type,
        { ...at("twice(int"), newName: "twofold" });
    const edits = changes ? changes[uri] : documentChanges[0].edits;
    assert.equal(applied(text(), edits), source.replaceAll("twice", "twofold"));
    await assert.rejects(connection.sendRequest(lsp.RenameRequest.type, { ...at("twice(int"), newName: "double" }), /keyword/);
    await edit((whole) => whole.replace("return number", "return   number"));
    const layout = await connection.sendRequest(lsp.DocumentFormattingRequest.type,
        { textDocument: { uri }, options: { tabSize: 4, insertSpaces: true } });
    assert.equal(applied(text(), layout), source);
});
