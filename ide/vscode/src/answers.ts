// SPDX-License-Identifier: GPL-3.0-or-later
// What `rbpf … --json` answers, checked field by field: an rbpf of another version is named, not guessed at.

export interface Board {
    id: string;
    kind: string;
    state: string;
    place: string;
    firmware: string;
    reason: string;
    next: string;
}

export interface Template {
    name: string;
    description: string;
}

export interface LineCost {
    file: string;
    line: number;
    bytes: number;
    instructions: number;
}

export interface FunctionCost extends LineCost {
    name: string;
    frame: number;
    lines: LineCost[];
}

export interface EntryCost {
    name: string;
    /** Instructions of the longest run; undefined where nobody knows. */
    longestRun: number | undefined;
}

export interface Part {
    name: string;
    bytes: number;
}

export interface Size {
    name: string;
    version: string;
    image: number;
    instructions: number;
    stack: number;
    stackLimit: number;
    /** Instructions that a run may execute; 0 = the device's default. */
    budget: number;
    entries: EntryCost[];
    functions: FunctionCost[];
    parts: Part[];
}

export interface Slot {
    slot: number;
    name: string;
    entries: { name: string; trigger: string }[];
}

/** An answer that is not what this extension knows. */
export class UnexpectedAnswer extends Error {
    constructor(where: string, expected: string) {
        super(`${where} is not ${expected}: rbpf and this extension are of different versions`);
    }
}

type Fields = Record<string, unknown>;

function fields(value: unknown, where: string): Fields {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new UnexpectedAnswer(where, "an object");
    }
    return value as Fields;
}

function list<T>(value: unknown, where: string, item: (value: Fields, where: string) => T): T[] {
    if (!Array.isArray(value)) {
        throw new UnexpectedAnswer(where, "a list");
    }
    return value.map((one, index) => item(fields(one, `${where}[${index}]`), `${where}[${index}]`));
}

function text(from: Fields, key: string, where: string): string {
    const value = from[key];
    if (typeof value !== "string") {
        throw new UnexpectedAnswer(`${where}.${key}`, "a text");
    }
    return value;
}

function count(from: Fields, key: string, where: string): number {
    const value = from[key];
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
        throw new UnexpectedAnswer(`${where}.${key}`, "a number");
    }
    return value;
}

export function boards(answer: unknown): Board[] {
    return list(answer, "boards", (one, where) => ({
        id: text(one, "id", where),
        kind: text(one, "board", where),
        state: text(one, "state", where),
        place: text(one, "place", where),
        firmware: text(one, "firmware", where),
        reason: text(one, "reason", where),
        next: text(one, "next", where),
    }));
}

export function templates(answer: unknown): Template[] {
    return list(answer, "templates", (one, where) => ({
        name: text(one, "name", where),
        description: text(one, "description", where),
    }));
}

function lineCost(one: Fields, where: string): LineCost {
    return {
        file: text(one, "file", where),
        line: count(one, "line", where),
        bytes: count(one, "bytes", where),
        instructions: count(one, "instructions", where),
    };
}

export function size(answer: unknown): Size {
    const all = fields(answer, "size");
    return {
        name: text(all, "name", "size"),
        version: text(all, "version", "size"),
        image: count(all, "image", "size"),
        instructions: count(all, "instructions", "size"),
        stack: count(all, "stack", "size"),
        stackLimit: count(all, "stackLimit", "size"),
        budget: count(all, "budget", "size"),
        entries: list(all.entries, "size.entries", (one, where) => ({
            name: text(one, "name", where),
            longestRun: typeof one.longestRun === "number" ? count(one, "longestRun", where) : undefined,
        })),
        functions: list(all.functions, "size.functions", (one, where) => ({
            ...lineCost(one, where),
            name: text(one, "name", where),
            frame: count(one, "frame", where),
            lines: list(one.lines, `${where}.lines`, lineCost),
        })),
        parts: list(all.parts, "size.parts", (one, where) => ({ name: text(one, "name", where), bytes: count(one, "bytes", where) })),
    };
}

export interface Built {
    ok: boolean;
    /** The image's path; empty where the build failed. */
    image: string;
    /** How many errors there are. */
    errors: number;
}

export function built(answer: unknown): Built {
    const all = fields(answer, "build");
    const ok = all.ok === true;
    const diagnostics = list(all.diagnostics, "build.diagnostics", (one, where) => text(one, "severity", where));
    return {
        ok,
        image: ok ? text(fields(all.files, "build.files"), "image", "build.files") : "",
        errors: diagnostics.filter((severity) => severity === "error").length,
    };
}

export function slots(answer: unknown): Slot[] {
    return list(answer, "slots", (one, where) => ({
        slot: count(one, "slot", where),
        name: text(one, "name", where),
        entries: list(one.entries, `${where}.entries`, (entry, place) => ({
            name: text(entry, "name", place),
            trigger: text(entry, "trigger", place),
        })),
    }));
}
