// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the text that `rbpf disasm` prints: the image's entries, and which line comes from which line of the source.

export interface Place {
    file: string;
    line: number;
}

const SOURCE = /^; (\S.*?):(\d+):/;
const INSTRUCTION = /^\s*\d+:\s+(?:[0-9a-f]{2} ){8}/;
const ENTRY = /^entry (\S+) at \d+(?:, trigger (\S+))?$/gm;
const FUNCTION = /^[0-9a-f]{8} <[^>]+>:$/;

/** For each line of the text the source line that its instruction comes from, or undefined. */
export function places(text: string): (Place | undefined)[] {
    let place: Place | undefined;
    return text.split("\n").map((line) => {
        const source = SOURCE.exec(line);
        if (source) {
            place = { file: source[1] ?? "", line: Number(source[2]) };
            return place;
        }
        if (FUNCTION.test(line)) {
            place = undefined;
        }
        return INSTRUCTION.test(line) ? place : undefined;
    });
}

/** The text's lines (from 0) that come from these source lines (from 1, both ends included). */
export function linesOf(map: readonly (Place | undefined)[], file: string, first: number, last: number): number[] {
    return map.flatMap((place, index) => (place?.file === file && place.line >= first && place.line <= last ? [index] : []));
}

/** The entries' triggers by name; "" for one that runs only when it is asked to. */
export function triggers(text: string): Map<string, string> {
    return new Map([...text.matchAll(ENTRY)].map((match) => [match[1] ?? "", match[2] ?? ""]));
}
