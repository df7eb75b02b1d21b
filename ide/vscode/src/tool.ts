// SPDX-License-Identifier: GPL-3.0-or-later
// The rbpf that the settings name: run with progress, its failures shown in words and with the next step as a button.
import * as vscode from "vscode";
import { ask, commandLine, RbpfFailed, RbpfMissing, run } from "./rbpf_process";

const INSTALL_HELP = `rBPF Studio's Debian package brings the command rbpf; a build of the sources has it in build/bin.

1. Install the package (sudo apt install ./rbpf-studio_*.deb), or build the sources (./run).
2. Check in a terminal: rbpf --version
3. If rbpf is not in PATH, set its absolute path in the setting rbpf.path.
`;

export class Tool implements vscode.Disposable {
    readonly log = vscode.window.createOutputChannel("rBPF", { log: true });
    private told = false;

    /** The program of the setting rbpf.path. */
    get program(): string {
        return vscode.workspace.getConfiguration("rbpf").get<string>("path", "rbpf").trim() || "rbpf";
    }

    dispose(): void {
        this.log.dispose();
    }

    /** The JSON answer of `rbpf ARGS --json`. */
    ask(args: readonly string[], cwd?: string): Promise<unknown> {
        this.log.debug(commandLine(this.program, args));
        return ask(this.program, args, { cwd });
    }

    /** The same for commands that may take a while: the status bar says what goes on. */
    async askWithProgress(title: string, args: readonly string[], cwd?: string): Promise<unknown> {
        return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => this.ask(args, cwd));
    }

    /** Whether this rbpf has the command. */
    async knows(command: string): Promise<boolean> {
        return (await run(this.program, [command, "--help"], { timeoutMs: 10_000 })).code === 0;
    }

    /** What the command printed; a failure of it is thrown. */
    async text(args: readonly string[], cwd?: string): Promise<string> {
        this.log.debug(commandLine(this.program, args));
        const outcome = await run(this.program, args, { cwd });
        if (outcome.code !== 0) {
            throw new RbpfFailed(outcome.code, outcome.err.trim().replace(/^rbpf: error: /, "") || `${commandLine(this.program, args)} ended with ${outcome.code}`, "");
        }
        return outcome.out;
    }

    /** Does something that a user has asked for; a failure becomes a message. */
    async attempt<T>(what: () => Promise<T>): Promise<T | undefined> {
        try {
            return await what();
        } catch (error) {
            void this.report(error);
            return undefined;
        }
    }

    /** The same for what nobody has asked for: a missing rbpf is told once, everything else goes to the log. */
    async quietly<T>(what: () => Promise<T>): Promise<T | undefined> {
        try {
            return await what();
        } catch (error) {
            this.log.warn(error instanceof Error ? error.message : String(error));
            if (error instanceof RbpfMissing && !this.told) {
                this.told = true;
                void this.report(error);
            }
            return undefined;
        }
    }

    private async report(error: unknown): Promise<void> {
        if (error instanceof RbpfMissing) {
            const set = "Set rbpf.path";
            const how = "How to Install";
            const answer = await vscode.window.showErrorMessage(`${error.message}. The extension needs the command rbpf of rBPF Studio.`, set, how);
            if (answer === set) {
                await vscode.commands.executeCommand("workbench.action.openSettings", "rbpf.path");
            } else if (answer === how) {
                const document = await vscode.workspace.openTextDocument({ content: INSTALL_HELP, language: "plaintext" });
                await vscode.window.showTextDocument(document, { preview: true });
            }
            return;
        }
        const message = error instanceof Error ? error.message : String(error);
        const hint = error instanceof RbpfFailed && error.hint !== "" ? ` (${error.hint})` : "";
        this.log.error(message + hint);
        const show = "Show Log";
        if ((await vscode.window.showErrorMessage(`rBPF: ${message}${hint}`, show)) === show) {
            this.log.show();
        }
    }
}
