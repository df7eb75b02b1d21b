// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody does on the first day: look, mistype, build, deploy, debug forwards and backwards.
"use strict";
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const { chmodSync, readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { Workbench } = require("./workbench.js");

const { MACHINE, PROJECT, RBPF } = process.env;
const SOURCE = "control.c";
const lines = readFileSync(path.join(PROJECT, "src", SOURCE), "utf8").split("\n");
const lineWith = (text) => lines.findIndex((line) => line.includes(text)) + 1;
const STOP = lineWith("bpf_fetch_local(KEY_HEATING"); // its effect is seen at NEXT, in a variable
const NEXT = lineWith("uint32_t wanted = heating");
const BOARD = ".statusbar-item[id$=\"rbpf.board\"]";
const LENS = ".codelens-decoration:visible";
const TERMINAL = ".xterm-rows";

const row = (bench, pane, text) => bench.see(`.pane:has(.pane-header[aria-label^="${pane}"]) .monaco-list-row`, { hasText: text });

/** Waits until the debugger stands at this line. */
async function stopped(bench, line) {
    await bench.text(".debug-call-stack .monaco-list-row", new RegExp(`control\\.c\\s*${line}:`));
    await bench.see(".debug-toolbar .codicon-debug-step-back");
    await bench.text(".statusbar-item", new RegExp(`^Ln ${line},`));
}

const steps = {
    "an untrusted workspace runs nothing; trust starts the extension": async (bench) => {
        const trust = await bench.see(".monaco-dialog-box .monaco-button", { hasText: "Yes, I trust the authors" });
        assert.equal(await bench.at(BOARD).count(), 0, "a board is shown before anybody trusts the workspace");
        await trust.click();
        await bench.text(BOARD, "virtual board");
    },

    "the source has costs above its functions and behind its lines, and help at its bindings": async (bench) => {
        await bench.openFile(SOURCE);
        await bench.goTo(lineWith("bpf_saul_reg_find_type(SAUL_SENSE"));
        await bench.text(".codelens-decoration", /\d+\sinstructions.*stack.*Debug/);
        await bench.text(".view-line", /SAUL_SENSE_TEMP\);\s*\d+\sB/);
        await bench.screenshots("hover", async () => {
            await bench.page.mouse.move(0, 0);
            await (await bench.see(".view-line span span", { hasText: "bpf_saul_reg_find_type" })).hover();
            await bench.text(".monaco-hover:visible", /first sensor or actuator of a class/);
        });
        await bench.press("Escape");
    },

    "a typing mistake is underlined while it is typed, and not any more when it is mended": async (bench) => {
        await bench.goTo(STOP);
        await bench.press("End", "Enter");
        await bench.page.keyboard.type("temprature = 3;");
        await bench.see(".squiggly-error");
        await bench.command("Problems: Focus on Problems View");
        await bench.text(".markers-panel .monaco-list-row", /undeclared\sidentifier\s'temprature'/);
        await bench.screenshots("squiggle");
        await bench.command("View: Focus Active Editor Group");
        await bench.press("Control+Shift+K");
        await bench.gone(".squiggly-error");
        await bench.press("Control+S");
    },

    "the build task builds; the size view shows it by function and line, and leads to the source": async (bench) => {
        await bench.command("Tasks: Run Build Task");
        await bench.pick(/^rbpf: build/);
        await bench.text(TERMINAL, /\d+\sinstructions,.*image\s\d+\sB/);
        const size = JSON.parse(execFileSync(RBPF, ["size", PROJECT, "--json"], { encoding: "utf8" }));
        await bench.command("rBPF: Show Size");
        assert.match(await (await row(bench, "Size", /^Stack/)).innerText(), new RegExp(`${size.stack} / ${size.stackLimit} B.*%`, "s"));
        const control = size.functions.find((one) => one.name === "control");
        await (await row(bench, "Size", new RegExp(`^control\\s*${control.bytes}\\sB`))).click();
        await bench.press("ArrowRight");
        const cost = control.lines.find((one) => one.line === NEXT);
        const line = await row(bench, "Size", new RegExp(`^line\\s${NEXT}\\s*${cost.bytes}\\sB`));
        await bench.screenshots("size");
        await line.click();
        await bench.text(".statusbar-item", new RegExp(`^Ln ${NEXT},`));
    },

    "what a build finds in files that are not open is among the problems": async (bench) => {
        const other = path.join(PROJECT, "src", "status.c");
        const before = readFileSync(other, "utf8");
        writeFileSync(other, `${before}int wrong = undeclared;\n`);
        await bench.command("rBPF: Build");
        await bench.text(TERMINAL, /1\serror/);
        await bench.command("Problems: Focus on Problems View");
        await bench.text(".markers-panel .monaco-list-row", /undeclared identifier\s'undeclared'/);
        assert.equal(await bench.at(".markers-panel .monaco-list-row", { hasText: "'undeclared'" }).count(), 1, "told twice");
        writeFileSync(other, before);
        await bench.command("rBPF: Build");
        await bench.gone(".markers-panel .monaco-list-row");
    },

    "the disassembly stands beside the source and marks its line": async (bench) => {
        await bench.openFile(SOURCE);
        await bench.goTo(NEXT);
        await bench.command("rBPF: Show Disassembly Beside the Source");
        await bench.text(".view-line", /call\sbpf_fetch_local/);
        await bench.see(".cdr[class*=\"ced-\"]");
        await bench.screenshots("disassembly", async () => {
            await bench.page.mouse.move(0, 0);
            await (await bench.see(".view-line span span", { hasText: /^r9$/ })).hover();
            await bench.text(".monaco-hover:visible", /\S/);
        });
    },

    "a deploy starts a virtual board and shows it": async (bench) => {
        await bench.openFile(SOURCE);
        await bench.command("rBPF: Deploy to the Board");
        await bench.text(TERMINAL, /deployed\sthermostat\s0\.1\.0/);
        await bench.text(BOARD, "native (auto)");
        await bench.command("rBPF: Select Board");
        await bench.text(".quick-input-list .monaco-list-row", /firmware 0\.1\.0/);
        await bench.screenshot("boards-dark");
        await bench.pick(/^native/);
        await bench.text(BOARD, /native$/);
    },

    "F5 without a launch.json stops at the breakpoint, with values": async (bench) => {
        await bench.command("View: Hide Panel");
        await bench.goTo(STOP);
        await bench.press("F9");
        await bench.see(".codicon-debug-breakpoint");
        await bench.press("F5");
        await stopped(bench, STOP);
        await (await row(bench, "Variables", /^reading/)).waitFor();
    },

    "step over shows what the line did, step back the time before": async (bench) => {
        await (await bench.see(".debug-toolbar .codicon-debug-step-over")).click();
        await stopped(bench, NEXT);
        assert.match(await (await row(bench, "Variables", /^heating/)).innerText(), /[01]$/);
        await bench.screenshots("debug");
        await (await bench.see(".debug-toolbar .codicon-debug-step-back")).click();
        await stopped(bench, STOP);
        await bench.screenshots("step-back");
        await (await bench.see(".debug-toolbar .codicon-debug-reverse-continue")).click();
        await stopped(bench, lineWith("bpf_saul_reg_find_type(SAUL_SENSE"));
    },

    "stop ends the session and leaves the script on the board": async (bench) => {
        await (await bench.see(".debug-toolbar .codicon-debug-stop")).click();
        await bench.gone(".debug-toolbar");
        assert.equal(await bench.at(".tab.dirty").count(), 0, "the test has typed into a file");
    },

    "rbpf.json is completed, each thing once: keys by its schema, the script's functions by the server": async (bench) => {
        await bench.openFile("rbpf.json");
        await bench.goTo(2);
        await bench.press("Home", "Control+Shift+Enter");
        await bench.page.keyboard.type('"entries": [{"function": ""}],');
        await bench.press("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "Control+Space");
        await bench.text(".suggest-widget .monaco-list-row", /switch_heating|control/);
        await bench.press("Escape", "Control+Enter", "Control+Space");
        await bench.text(".suggest-widget .monaco-list-row", /optimise/);
        assert.equal(await bench.at(".suggest-widget .monaco-list-row", { hasText: "optimise" }).count(), 1);
        await bench.screenshot("json-dark");
        await bench.press("Escape");
        await bench.command("File: Revert File");
    },

    "a language server that cannot be started is started when its settings are mended": async (bench) => {
        const good = readFileSync(MACHINE, "utf8");
        const broken = path.join(path.dirname(MACHINE), "broken");
        writeFileSync(broken, `#!/bin/sh\n[ "$*" = lsp ] && read -r header && exit 1\nexec ${RBPF} "$@"\n`);
        chmodSync(broken, 0o755);
        await bench.openFile(SOURCE);
        await bench.goTo(lineWith("int control(void)"));
        await bench.text(LENS, /instructions/);
        writeFileSync(MACHINE, JSON.stringify({ "rbpf.path": broken }));
        await bench.gone(LENS);
        writeFileSync(MACHINE, good);
        await bench.text(LENS, /instructions/);
    },

    "a missing rbpf is told in words, with what to do": async (bench) => {
        writeFileSync(MACHINE, JSON.stringify({ "rbpf.path": "/nowhere/rbpf" }));
        const message = await bench.see(".notification-list-item", { hasText: /\/nowhere\/rbpf cannot be run: there is no such program/ });
        await bench.screenshot("missing-dark");
        await message.locator(".monaco-button", { hasText: "How to Install" }).click();
        await bench.text(".view-line", /rbpf\s--version/);
    },
};

(async () => {
    const began = Date.now();
    const bench = await Workbench.open(PROJECT);
    for (const [name, step] of Object.entries(steps)) {
        const start = Date.now();
        try {
            await step(bench);
        } catch (error) {
            await bench.screenshot("failed");
            console.log(`FAILED ${name}\n${error.stack}\n${bench.said.slice(-15).join("\n")}`);
            process.exitCode = 1;
            break;
        }
        console.log(`ok ${name} (${Date.now() - start} ms)`);
    }
    await bench.browser.close();
    console.log(`${Date.now() - began} ms in all`);
})();
