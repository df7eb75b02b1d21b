// SPDX-License-Identifier: GPL-3.0-or-later
// The words for rbpf that make an entry run, by what triggers it.

export function triggerCommand(slot: number, entry: { name: string; trigger: string }): string[] {
    const request = /^coap\/(.*)$/.exec(entry.trigger);
    if (request) {
        return ["get", `/${request[1] ?? ""}`];
    }
    return entry.trigger === "" || entry.trigger === "packet" ? ["invoke", String(slot), "--entry", entry.name] : ["trigger", entry.trigger];
}
