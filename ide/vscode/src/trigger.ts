// SPDX-License-Identifier: GPL-3.0-or-later
// "Run an Entry Now…": does what the entry waits for, a request, a tick or an event, on the board in the status bar.
import * as vscode from "vscode";
import { slots } from "./answers";
import type { BoardPicker } from "./board_picker";
import type { Tool } from "./tool";
import { triggerCommand } from "./trigger_command";

export async function triggerEntry(tool: Tool, boards: BoardPicker): Promise<void> {
    const entries = slots(await tool.ask(["list", ...boards.arguments])).flatMap(({ slot, name, entries: all }) =>
        all.map((entry) => ({ label: entry.name, description: entry.trigger, detail: `${name}, slot ${slot}`, command: triggerCommand(slot, entry) })));
    if (entries.length === 0) {
        throw new Error("there is no script on the board: deploy one first.");
    }
    const picked = await vscode.window.showQuickPick(entries, { placeHolder: "Which entry of which script?" });
    if (picked === undefined) {
        return;
    }
    // A script that is halted in the debugger answers when it goes on: nobody waits for that.
    void tool.attempt(async () => {
        const said = (await tool.text([...picked.command, ...boards.arguments])).trim();
        void vscode.window.showInformationMessage(`${picked.label}: ${said === "" ? "done, it answers nothing" : said}`);
    });
}
