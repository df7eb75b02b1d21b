// SPDX-License-Identifier: GPL-3.0-or-later
// The workspace's projects, and which one a command means.
import path from "node:path";
import * as vscode from "vscode";
import { PROJECT_FILE, projectAbove } from "./project_folder";

export class Projects implements vscode.Disposable {
    private readonly changed = new vscode.EventEmitter<void>();
    /** A project came or went. */
    readonly onDidChange = this.changed.event;
    private readonly watcher = vscode.workspace.createFileSystemWatcher(`**/${PROJECT_FILE}`, false, true, false);
    private readonly disposables: vscode.Disposable[];
    private known: string[] = [];

    constructor() {
        this.disposables = [
            this.changed,
            this.watcher,
            this.watcher.onDidCreate(() => this.look()),
            this.watcher.onDidDelete(() => this.look()),
            vscode.workspace.onDidChangeWorkspaceFolders(() => this.look()),
        ];
    }

    dispose(): void {
        this.disposables.forEach((one) => one.dispose());
    }

    /** The folders of all projects. */
    get all(): readonly string[] {
        return this.known;
    }

    /** Looks for projects anew. */
    async look(): Promise<void> {
        const files = await vscode.workspace.findFiles(`**/${PROJECT_FILE}`, "**/{node_modules,build}/**", 100);
        const found = files.map((file) => path.dirname(file.fsPath)).sort();
        await vscode.commands.executeCommand("setContext", "rbpf.hasProject", found.length > 0);
        if (found.join("\n") !== this.known.join("\n")) {
            this.known = found;
            this.changed.fire();
        }
    }

    /** The project that a file belongs to. */
    holding(file: vscode.Uri): string | undefined {
        const top = vscode.workspace.getWorkspaceFolder(file);
        return top && file.scheme === "file" ? projectAbove(path.dirname(file.fsPath), top.uri.fsPath) : undefined;
    }

    /** The project of the editor in front, else the only one. */
    get current(): string | undefined {
        const editor = vscode.window.activeTextEditor;
        return (editor && this.holding(editor.document.uri)) ?? (this.known.length === 1 ? this.known[0] : undefined);
    }

    /** The current project, else the one that the user picks. */
    async pick(): Promise<string | undefined> {
        if (this.current !== undefined) {
            return this.current;
        }
        if (this.known.length === 0) {
            const make = "New Project…";
            if ((await vscode.window.showInformationMessage(`No folder with an ${PROJECT_FILE} is open.`, make)) === make) {
                await vscode.commands.executeCommand("rbpf.newProject");
            }
            return undefined;
        }
        const picked = await vscode.window.showQuickPick(
            this.known.map((folder) => ({ label: path.basename(folder), description: vscode.workspace.asRelativePath(folder), folder })),
            { placeHolder: "Which project?" },
        );
        return picked?.folder;
    }

    /** What a command's first argument names, else as `pick`. */
    async meant(argument: unknown): Promise<string | undefined> {
        if (typeof argument !== "string" || argument === "") {
            return this.pick(); // also where VS Code hands over the editor's URI
        }
        return argument.startsWith("file:") ? vscode.Uri.parse(argument).fsPath : argument;
    }
}
