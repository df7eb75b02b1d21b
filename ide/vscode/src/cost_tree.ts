// SPDX-License-Identifier: GPL-3.0-or-later
// The size view's tree: totals as gauges against their limits, then function, then line.
import type { FunctionCost, LineCost, Size } from "./answers";

export interface CostNode {
    id: string;
    label: string;
    description: string;
    tooltip: string;
    icon: "gauge" | "full" | "total" | "entry" | "function" | "line" | "part";
    /** The source line that a click shows; its file counts from the project's folder. */
    place?: { file: string; line: number };
    children: CostNode[];
}

const GAUGE_CELLS = 6;

/** "27 % ■■□□□□"; anything used shows as one cell at least, and only what is full shows full. */
export function gauge(used: number, limit: number): string {
    const share = used / limit;
    const cells = Math.ceil(Math.min(share, 1) * GAUGE_CELLS);
    const filled = used < limit ? Math.min(cells, GAUGE_CELLS - 1) : cells;
    return `${Math.round(share * 100)} % ${"■".repeat(filled)}${"□".repeat(GAUGE_CELLS - filled)}`;
}

export function number(value: number): string {
    return value.toLocaleString("en-GB");
}

/** A total with its limit; a limit of 0 is none. */
function total(id: string, label: string, used: number, limit: number, unit: string, tooltip: string): CostNode {
    const limited = limit > 0;
    return {
        id,
        label,
        description: limited ? `${number(used)} / ${number(limit)} ${unit} · ${gauge(used, limit)}` : `${number(used)} ${unit}`,
        tooltip,
        icon: !limited ? "total" : used > limit * 0.9 ? "full" : "gauge",
        children: [],
    };
}

function lineNode(within: FunctionCost, cost: LineCost): CostNode {
    const elsewhere = cost.file === within.file ? "" : `${cost.file.split("/").pop() ?? cost.file} `;
    return {
        id: `line ${within.name} ${cost.file}:${cost.line}`,
        label: `${elsewhere}line ${cost.line}`,
        description: `${number(cost.bytes)} B · ${number(cost.instructions)} instr.`,
        tooltip: `${cost.file}:${cost.line}`,
        icon: "line",
        place: { file: cost.file, line: cost.line },
        children: [],
    };
}

function functionNode(cost: FunctionCost): CostNode {
    return {
        id: `function ${cost.name}`,
        label: cost.name,
        description: `${number(cost.bytes)} B · ${number(cost.instructions)} instr. · stack ${number(cost.frame)} B`,
        tooltip: cost.file === "" ? `${cost.name}: no source is known` : `${cost.name} at ${cost.file}:${cost.line}`,
        icon: "function",
        ...(cost.file === "" ? {} : { place: { file: cost.file, line: cost.line } }),
        children: [...cost.lines].sort((a, b) => b.bytes - a.bytes || a.line - b.line).map((line) => lineNode(cost, line)),
    };
}

export function costTree(size: Size): CostNode[] {
    const entries = size.entries.map((entry): CostNode => {
        const budget = size.budget > 0 ? size.budget : 0;
        if (entry.longestRun === undefined) {
            return {
                id: `entry ${entry.name}`, label: entry.name, description: "longest run not known (loop)",
                tooltip: `How many instructions a run of ${entry.name} takes depends on its loops.`, icon: "entry", children: [],
            };
        }
        return {
            ...total(`entry ${entry.name}`, entry.name, entry.longestRun, budget, "instr.", `The longest run of ${entry.name}`),
            ...(budget > 0 && entry.longestRun > budget ? { icon: "full" as const } : { icon: "entry" as const }),
        };
    });
    const image = total("image", "Image", size.image, 0, "B", `${size.name} ${size.version}: what is deployed`);
    image.children = size.parts.map((part) => ({
        id: `part ${part.name}`, label: part.name, description: `${number(part.bytes)} B`, tooltip: `${part.name} of the image`, icon: "part", children: [],
    }));
    const instructions = total("instructions", "Instructions", size.instructions, 0, "", "All instructions of the script and what it reaches");
    instructions.description = number(size.instructions);
    return [
        image,
        total("stack", "Stack", size.stack, size.stackLimit, "B", "The deepest use over all calls, and what the script may use"),
        instructions,
        ...entries,
        ...[...size.functions].sort((a, b) => b.bytes - a.bytes).map(functionNode),
    ];
}

/** The nodes from the root down to the one with this id. */
export function pathTo(nodes: readonly CostNode[], id: string): CostNode[] {
    for (const node of nodes) {
        if (node.id === id) {
            return [node];
        }
        const below = pathTo(node.children, id);
        if (below.length > 0) {
            return [node, ...below];
        }
    }
    return [];
}
