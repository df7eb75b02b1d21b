// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks "rbpf: build" and "rbpf: deploy": for every project of the workspace, and as tasks.json defines them.
import path from "node:path";
import * as vscode from "vscode";
import type { BoardPicker } from "./board_picker";
import type { Language } from "./language_client";
import type { Projects } from "./projects";
import type { Tool } from "./tool";

const TYPE = "rbpf";
const ACTIONS = ["build", "deploy"] as const;
export type Action = (typeof ACTIONS)[number];

interface Definition extends vscode.TaskDefinition {
    action: Action;
    project?: string;
    board?: string;
}

export class Tasks implements vscode.TaskProvider {
    constructor(private readonly tool: Tool, private readonly projects: Projects, private readonly boards: BoardPicker, private readonly language: Language) {}

    provideTasks(): vscode.Task[] {
        return this.projects.all.flatMap((folder) => ACTIONS.map((action) => this.taskFor(action, folder)));
    }

    resolveTask(task: vscode.Task): vscode.Task | undefined {
        const definition = task.definition as Definition;
        const { scope } = task;
        if (!ACTIONS.includes(definition.action) || typeof scope !== "object") {
            return undefined;
        }
        // VS Code recognises what is resolved by the definition that it came with.
        return this.task(definition, scope);
    }

    /** The task for a project's folder. */
    taskFor(action: Action, folder: string): vscode.Task {
        const scope = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder));
        const project = scope ? path.relative(scope.uri.fsPath, folder) : folder;
        return this.task({ type: TYPE, action, ...(project === "" ? {} : { project }) }, scope ?? vscode.TaskScope.Workspace);
    }

    private task(definition: Definition, scope: vscode.WorkspaceFolder | vscode.TaskScope.Workspace): vscode.Task {
        const cwd = typeof scope === "object" ? scope.uri.fsPath : undefined;
        const board = definition.board === undefined ? this.boards.arguments : ["--board", definition.board];
        const args = [definition.action, definition.project ?? ".", ...(definition.action === "deploy" ? board : [])];
        const name = definition.project === undefined ? definition.action : `${definition.action} ${definition.project}`;
        // The language server tells the same, and takes it back when it is mended.
        const matcher = this.language.runs ? [] : "$rbpf";
        const task = new vscode.Task(definition, scope, name, TYPE, new vscode.ProcessExecution(this.tool.program, args, { cwd }), matcher);
        task.group = definition.action === "build" ? vscode.TaskGroup.Build : undefined;
        task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true, focus: false, showReuseMessage: false };
        task.detail = definition.action === "build" ? "Compile and link the script" : "Build if needed and install the script on the board";
        return task;
    }

    async execute(action: Action, folder: string): Promise<void> {
        await this.tool.ask(["templates"]); // a missing rbpf is told in words, not by the terminal
        await vscode.tasks.executeTask(this.taskFor(action, folder));
    }
}
