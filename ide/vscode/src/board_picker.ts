// SPDX-License-Identifier: GPL-3.0-or-later
// The board in the status bar: shown, picked, started; remembered for the workspace.
import * as vscode from "vscode";
import { type Board, boards } from "./answers";
import { boardArguments, type Choice, chosen, type Offer, offers, shown } from "./board_choice";
import type { Tool } from "./tool";

const PICKED = "board";

export class BoardPicker implements vscode.Disposable {
    private readonly chose = new vscode.EventEmitter<void>();
    /** Another board was picked. */
    readonly onDidChoose = this.chose.event;
    private readonly item = vscode.window.createStatusBarItem("rbpf.board", vscode.StatusBarAlignment.Left, 50);
    private readonly disposables: vscode.Disposable[];
    private listed: Board[] = [];

    constructor(private readonly tool: Tool, private readonly memory: vscode.Memento) {
        this.item.name = "rBPF board";
        this.item.command = "rbpf.selectBoard";
        this.disposables = [
            this.item,
            this.chose,
            vscode.commands.registerCommand("rbpf.selectBoard", () => this.tool.attempt(() => this.select())),
            vscode.window.onDidChangeWindowState((state) => state.focused && this.refresh()),
            vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("rbpf") && this.refresh()),
        ];
    }

    dispose(): void {
        this.disposables.forEach((one) => one.dispose());
    }

    get choice(): Choice {
        return chosen(this.memory.get<string>(PICKED), vscode.workspace.getConfiguration("rbpf").get<string>("board", ""));
    }

    /** `--board ID`, or nothing where rbpf finds it. */
    get arguments(): string[] {
        return boardArguments(this.choice);
    }

    /** Asks rbpf which boards there are, and shows the one in use. */
    async refresh(): Promise<void> {
        await this.tool.quietly(() => this.ask());
    }

    private async ask(): Promise<void> {
        this.listed = boards(await this.tool.ask(["boards"]));
        const { text, tooltip, warning } = shown(this.choice, this.listed);
        this.item.text = `$(circuit-board) ${text}`;
        this.item.tooltip = `${tooltip}\nClick to pick a board for this workspace.`;
        this.item.backgroundColor = warning ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
        this.item.show();
    }

    private async select(): Promise<void> {
        await this.ask();
        const items = offers(this.choice, this.listed).map((offer) => ({ ...offer, iconPath: new vscode.ThemeIcon(iconOf(offer)) }));
        const picked = await vscode.window.showQuickPick(items, { placeHolder: "The board that scripts of this workspace go to", matchOnDescription: true });
        if (picked === undefined) {
            return;
        }
        if (picked.does === "start") {
            const started = await this.tool.askWithProgress(`Starting ${picked.what}…`, ["board", "start", picked.what]);
            await this.memory.update(PICKED, (started as { id?: string } | null)?.id ?? picked.what);
        } else {
            await this.memory.update(PICKED, picked.board);
        }
        this.chose.fire();
        await this.ask();
    }
}

function iconOf(offer: Offer): string {
    if (offer.does === "start") {
        return "play";
    }
    return offer.board === "" ? "wand" : "circuit-board";
}
