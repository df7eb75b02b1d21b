// SPDX-License-Identifier: GPL-3.0-or-later
// The workbench as a user sees it: commands, quick picks, editors, views. Waits for what is on the screen, never for time.
"use strict";
const path = require("node:path");
const { chromium } = require("playwright-core");

const { ADDRESS, BROWSER, SCREENSHOTS } = process.env;
const PATIENCE = 20_000; // milliseconds, for one thing to appear

class Workbench {
    /** Opens a folder; `said` collects the console's lines for the case that something goes wrong. */
    static async open(folder) {
        const browser = await chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"] });
        const page = await browser.newPage({ viewport: { width: 1500, height: 940 }, deviceScaleFactor: 1 });
        page.setDefaultTimeout(PATIENCE);
        const bench = new Workbench(browser, page);
        page.on("console", (message) => bench.said.push(message.text().slice(0, 400)));
        await page.goto(`${ADDRESS}/?folder=${encodeURIComponent(folder)}`);
        return bench;
    }

    constructor(browser, page) {
        this.browser = browser;
        this.page = page;
        this.said = [];
    }

    /** Where one selector alone decides. */
    at(selector, options) {
        return this.page.locator(selector, options);
    }

    async see(selector, options) {
        const found = this.at(selector, options).first();
        await found.waitFor();
        return found;
    }

    async gone(selector, options) {
        await this.at(selector, options).first().waitFor({ state: "hidden" });
    }

    async press(...keys) {
        for (const key of keys) {
            await this.page.keyboard.press(key);
        }
    }

    /** Waits until the text of what the selector finds matches; the text. */
    async text(selector, pattern) {
        const found = await this.see(selector, { hasText: pattern });
        return found.innerText();
    }

    /** Takes the row with this text of the quick input that is open. */
    async pick(label) {
        await (await this.see(".quick-input-list .monaco-list-row", { hasText: label })).click();
    }

    /**
     * Opens the quick input with a key, fills it and takes the row with this label. What takes the
     * focus meanwhile closes it: then once more.
     */
    async quick(key, text, label) {
        const timeout = PATIENCE / 5;
        for (let attempt = 1; ; attempt++) {
            await this.press(key);
            try {
                await this.at(".quick-input-widget input.input").first().fill(text, { timeout });
                // Not clicked: the debug toolbar may cover it.
                await this.at(".quick-input-list .monaco-list-row.focused", { hasText: label }).first().waitFor({ timeout });
                await this.press("Enter");
                return;
            } catch (error) {
                if (attempt === 4) {
                    throw error;
                }
            }
        }
    }

    /** Runs a command by its title in the palette. */
    async command(title) {
        await this.quick("F1", `>${title}`, title);
    }

    async openFile(name) {
        await this.quick("Control+P", name, name);
        await this.see(".tab.active", { hasText: name });
        await this.see(".editor-instance .monaco-editor.focused .view-line");
    }

    /** The cursor to a line of the editor in front. */
    async goTo(line) {
        await this.quick("Control+G", `:${line}`, `Go to line ${line}`);
        await this.text(".statusbar-item", new RegExp(`^Ln ${line},`));
    }

    async toggleTheme(to) {
        await this.command("Toggle between Light/Dark Themes");
        await this.see(`.monaco-workbench.${to}`);
        await this.gone(".quick-input-widget");
    }

    async screenshot(name) {
        await this.page.screenshot({ path: path.join(SCREENSHOTS, `vscode-${name}.png`), animations: "disabled" });
    }

    /** One picture in the dark and one in the light theme; `show` makes what does not outlive the change. */
    async screenshots(name, show = async () => {}) {
        await show();
        await this.screenshot(`${name}-dark`);
        await this.toggleTheme("vs");
        await show();
        await this.screenshot(`${name}-light`);
        await this.toggleTheme("vs-dark");
    }
}

module.exports = { Workbench };
