// Writes the tables of docs/results.md, variants.md, tables.md and reproductions.md from the JSON beside them: what
// `hadamask train --json` and `hadamask reproduce --json` printed, laid out as the commands do: "from" with all that
// they say, "table from" without the sentences.
//
//   npm run build && node scripts/results-page.mjs

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { noColours } from "../packages/cli/dist/output/terminal.js";
import { figureText } from "../packages/cli/dist/reproduce/curves/print.js";
import { rowsText } from "../packages/cli/dist/reproduce/uci/print.js";
import { comparisonText } from "../packages/cli/dist/train/print.js";
import { describeComparison } from "../packages/experiments/dist/statistics/findings.js";

const read = (page, file) => JSON.parse(readFileSync(new URL(file, page), "utf8"));

function text(numbers, isTable) {
  if ("sets" in numbers) return rowsText(numbers.sets, noColours);
  if ("figure" in numbers) return figureText(numbers, noColours);
  if (isTable) return `${comparisonText({ comparison: numbers, findings: [] }, noColours).trimEnd()}\n`;
  return comparisonText({ comparison: numbers, findings: describeComparison(numbers) }, noColours);
}

const pages = ["results.md", "variants.md", "tables.md", "reproductions.md"]
  .map((name) => new URL(`../docs/${name}`, import.meta.url))
  .filter(existsSync);
for (const page of pages) {
  const written = readFileSync(page, "utf8").replaceAll(
    /(<!-- (from|table from) (\S+) -->\n\n```text\n)[\s\S]*?(```)/g,
    (_, before, how, file, after) => before + text(read(page, file), how === "table from") + after,
  );
  writeFileSync(page, written);
}
