// docs/results.md, variants.md, tables.md and reproductions.md say what their JSON says.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { SetRow } from "../../../../experiments/src/reproduce.js";
import type { Comparison } from "../../../../experiments/src/result.js";
import { describeComparison } from "../../../../experiments/src/statistics/findings.js";
import { readVariant } from "../../../../experiments/src/variants/spec.js";
import { noColours } from "../../../src/output/terminal.js";
import { figureText } from "../../../src/reproduce/curves/print.js";
import type { FigureResult } from "../../../src/reproduce/curves/run.js";
import { rowsText } from "../../../src/reproduce/uci/print.js";
import { comparisonText } from "../../../src/train/print.js";

const folder = new URL("../../../../../docs/", import.meta.url);
const PAGES = ["results.md", "variants.md", "tables.md", "reproductions.md"];

/** What `train --json` or `reproduce --json` printed. */
type Numbers = Comparison | FigureResult | { readonly sets: readonly SetRow[] };

function textOf(numbers: Numbers, isTable: boolean): string {
  if ("sets" in numbers) return rowsText(numbers.sets, noColours);
  if ("figure" in numbers) return figureText(numbers, noColours);
  if (isTable) return `${comparisonText({ comparison: numbers, findings: [] }, noColours).trimEnd()}\n`;
  return comparisonText({ comparison: numbers, findings: describeComparison(numbers) }, noColours);
}

const blocks = PAGES.flatMap((page) => {
  const markdown = readFileSync(new URL(page, folder), "utf8");
  return [...markdown.matchAll(/<!-- (from|table from) (\S+) -->\n\n```text\n([\s\S]*?)```/g)].map(
    ([, how, file, text]) => ({
      page,
      markdown,
      isTable: how === "table from",
      file: file!,
      text: text!,
      numbers: JSON.parse(readFileSync(new URL(file!, folder), "utf8")) as Numbers,
    }),
  );
});

test("each file in docs/results has a table, or a link from the page that its numbers are on", () => {
  const files = existsSync(new URL("results", folder)) ? readdirSync(new URL("results", folder)) : [];
  const pages = readdirSync(folder).filter((name) => name.endsWith(".md") && !PAGES.includes(name));
  const elsewhere = pages.map((name) => readFileSync(new URL(name, folder), "utf8")).join("");
  const own = files.map((file) => `results/${file}`).filter((file) => !elsewhere.includes(`(${file})`));
  expect(blocks.map(({ file }) => file).sort()).toEqual(own.sort());
});

describe.each(blocks)("docs/$page, $file", ({ markdown, text, numbers, isTable }) => {
  test("shows its numbers (run node scripts/results-page.mjs)", () => expect(text).toBe(textOf(numbers, isTable)));

  test.runIf("command" in numbers)("shows the command, and its variants are still known by these titles", () => {
    const { command, variants, model } = numbers as Comparison;
    expect(markdown).toContain(`\`\`\`\n${command}\n\`\`\``);
    const inputRate = Number(/ --input-rate (\S+)/.exec(command)?.[1] ?? 0.1);
    for (const { name, title } of variants) expect(readVariant(name, inputRate, model.kind).title).toBe(title);
  });
});
