// docs/results.md, docs/variants.md and docs/tables.md say what their JSON says.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Comparison } from "../../../../experiments/src/result.js";
import { describeComparison } from "../../../../experiments/src/statistics/findings.js";
import { readVariant } from "../../../../experiments/src/variants/spec.js";
import { noColours } from "../../../src/output/terminal.js";
import { comparisonText } from "../../../src/train/print.js";

const folder = new URL("../../../../../docs/", import.meta.url);
const PAGES = ["results.md", "variants.md", "tables.md"];
const blocks = PAGES.flatMap((page) => {
  const markdown = readFileSync(new URL(page, folder), "utf8");
  return [...markdown.matchAll(/<!-- from (\S+) -->\n\n```text\n([\s\S]*?)```/g)].map(([, file, text]) => ({
    page,
    markdown,
    file: file!,
    text: text!,
    comparison: JSON.parse(readFileSync(new URL(file!, folder), "utf8")) as Comparison,
  }));
});

test("docs/results.md, docs/variants.md and docs/tables.md have a table for each comparison in docs/results", () => {
  const files = existsSync(new URL("results", folder)) ? readdirSync(new URL("results", folder)) : [];
  expect(blocks.map(({ file }) => file).sort()).toEqual(files.map((file) => `results/${file}`).sort());
});

describe.each(blocks)("docs/$page, $file", ({ markdown, text, comparison }) => {
  test("shows its numbers (run node scripts/results-page.mjs)", () =>
    expect(text).toBe(comparisonText({ comparison, findings: describeComparison(comparison) }, noColours)));

  test("shows the command, and its variants are still known by these titles", () => {
    expect(markdown).toContain(`\`\`\`\n${comparison.command}\n\`\`\``);
    for (const { name, title } of comparison.variants) {
      expect(readVariant(name, 0.1, comparison.model.kind).title).toBe(title);
    }
  });
});
