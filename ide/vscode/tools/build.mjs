// SPDX-License-Identifier: GPL-3.0-or-later
// Bundles the extension into out/extension.js, or with --tests its unit tests into out/tests; copies what other folders own.
import { copyFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const root = path.resolve(here, "../..");
const common = { bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "warning" };

if (process.argv.includes("--tests")) {
    const folder = path.join(root, "tests/unit/ide/vscode");
    const tests = readdirSync(folder).filter((name) => name.endsWith(".test.ts"));
    await build({ ...common, entryPoints: tests.map((name) => path.join(folder, name)), outdir: path.join(here, "out/tests") });
} else {
    copyFileSync(path.join(root, "COPYING"), path.join(here, "LICENSE"));
    copyFileSync(path.join(root, "ide/desktop/rbpf-studio-128.png"), path.join(here, "icon.png"));
    copyFileSync(path.join(root, "sdk/project/rbpf.schema.json"), path.join(here, "rbpf.schema.json"));
    await build({
        ...common,
        entryPoints: [path.join(here, "src/extension.ts")],
        outfile: path.join(here, "out/extension.js"),
        external: ["vscode"],
        minify: true,
        keepNames: true,
    });
}
