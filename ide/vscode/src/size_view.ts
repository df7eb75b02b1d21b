// SPDX-License-Identifier: GPL-3.0-or-later
// The view "Size" in the activity bar: what the built image costs, down to the source line.
import * as vscode from "vscode";
import { size } from "./answers";
import { type CostNode, costTree, pathTo } from "./cost_tree";
import { imageOf, sourceFile } from "./project_folder";
import type { Projects } from "./projects";
import type { Tool } from "./tool";

const ICONS: Record<CostNode["icon"], vscode.ThemeIcon> = {
    gauge: new vscode.ThemeIcon("dashboard", new vscode.ThemeColor("charts.green")),
    full: new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground")),
    total: new vscode.ThemeIcon("package"),
    entry: new vscode.ThemeIcon("debug-start"),
    function: new vscode.ThemeIcon("symbol-function"),
    line: new vscode.ThemeIcon("dash"),
    part: new vscode.ThemeIcon("symbol-field"),
};

export class SizeView implements vscode.TreeDataProvider<CostNode>, vscode.Disposable {
    private readonly changed = new vscode.EventEmitter<void>();
    readonly onDidChangeTreeData = this.changed.event;
    private readonly view: vscode.TreeView<CostNode>;
    private readonly disposables: vscode.Disposable[];
    private folder: string | undefined;
    private shown = "";
    private roots: CostNode[] = [];
    private parents = new Map<CostNode, CostNode>();

    constructor(private readonly tool: Tool, private readonly projects: Projects, imageWatcher: vscode.FileSystemWatcher) {
        this.view = vscode.window.createTreeView("rbpf.size", { treeDataProvider: this, showCollapseAll: true });
        const refresh = () => void this.refresh();
        this.disposables = [
            this.changed,
            this.view,
            imageWatcher.onDidCreate(refresh),
            imageWatcher.onDidChange(refresh),
            imageWatcher.onDidDelete(refresh),
            vscode.tasks.onDidEndTaskProcess((event) => event.execution.task.definition.type === "rbpf" && refresh()),
            vscode.window.onDidChangeActiveTextEditor(() => {
                if (this.projects.current !== undefined && this.projects.current !== this.folder) {
                    refresh();
                }
            }),
        ];
    }

    dispose(): void {
        this.disposables.forEach((one) => one.dispose());
    }

    getTreeItem(node: CostNode): vscode.TreeItem {
        const state = node.children.length === 0 ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Collapsed;
        const item = new vscode.TreeItem(node.label, state);
        item.id = node.id;
        item.description = node.description;
        item.tooltip = node.tooltip;
        item.iconPath = ICONS[node.icon];
        item.accessibilityInformation = { label: `${node.label}, ${node.description.replace(/[■□]+/, "")}` };
        const file = node.place && this.folder ? sourceFile(this.folder, node.place.file) : undefined;
        if (node.place && file !== undefined) {
            const line = Math.max(node.place.line - 1, 0);
            const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(line, 0, line, 0), preserveFocus: true };
            item.command = { command: "vscode.open", title: "Show the Source", arguments: [vscode.Uri.file(file), options] };
        }
        return item;
    }

    getChildren(node?: CostNode): CostNode[] {
        return node?.children ?? this.roots;
    }

    getParent(node: CostNode): CostNode | undefined {
        return this.parents.get(node);
    }

    /** Shows the image of the current project as it was built last. */
    async refresh(): Promise<void> {
        this.folder = this.projects.current ?? (this.projects.all.includes(this.folder ?? "") ? this.folder : this.projects.all[0]);
        const { folder } = this;
        const image = folder === undefined ? undefined : imageOf(folder);
        const report = image === undefined ? undefined : await this.tool.quietly(async () => size(await this.tool.ask(["size", image])));
        // Several events tell of one build; a tree that is the same is not made anew under the user's hands.
        const shown = JSON.stringify([folder, report]);
        if (shown === this.shown || folder !== this.folder) {
            return; // also where another project's size was asked for meanwhile
        }
        this.shown = shown;
        this.roots = report ? costTree(report) : [];
        this.view.description = report ? `${report.name} ${report.version}` : "";
        this.parents = new Map();
        const remember = (node: CostNode) => node.children.forEach((child) => {
            this.parents.set(child, node);
            remember(child);
        });
        this.roots.forEach(remember);
        this.changed.fire();
    }

    /** Builds the project if need be and shows the view; at the function's place where one is named. */
    async show(folder: string, named: string | undefined): Promise<void> {
        size(await this.tool.askWithProgress("Building…", ["size", folder])); // its failure is told
        this.folder = folder;
        await this.refresh();
        await vscode.commands.executeCommand("rbpf.size.focus");
        const found = named === undefined ? undefined : pathTo(this.roots, `function ${named}`).pop();
        if (found) {
            await this.view.reveal(found, { select: true, expand: true });
        } else if (named !== undefined) {
            void vscode.window.showInformationMessage(`${named} costs nothing of its own: it is inlined where it is called, or nobody calls it.`);
        }
    }
}
