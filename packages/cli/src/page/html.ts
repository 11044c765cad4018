// Text and tables as HTML. Knows no comparison.

import { printableLines } from "../output/printable.js";
import type { Show } from "./digits.js";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as it may stand in HTML, in an attribute too. */
export const escaped = (text: string): string =>
  printableLines(text).replace(/[&<>"]/g, (character) => ENTITIES[character]!);

/** Sentences, one under the other. */
export const findingsHtml = (findings: readonly string[]): string =>
  `<ul class="findings">\n${findings.map((finding) => `<li>${escaped(finding)}</li>`).join("\n")}\n</ul>`;

/** Data for a script element: no text in it can end the element. */
export const embedded = (data: unknown): string => JSON.stringify(data).replaceAll("<", "\\u003c");

/** A cell: its text and, smaller and under it, what qualifies it. */
export type Cell = string | { readonly text: string; readonly detail: string };

/** A number with its interval, where it has one. */
export const withInterval = (value: number, interval: readonly [number, number] | undefined, show: Show): Cell =>
  interval === undefined ? show(value) : { text: show(value), detail: `${show(interval[0])} to ${show(interval[1])}` };

/** A table; the first column holds names, the others numbers, but for those that hold `words`. */
export function htmlTable(
  headings: readonly string[],
  rows: readonly (readonly [string, ...Cell[]])[],
  words: readonly string[] = [],
): string {
  const aligned = headings.map((heading) => (words.includes(heading) ? ' class="words"' : ""));
  const head = headings.map((heading, i) => `<th scope="col"${aligned[i]}>${escaped(heading)}</th>`).join("");
  const body = rows.map(([name, ...cells]) => {
    const numbers = cells.map((cell, i) => `<td${aligned[i + 1]}>${cellHtml(cell)}</td>`).join("");
    return `<tr><th scope="row">${escaped(name)}</th>${numbers}</tr>`;
  });
  const parts = `<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join("\n")}\n</tbody>`;
  return `<div class="scroll"><table>\n${parts}\n</table></div>`;
}

const cellHtml = (cell: Cell): string =>
  typeof cell === "string" ? escaped(cell) : `${escaped(cell.text)}<small>${escaped(cell.detail)}</small>`;
