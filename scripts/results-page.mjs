// Writes the tables of docs/results.md, variants.md, tables.md and reproductions.md from the JSON beside them.
//
//   npm run build && node scripts/results-page.mjs

import { readFileSync, writeFileSync } from "node:fs";
import { resultsPage } from "../packages/cli/dist/theory-page/results.js";
import { describeComparison } from "../packages/experiments/dist/statistics/findings.js";

for (const name of ["results.md", "variants.md", "tables.md", "reproductions.md"]) {
  const page = new URL(`../docs/${name}`, import.meta.url);
  const read = (file) => JSON.parse(readFileSync(new URL(file, page), "utf8"));
  writeFileSync(page, resultsPage(readFileSync(page, "utf8"), read, describeComparison));
}
