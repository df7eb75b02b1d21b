// SPDX-License-Identifier: GPL-3.0-or-later
// A project is a folder with an rbpf.json.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

export const PROJECT_FILE = "rbpf.json";

/** The nearest folder with an rbpf.json, from a file or folder upwards, not above `top`. */
export function projectAbove(start: string, top: string, exists: (file: string) => boolean = existsSync): string | undefined {
    for (let folder = start; ; folder = path.dirname(folder)) {
        if (exists(path.join(folder, PROJECT_FILE))) {
            return folder;
        }
        if (folder === top || folder === path.dirname(folder)) {
            return undefined;
        }
    }
}

/** build/NAME.rbpf; undefined while the rbpf.json is no JSON or has no name that is a file's. */
export function imageOf(folder: string, read: (file: string) => string = (file) => readFileSync(file, "utf8")): string | undefined {
    try {
        const name = (JSON.parse(read(path.join(folder, PROJECT_FILE))) as { name?: unknown } | null)?.name;
        if (typeof name !== "string" || name === "" || path.basename(name) !== name) {
            return undefined;
        }
        return path.join(folder, "build", `${name}.rbpf`);
    } catch {
        return undefined;
    }
}

/** Where the SDK's sources lie for the compiler, in images and debug information. */
const SDK = "/rbpf/headers/";

/**
 * The file on this machine that an answer of rbpf means: paths count from the project's folder, those of the SDK's headers
 * from the folder that compile_commands.json names. Undefined where it cannot be known.
 */
export function sourceFile(folder: string, file: string, read: (file: string) => string = (name) => readFileSync(name, "utf8")): string | undefined {
    if (!file.startsWith("/rbpf/")) {
        return path.resolve(folder, file);
    }
    if (!file.startsWith(SDK)) {
        return undefined;
    }
    try {
        const commands = JSON.parse(read(path.join(folder, "compile_commands.json"))) as { arguments?: unknown }[];
        const words = commands.flatMap((command) => (Array.isArray(command.arguments) ? (command.arguments as unknown[]) : []));
        const headers = words.find((word): word is string => typeof word === "string" && /^-isystem.*\/headers$/.test(word));
        return headers === undefined ? undefined : path.join(headers.slice("-isystem".length), file.slice(SDK.length));
    } catch {
        return undefined;
    }
}

/** Why a project cannot be called so; undefined if it can. */
export function nameProblem(name: string): string | undefined {
    if (name === "" || name === "." || name === "..") {
        return "A name is needed: letters, digits, - and _";
    }
    const odd = /[^\w.-]/.exec(name);
    if (odd) {
        return `"${odd[0]}" cannot be part of the name: letters, digits, ., - and _ can`;
    }
    return name.startsWith("-") ? "The name cannot begin with -" : undefined;
}
