// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { imageOf, nameProblem, projectAbove, sourceFile } from "../../../../ide/vscode/src/project_folder";
import { triggerCommand } from "../../../../ide/vscode/src/trigger_command";

test("the nearest folder with an rbpf.json is the project, and none above the workspace's", () => {
    const exists = (file: string) => ["/w/a/rbpf.json", "/rbpf.json"].includes(file);
    assert.equal(projectAbove("/w/a/src/deep", "/w", exists), "/w/a");
    assert.equal(projectAbove("/w/b/src", "/w", exists), undefined);
    assert.equal(projectAbove("/elsewhere/src", "/w", () => false), undefined);
});

test("the image is named in rbpf.json; a broken one or a name that is a path has none", () => {
    assert.equal(imageOf("/w/a", () => '{"name": "demo"}'), "/w/a/build/demo.rbpf");
    for (const text of ["{", "null", "[]", '{"name": 3}', '{"name": "../../etc/x"}', '{"name": ""}']) {
        assert.equal(imageOf("/w/a", () => text), undefined, text);
    }
});

test("sources count from the project, the SDK's headers from where the compiler finds them", () => {
    const commands = () => JSON.stringify([{ arguments: ["clang", "-I/w/a/src", "-isystem/opt/headers", "-isystem/opt/headers/compat"] }]);
    assert.equal(sourceFile("/w/a", "src/a.c", commands), "/w/a/src/a.c");
    assert.equal(sourceFile("/w/a", "/rbpf/headers/rbpf/coap.h", commands), "/opt/headers/rbpf/coap.h");
    assert.equal(sourceFile("/w/a", "/rbpf/lib/memcpy.c", commands), undefined);
    assert.equal(sourceFile("/w/a", "/rbpf/headers/rbpf/coap.h", () => "no JSON"), undefined);
});

test("a project's name is one folder's name and no option", () => {
    assert.equal(nameProblem("thermostat-2.v1_x"), undefined);
    for (const name of ["", ".", "..", "a/b", "a b", "-rf", "$(x)"]) {
        assert.ok(nameProblem(name), name);
    }
});

test("an entry is run by what it waits for", () => {
    assert.deepEqual(triggerCommand(1, { name: "s", trigger: "coap/sensor/1" }), ["get", "/sensor/1"]);
    assert.deepEqual(triggerCommand(1, { name: "s", trigger: "timer/1000" }), ["trigger", "timer/1000"]);
    assert.deepEqual(triggerCommand(2, { name: "s", trigger: "" }), ["invoke", "2", "--entry", "s"]);
});
