// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the command `rbpf` with an array of arguments, never through a shell, and turns its failures into sentences.
import { spawn } from "node:child_process";

export interface Outcome {
    code: number;
    out: string;
    err: string;
}

export interface RunOptions {
    cwd?: string;
    signal?: AbortSignal;
    timeoutMs?: number;
}

/** The program itself cannot be started. */
export class RbpfMissing extends Error {
    constructor(program: string, why: string) {
        super(`${program} cannot be run: ${why}`);
    }
}

/** rbpf ran and said no; the message is its own. */
export class RbpfFailed extends Error {
    constructor(readonly code: number, message: string, readonly hint: string) {
        super(message);
    }
}

const OUTPUT_LIMIT = 64 << 20; // bytes

/** What the run printed, whatever its exit code. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const timeoutMs = options.timeoutMs ?? 120_000;
    return new Promise((resolve, reject) => {
        const child = spawn(program, args, { cwd: options.cwd, signal: options.signal, stdio: ["ignore", "pipe", "pipe"] });
        const out: Buffer[] = [];
        const err: Buffer[] = [];
        let bytes = 0;
        let stopped = "";
        const stop = (why: string) => {
            stopped = why;
            child.kill();
        };
        const timer = setTimeout(() => stop(`it did not end within ${timeoutMs / 1000} s`), timeoutMs);
        const collect = (into: Buffer[]) => (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > OUTPUT_LIMIT) {
                stop("it prints without end");
            } else {
                into.push(chunk);
            }
        };
        child.stdout.on("data", collect(out));
        child.stderr.on("data", collect(err));
        child.on("error", (error: NodeJS.ErrnoException) => {
            clearTimeout(timer);
            const words = error.code === "ENOENT" ? "there is no such program" : error.message;
            reject(error.name === "AbortError" ? error : new RbpfMissing(program, words));
        });
        child.on("close", (code) => {
            clearTimeout(timer);
            if (stopped !== "") {
                reject(new RbpfFailed(-1, `${commandLine(program, args)} was stopped: ${stopped}`, ""));
                return;
            }
            resolve({ code: code ?? -1, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() });
        });
    });
}

/** For people to read, not for a shell to run. */
export function commandLine(program: string, args: readonly string[]): string {
    return [program, ...args].map((word) => (/^[\w./:=-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
}

/** The JSON that `rbpf ARGS --json` answers, also where its exit code says that the script is at fault. */
export async function ask(program: string, args: readonly string[], options: RunOptions = {}): Promise<unknown> {
    const outcome = await run(program, [...args, "--json"], options);
    const answer = parsed(outcome.out);
    const failure = failureIn(answer);
    if (failure) {
        throw new RbpfFailed(outcome.code, failure.message, failure.hint);
    }
    if (answer === undefined) {
        const said = outcome.err.trim() || outcome.out.trim() || `it ended with ${outcome.code} and said nothing`;
        throw new RbpfFailed(outcome.code, said.replace(/^rbpf: error: /, ""), "");
    }
    return answer;
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return undefined;
    }
}

/** rbpf reports what went wrong as {"error": {"message", "hint", "kind"}}. */
function failureIn(answer: unknown): { message: string; hint: string } | undefined {
    const error = (answer as { error?: { message?: unknown; hint?: unknown } } | null | undefined)?.error;
    if (typeof error?.message !== "string") {
        return undefined;
    }
    return { message: error.message, hint: typeof error.hint === "string" ? error.hint : "" };
}
