// docs/variants.md says what its JSON says.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeComparison } from "../../../src/experiments/findings.js";
import { comparisonText } from "../../../src/experiments/print.js";
import type { Comparison } from "../../../src/experiments/result.js";
import { readVariant } from "../../../src/experiments/variants/spec.js";
import { noColours } from "../../../src/output/terminal.js";

const page = new URL("../../../../../docs/variants.md", import.meta.url);
const markdown = readFileSync(page, "utf8");
const comparison = JSON.parse(readFileSync(new URL("results/variants.json", page), "utf8")) as Comparison;

test("docs/variants.md shows the numbers of its JSON (run node scripts/results-page.mjs)", () => {
  const shown = /<!-- from results\/variants.json -->\n\n```text\n([\s\S]*?)```/.exec(markdown)![1];
  expect(shown).toBe(comparisonText({ comparison, findings: describeComparison(comparison) }, noColours));
});

test("docs/variants.md shows the command, and its variants are still known by these titles", () => {
  expect(markdown).toContain(comparison.command);
  for (const { name, title } of comparison.variants)
    expect(readVariant(name, 0.1, comparison.model.kind).title).toBe(title);
});
