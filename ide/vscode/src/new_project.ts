// SPDX-License-Identifier: GPL-3.0-or-later
// "New Project from Template…": a template, a name, a parent folder; then the project is opened.
import path from "node:path";
import * as vscode from "vscode";
import { templates } from "./answers";
import { nameProblem } from "./project_folder";
import type { Tool } from "./tool";

export async function newProject(tool: Tool): Promise<void> {
    const offered = templates(await tool.ask(["templates"]));
    const picked = await vscode.window.showQuickPick(
        offered.map((one) => ({ label: one.name, detail: one.description })),
        { placeHolder: "What to start from", matchOnDetail: true },
    );
    if (picked === undefined) {
        return;
    }
    const name = await vscode.window.showInputBox({ prompt: "The project's name, also its folder's", value: picked.label, validateInput: nameProblem });
    if (name === undefined) {
        return;
    }
    const [parent] = (await vscode.window.showOpenDialog({
        title: `Where to make the folder ${name}`,
        openLabel: "Make It Here",
        canSelectFolders: true,
        canSelectFiles: false,
        defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri,
    })) ?? [];
    if (parent === undefined) {
        return;
    }
    const folder = path.join(parent.fsPath, name);
    await tool.text(["new", picked.label, folder]);
    await open(vscode.Uri.file(folder));
}

/** In this window where the folder is part of the workspace already or nothing is open, else as the user likes. */
async function open(folder: vscode.Uri): Promise<void> {
    if (vscode.workspace.getWorkspaceFolder(folder)) {
        const [source] = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, "src/*.c"), undefined, 1);
        await vscode.window.showTextDocument(source ?? vscode.Uri.joinPath(folder, "rbpf.json"));
        return;
    }
    const here = "Open";
    const beside = "Open in New Window";
    const answer = vscode.workspace.workspaceFolders === undefined ? here : await vscode.window.showInformationMessage(`Made ${folder.fsPath}.`, here, beside);
    if (answer !== undefined) {
        await vscode.commands.executeCommand("vscode.openFolder", folder, { forceNewWindow: answer === beside });
    }
}
