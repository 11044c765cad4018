// Text and tables as HTML. Knows no comparison.

import { printableLines } from "../output/printable.js";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as it may stand in HTML, in an attribute too. */
export const escaped = (text: string): string =>
  printableLines(text).replace(/[&<>"]/g, (character) => ENTITIES[character]!);

/** Data for a script element: no text in it can end the element. */
export const embedded = (data: unknown): string => JSON.stringify(data).replaceAll("<", "\\u003c");

/** A cell: its text and, smaller and under it, what qualifies it. */
export type Cell = string | { readonly text: string; readonly detail: string };

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
  return `<div class="scroll"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join("\n")}\n</tbody>\n</table></div>`;
}

const cellHtml = (cell: Cell): string =>
  typeof cell === "string" ? escaped(cell) : `${escaped(cell.text)}<small>${escaped(cell.detail)}</small>`;
