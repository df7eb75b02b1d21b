// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Board } from "../../../../ide/vscode/src/answers";
import { boardArguments, chosen, offers, shown } from "../../../../ide/vscode/src/board_choice";

function board(id: string, state = "ready"): Board {
    return { id, kind: "native", state, place: "process", firmware: "0.1.0", reason: state === "ready" ? "" : "no permission", next: state === "ready" ? "" : "`rbpf udev`" };
}

test("what was picked wins over the setting, Automatic included", () => {
    assert.equal(chosen(undefined, " native "), "native");
    assert.equal(chosen("greenhouse", "native"), "greenhouse");
    assert.equal(chosen("", "native"), "");
});

test("without a choice rbpf finds the board, so nothing is passed", () => {
    assert.deepEqual(boardArguments(""), []);
    assert.deepEqual(boardArguments("a b; rm -rf /"), ["--board", "a b; rm -rf /"]);
});

test("no board, one board and several are shown differently", () => {
    assert.equal(shown("", []).text, "virtual board");
    assert.equal(shown("", [board("native")]).text, "native (auto)");
    const several = shown("", [board("native"), board("other")]);
    assert.equal(several.text, "which board?");
    assert.ok(several.warning);
});

test("a board that is not ready says why and what next", () => {
    const state = shown("usb", [board("usb", "no permission")]);
    assert.ok(state.warning);
    assert.match(state.tooltip, /no permission[^]*rbpf udev/);
});

test("a board that is gone warns, an address does not", () => {
    assert.ok(shown("greenhouse", []).warning);
    assert.ok(!shown("tcp://10.0.0.2:20000", []).warning);
    assert.ok(!shown("/dev/ttyACM0", []).warning);
});

test("the picker offers each board, Automatic, and the virtual boards that do not run yet", () => {
    const all = offers("native", [board("native"), board("greenhouse", "busy")]);
    assert.deepEqual(all.filter((one) => one.does === "choose").map((one) => one.board), ["native", "greenhouse", ""]);
    assert.deepEqual(all.filter((one) => one.does === "start").map((one) => one.what), ["microbit", "mps2_an386"]);
    assert.match(all[0]?.description ?? "", /in use/);
});
