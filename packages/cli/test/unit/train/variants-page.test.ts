// docs/variants.md says what its JSON says.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Comparison } from "../../../../experiments/src/result.js";
import { describeComparison } from "../../../../experiments/src/statistics/findings.js";
import { readVariant } from "../../../../experiments/src/variants/spec.js";
import { noColours } from "../../../src/output/terminal.js";
import { comparisonText } from "../../../src/train/print.js";

const page = new URL("../../../../../docs/variants.md", import.meta.url);
const markdown = readFileSync(page, "utf8");
const blocks = [...markdown.matchAll(/<!-- from (\S+) -->\n\n```text\n([\s\S]*?)```/g)].map(([, file, text]) => ({
  file: file!,
  text: text!,
  comparison: JSON.parse(readFileSync(new URL(file!, page), "utf8")) as Comparison,
}));

test("docs/variants.md has a table for each network", () =>
  expect(blocks.map(({ comparison }) => comparison.model.kind)).toEqual(["mlp", "residual", "cnn", "gru"]));

describe.each(blocks)("docs/variants.md, $file", ({ text, comparison }) => {
  test("shows its numbers (run node scripts/results-page.mjs)", () =>
    expect(text).toBe(comparisonText({ comparison, findings: describeComparison(comparison) }, noColours)));

  test("shows the command, and its variants are still known by these titles", () => {
    expect(markdown).toContain(`\`\`\`\n${comparison.command}\n\`\`\``);
    for (const { name, title } of comparison.variants) {
      expect(readVariant(name, 0.1, comparison.model.kind).title).toBe(title);
    }
  });
});
