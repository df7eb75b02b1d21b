// SPDX-License-Identifier: GPL-3.0-or-later
// Puts the parts together. Nothing is run before the workspace is trusted.
import * as vscode from "vscode";
import { BoardPicker } from "./board_picker";
import { Debugging } from "./debugging";
import { Disassembly } from "./disassembly";
import { Language } from "./language_client";
import { newProject } from "./new_project";
import { Projects } from "./projects";
import { SizeView } from "./size_view";
import { Tasks } from "./tasks";
import { Tool } from "./tool";
import { triggerEntry } from "./trigger";

export async function activate(context: vscode.ExtensionContext): Promise<void> {
    const projects = new Projects();
    context.subscriptions.push(projects);
    await projects.look();
    if (vscode.workspace.isTrusted) {
        await start(context, projects);
    } else {
        context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(() => start(context, projects)));
    }
}

async function start(context: vscode.ExtensionContext, projects: Projects): Promise<void> {
    const tool = new Tool();
    const images = vscode.workspace.createFileSystemWatcher("**/build/*.rbpf");
    const boards = new BoardPicker(tool, context.workspaceState);
    const language = new Language(tool, projects, boards);
    const tasks = new Tasks(tool, projects, boards, language);
    const debugging = new Debugging(tool, projects, boards);
    const sizes = new SizeView(tool, projects, images);
    const disassembly = new Disassembly(tool, images);
    context.subscriptions.push(
        tool, images, boards, sizes, disassembly, language,
        vscode.tasks.registerTaskProvider("rbpf", tasks),
        vscode.debug.registerDebugAdapterDescriptorFactory("rbpf", debugging),
        vscode.debug.registerDebugConfigurationProvider("rbpf", debugging),
        vscode.debug.registerDebugConfigurationProvider("rbpf", debugging, vscode.DebugConfigurationProviderTriggerKind.Dynamic),
        // Virtual boards come on demand.
        vscode.debug.onDidStartDebugSession((session) => session.type === "rbpf" && boards.refresh()),
        vscode.tasks.onDidEndTaskProcess((event) => event.execution.task.definition.type === "rbpf" && boards.refresh()),
        projects.onDidChange(() => sizes.refresh()),
    );

    /** Registers a command for [projectFolder, entry]; a failure becomes a message. */
    const command = (name: string, action: (folder: string, entry: string | undefined) => Promise<unknown>) => {
        context.subscriptions.push(vscode.commands.registerCommand(name, (given?: unknown, entry?: unknown) => tool.attempt(async () => {
            const folder = await projects.meant(given);
            if (folder !== undefined) {
                await vscode.workspace.saveAll(false);
                await action(folder, typeof entry === "string" ? entry : undefined);
            }
        })));
    };
    command("rbpf.build", (folder) => tasks.execute("build", folder));
    command("rbpf.deploy", (folder) => tasks.execute("deploy", folder));
    command("rbpf.debug", (folder, entry) => debugging.debug(folder, entry));
    command("rbpf.size", (folder) => sizes.show(folder, undefined));
    command("rbpf.showCosts", (folder, entry) => sizes.show(folder, entry));
    command("rbpf.disassemble", (folder) => disassembly.show(folder));
    context.subscriptions.push(
        vscode.commands.registerCommand("rbpf.trigger", () => tool.attempt(() => triggerEntry(tool, boards))),
        vscode.commands.registerCommand("rbpf.newProject", () => tool.attempt(() => newProject(tool))),
    );

    await Promise.all([boards.refresh(), sizes.refresh(), language.restart()]);
}
