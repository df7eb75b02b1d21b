// SPDX-License-Identifier: GPL-3.0-or-later
// Which board a workspace works with, and how it is shown and offered.
import type { Board } from "./answers";

/** A board's id as `rbpf boards` lists it, or what `--board` takes else; "" = the only one, else a virtual board. */
export type Choice = string;

export interface Shown {
    text: string;
    tooltip: string;
    warning: boolean;
}

export type Offer =
    | { does: "choose"; board: Choice; label: string; description: string; detail: string }
    | { does: "start"; what: string; label: string; description: string; detail: string };

/** What `--board` gets; nothing where rbpf is to find it. */
export function boardArguments(choice: Choice): string[] {
    return choice === "" ? [] : ["--board", choice];
}

/** The picked one, else the setting. */
export function chosen(picked: string | undefined, setting: string): Choice {
    return picked ?? setting.trim();
}

export function shown(choice: Choice, boards: readonly Board[]): Shown {
    if (choice === "") {
        const [only] = boards;
        if (only === undefined) {
            return { text: "virtual board", tooltip: "No board is attached: a virtual one is started when it is needed.", warning: false };
        }
        if (boards.length > 1) {
            return { text: "which board?", tooltip: `There are ${boards.length} boards: pick one.`, warning: true };
        }
        return { ...stateOf(only), text: `${only.id} (auto)` };
    }
    const board = boards.find((one) => one.id === choice);
    if (board === undefined) {
        // A port or an address that rbpf opens when it is needed, or a board that is gone.
        const address = /[/:]/.test(choice);
        return {
            text: choice,
            tooltip: address ? `Scripts go to ${choice}.` : `${choice} is not attached; pick another board or start it again.`,
            warning: !address,
        };
    }
    return stateOf(board);
}

function stateOf(board: Board): Shown {
    const ready = board.state === "ready";
    const firmware = board.firmware === "" ? "" : `, firmware ${board.firmware}`;
    const why = [board.reason, board.next === "" ? "" : `Next: ${board.next}`].filter((part) => part !== "").join("\n");
    return {
        text: ready ? board.id : `${board.id}: ${board.state}`,
        tooltip: [`${board.id}: ${board.state}${firmware}`, ready ? "" : why].filter((part) => part !== "").join("\n"),
        warning: !ready,
    };
}

const VIRTUAL = [
    { kind: "native", label: "Start a virtual board", detail: "A process of this machine that runs the same firmware, with simulated sensors" },
    { kind: "microbit", label: "Start a BBC micro:bit in QEMU", detail: "The firmware that is flashed, on an emulated Cortex-M0" },
    { kind: "mps2_an386", label: "Start a Cortex-M4 in QEMU", detail: "The firmware for the MPS2 AN386 board, emulated" },
];

/** What the picker lists: boards, "the only one", virtual boards that are not there yet. */
export function offers(choice: Choice, boards: readonly Board[]): Offer[] {
    const mark = (board: Choice) => (board === choice ? "in use" : "");
    const listed: Offer[] = boards.map((board) => ({
        does: "choose",
        board: board.id,
        label: board.id,
        description: [board.kind === board.id ? "" : board.kind, board.state, mark(board.id)].filter((word) => word !== "").join(" · "),
        detail: board.state === "ready" ? `firmware ${board.firmware}, ${board.place}` : [board.reason, board.next].filter((word) => word !== "").join(" → "),
    }));
    const automatic: Offer = {
        does: "choose",
        board: "",
        label: "Automatic",
        description: mark(""),
        detail: "The only board there is, else a virtual one that is started on demand",
    };
    const virtual: Offer[] = VIRTUAL.filter(({ kind }) => !boards.some((board) => board.id === kind)).map((one) => ({
        does: "start",
        what: one.kind,
        label: one.label,
        description: "",
        detail: one.detail,
    }));
    return [...listed, automatic, ...virtual];
}
