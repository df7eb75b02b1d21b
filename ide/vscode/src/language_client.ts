// SPDX-License-Identifier: GPL-3.0-or-later
// The language server is `rbpf lsp`, one for the workspace, for the sources of its projects.
import * as vscode from "vscode";
import { DidChangeConfigurationNotification, type DocumentSelector, LanguageClient, type Middleware } from "vscode-languageclient/node";
import type { BoardPicker } from "./board_picker";
import { DISASSEMBLY } from "./disassembly";
import { PROJECT_FILE } from "./project_folder";
import type { Projects } from "./projects";
import type { Tool } from "./tool";

/** VS Code itself knows the schema of rbpf.json; of the server's answers there only what no schema has: functions. */
const ONCE: Middleware = {
    provideHover: (document, position, token, next) => (document.languageId === "json" ? undefined : next(document, position, token)),
    provideCompletionItem: async (document, position, context, token, next) => {
        const offered = await next(document, position, context, token);
        if (document.languageId !== "json" || !offered) {
            return offered;
        }
        return (Array.isArray(offered) ? offered : offered.items).filter((item) => item.kind === vscode.CompletionItemKind.Function);
    },
};

export class Language implements vscode.Disposable {
    private client: LanguageClient | undefined;
    /** Starts and stops wait for each other. */
    private queue: Promise<void> = Promise.resolve();
    private readonly disposables: vscode.Disposable[];

    constructor(private readonly tool: Tool, private readonly projects: Projects, private readonly boards: BoardPicker) {
        this.disposables = [
            projects.onDidChange(() => this.restart()),
            vscode.commands.registerCommand("rbpf.restartLanguageServer", () => this.restart()),
            vscode.workspace.onDidChangeConfiguration((event) => {
                if (event.affectsConfiguration("rbpf.path") || event.affectsConfiguration("rbpf.languageServer")) {
                    void this.restart();
                } else if (event.affectsConfiguration("rbpf")) {
                    void this.tell();
                }
            }),
            boards.onDidChoose(() => this.tell()),
        ];
    }

    dispose(): void {
        this.disposables.forEach((one) => one.dispose());
        void this.stop();
    }

    restart(): Promise<void> {
        this.queue = this.queue.then(() => this.tool.quietly(async () => {
            await this.stop();
            await this.start();
        })).then(() => undefined);
        return this.queue;
    }

    /** Whether it tells what is wrong in the workspace's projects. */
    get runs(): boolean {
        return this.client?.isRunning() ?? false;
    }

    private async stop(): Promise<void> {
        const { client } = this;
        this.client = undefined;
        // One whose start has failed cannot be stopped, and need not be.
        await this.tool.quietly(async () => client?.dispose());
    }

    private async start(): Promise<void> {
        const settings = vscode.workspace.getConfiguration("rbpf");
        if (!settings.get<boolean>("languageServer", true) || this.projects.all.length === 0) {
            return;
        }
        if (!(await this.tool.knows("lsp"))) {
            this.tool.log.info("This rbpf has no language server.");
            return;
        }
        const client = new LanguageClient("rbpf", "rBPF Language Server", { command: this.tool.program, args: ["lsp"] }, {
            documentSelector: this.selector(),
            // The commands of code lenses are ours.
            initializationOptions: { ...this.settings, clientCommands: true },
            middleware: ONCE,
            outputChannel: this.tool.log,
            diagnosticCollectionName: "rbpf",
        });
        this.client = client;
        await client.start();
        // A server that knows of a project tells its mistakes, also while no file of it is open.
        await Promise.all(this.projects.all.map((folder) => this.tool.quietly(() => client.sendRequest("rbpf/costs", { folder }))));
    }

    /** What the server wants to know, as sdk/docs/lsp.md lists it. */
    private get settings(): { board: string; inlayCosts: boolean; codeLens: boolean } {
        const settings = vscode.workspace.getConfiguration("rbpf");
        return { board: this.boards.choice, inlayCosts: settings.get<boolean>("inlayCosts", true), codeLens: settings.get<boolean>("codeLens", true) };
    }

    private async tell(): Promise<void> {
        await this.tool.quietly(async () => this.client?.sendNotification(DidChangeConfigurationNotification.type, { settings: { rbpf: this.settings } }));
    }

    /** What belongs to a project, and nothing else in the workspace; disassemblies. */
    private selector(): DocumentSelector {
        return this.projects.all.flatMap((folder): { scheme: string; language: string; pattern?: string }[] => {
            // Brackets and braces of a folder's name are no pattern.
            const literal = folder.replace(/[[\]{}*?]/g, "[$&]");
            return [
                { scheme: "file", language: "c", pattern: `${literal}/**/*.{c,h}` },
                { scheme: "file", language: "cpp", pattern: `${literal}/**/*.h` },
                { scheme: "file", language: "json", pattern: `${literal}/${PROJECT_FILE}` },
            ];
        }).concat([{ scheme: DISASSEMBLY, language: DISASSEMBLY }]);
    }
}
