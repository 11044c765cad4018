// The tables of docs/results.md, variants.md, tables.md and reproductions.md: what `train --json` and `reproduce --json`
// printed, laid out as the commands do.

import type { SetRow } from "@hadamask/experiments/reproduce";
import type { Comparison } from "@hadamask/experiments/settings";
import { noColours } from "../output/terminal.js";
import { figureText } from "../reproduce/curves/print.js";
import type { FigureResult } from "../reproduce/curves/run.js";
import { rowsText } from "../reproduce/uci/print.js";
import { comparisonText } from "../train/print.js";

/** What a file beside the pages holds. */
export type Numbers = Comparison | FigureResult | { readonly sets: readonly SetRow[] };

/** A table on a page, with its file: "from" shows all that a command says, "table from" leaves the sentences out. */
const BLOCK: RegExp = /(<!-- (from|table from) (\S+) -->\n\n```text\n)([\s\S]*?)(```)/g;

/** Files that a page shows, in its order. */
export const filesOf = (page: string): string[] => [...page.matchAll(BLOCK)].map(([, , , file]) => file!);

/**
 * The page with the tables that its files make.
 *
 * @param read What a file holds.
 * @param describe The sentences below a comparison.
 */
export function resultsPage(
  page: string,
  read: (file: string) => Numbers,
  describe: (comparison: Comparison) => readonly string[],
): string {
  const textOf = (numbers: Numbers, how: string): string => {
    if ("sets" in numbers) return rowsText(numbers.sets, noColours);
    if ("figure" in numbers) return figureText(numbers, noColours);
    if (how === "from") return comparisonText({ comparison: numbers, findings: describe(numbers) }, noColours);
    return `${comparisonText({ comparison: numbers, findings: [] }, noColours).trimEnd()}\n`;
  };
  return page.replaceAll(
    BLOCK,
    (_, before: string, how: string, file: string, _before, after: string) => before + textOf(read(file), how) + after,
  );
}
