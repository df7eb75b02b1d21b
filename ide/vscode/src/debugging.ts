// SPDX-License-Identifier: GPL-3.0-or-later
// The debug adapter is `rbpf dap`; F5 works without a launch.json, on the board in the status bar.
import path from "node:path";
import * as vscode from "vscode";
import { built } from "./answers";
import type { BoardPicker } from "./board_picker";
import { triggers } from "./disassembly_lines";
import type { Projects } from "./projects";
import type { Tool } from "./tool";

const TYPE = "rbpf";

export class Debugging implements vscode.DebugConfigurationProvider, vscode.DebugAdapterDescriptorFactory {
    constructor(private readonly tool: Tool, private readonly projects: Projects, private readonly boards: BoardPicker) {}

    createDebugAdapterDescriptor(session: vscode.DebugSession): vscode.DebugAdapterDescriptor {
        return new vscode.DebugAdapterExecutable(this.tool.program, ["dap"], { cwd: session.workspaceFolder?.uri.fsPath });
    }

    provideDebugConfigurations(): vscode.DebugConfiguration[] {
        return this.projects.all.map((folder) => ({ type: TYPE, request: "launch", name: `Debug ${path.basename(folder)} on the board`, program: inWorkspace(folder) }));
    }

    /** Fills in what is left out: all of it for F5 without a launch.json. */
    async resolveDebugConfiguration(_: unknown, given: vscode.DebugConfiguration): Promise<vscode.DebugConfiguration | undefined> {
        const configuration = { ...given };
        if (!configuration.type && !configuration.request) {
            const folder = await this.projects.pick();
            if (folder === undefined) {
                return undefined;
            }
            const launch = await this.tool.attempt(() => this.launch(folder));
            if (launch === undefined) {
                return undefined;
            }
            Object.assign(configuration, launch);
        }
        if (configuration.board === undefined && (configuration.port === undefined || configuration.port === "auto") && this.boards.choice !== "") {
            configuration.board = this.boards.choice;
        }
        const there = await this.tool.attempt(() => this.tool.text(["dap", "--help"]));
        return there === undefined ? undefined : configuration;
    }

    async debug(folder: string, entry: string | undefined): Promise<void> {
        const scope = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder));
        await vscode.debug.startDebugging(scope, await this.launch(folder, entry));
    }

    /** Stops at the breakpoints, else at the start of the next run; where nothing triggers the entry it is run at once. */
    private async launch(folder: string, entry?: string): Promise<vscode.DebugConfiguration> {
        const { image } = built(await this.tool.ask(["build", folder]));
        const known = image === "" ? new Map<string, string>() : triggers(await this.tool.text(["disasm", "--no-source", image]));
        const name = entry ?? [...known.keys()][0];
        const invoke = name !== undefined && known.get(name) === "" ? { invoke: name } : {};
        return { type: TYPE, request: "launch", name: `Debug ${path.basename(folder)}`, program: folder, stopOnEntry: !breaksIn(folder), ...invoke };
    }
}

/** Whether a breakpoint could stop a script of this project. */
function breaksIn(folder: string): boolean {
    return vscode.debug.breakpoints.some((one) => {
        const elsewhere = one instanceof vscode.SourceBreakpoint && path.relative(folder, one.location.uri.fsPath).startsWith("..");
        return one.enabled && !elsewhere;
    });
}

/** As a launch.json has it, where the folder is part of the workspace. */
function inWorkspace(folder: string): string {
    const scope = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder));
    return scope ? path.posix.join("${workspaceFolder}", path.relative(scope.uri.fsPath, folder)) : folder;
}
