// SPDX-License-Identifier: GPL-3.0-or-later
// What `rbpf disasm` prints as a document beside the source; the selected source line's instructions are marked, and the
// other way round.
import path from "node:path";
import * as vscode from "vscode";
import { built } from "./answers";
import { linesOf, type Place, places } from "./disassembly_lines";
import { sourceFile } from "./project_folder";
import type { Tool } from "./tool";

/** The scheme of these documents, and their language. */
export const DISASSEMBLY = "rbpf-disassembly";

/** build/NAME.rbpf as NAME.rbpf-disassembly, whose query is the image's path. */
function uriOf(image: string): vscode.Uri {
    return vscode.Uri.from({ scheme: DISASSEMBLY, path: `/${path.basename(image)}-disassembly`, query: image });
}

export class Disassembly implements vscode.TextDocumentContentProvider, vscode.Disposable {
    private readonly changed = new vscode.EventEmitter<vscode.Uri>();
    readonly onDidChange = this.changed.event;
    private readonly mark = vscode.window.createTextEditorDecorationType({
        isWholeLine: true,
        backgroundColor: new vscode.ThemeColor("editor.wordHighlightBackground"),
        overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.wordHighlightForeground"),
    });
    private readonly maps = new Map<string, (Place | undefined)[]>();
    private readonly disposables: vscode.Disposable[];

    constructor(private readonly tool: Tool, imageWatcher: vscode.FileSystemWatcher) {
        const refresh = (image: vscode.Uri) => this.changed.fire(uriOf(image.fsPath));
        this.disposables = [
            this.changed,
            this.mark,
            imageWatcher.onDidChange(refresh),
            imageWatcher.onDidCreate(refresh),
            vscode.workspace.registerTextDocumentContentProvider(DISASSEMBLY, this),
            vscode.window.onDidChangeTextEditorSelection((event) => this.follow(event.textEditor)),
        ];
    }

    dispose(): void {
        this.disposables.forEach((one) => one.dispose());
    }

    async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
        const text = await this.tool.text(["disasm", uri.query]);
        this.maps.set(uri.toString(), places(text));
        return text;
    }

    /** Builds the project and opens its disassembly to the side. */
    async show(folder: string): Promise<void> {
        const { image, errors } = built(await this.tool.askWithProgress("Building…", ["build", folder]));
        if (image === "") {
            throw new Error(`the script has ${errors === 1 ? "an error" : `${errors} errors`}: nothing to show before it builds. "rBPF: Build" lists them.`);
        }
        const source = vscode.window.activeTextEditor;
        const document = await vscode.workspace.openTextDocument(uriOf(image));
        await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: false });
        if (source) {
            this.follow(source);
        }
    }

    /** Marks what belongs to the selection in the editors beside this one. */
    private follow(editor: vscode.TextEditor): void {
        const first = editor.selection.start.line;
        const last = editor.selection.end.line;
        if (editor.document.uri.scheme === DISASSEMBLY) {
            const place = this.maps.get(editor.document.uri.toString())?.[first];
            const file = place && sourceFile(projectOf(editor.document.uri), place.file);
            for (const other of vscode.window.visibleTextEditors) {
                if (other.document.uri.scheme === "file") {
                    markLines(other, this.mark, place && other.document.uri.fsPath === file ? [place.line - 1] : []);
                }
            }
            return;
        }
        for (const other of vscode.window.visibleTextEditors) {
            const map = this.maps.get(other.document.uri.toString());
            if (map) {
                const file = path.relative(projectOf(other.document.uri), editor.document.uri.fsPath);
                markLines(other, this.mark, linesOf(map, file, first + 1, last + 1));
            }
        }
    }
}

/** The folder above build/NAME.rbpf. */
function projectOf(uri: vscode.Uri): string {
    return path.dirname(path.dirname(uri.query));
}

function markLines(editor: vscode.TextEditor, mark: vscode.TextEditorDecorationType, lines: number[]): void {
    const ranges = lines.map((line) => new vscode.Range(line, 0, line, 0));
    editor.setDecorations(mark, ranges);
    const [first] = ranges;
    if (first) {
        editor.revealRange(first, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
}
