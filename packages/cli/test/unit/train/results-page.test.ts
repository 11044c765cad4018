// docs/results.md says what its JSON says.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Comparison } from "../../../../experiments/src/result.js";
import { describeComparison } from "../../../../experiments/src/statistics/findings.js";
import { noColours } from "../../../src/output/terminal.js";
import { comparisonText } from "../../../src/train/print.js";

const page = new URL("../../../../../docs/results.md", import.meta.url);
const blocks = [...readFileSync(page, "utf8").matchAll(/<!-- from (\S+) -->\n\n```text\n([\s\S]*?)```/g)].map(
  ([, file, text]) => ({ file: file!, text: text! }),
);

describe("docs/results.md", () => {
  test("has a table for each comparison", () =>
    expect(blocks.map(({ file }) => file).sort()).toEqual(["results/fashion-mnist.json", "results/optdigits.json"]));

  test.each(blocks)("shows $file (run node scripts/results-page.mjs)", ({ file, text }) => {
    const comparison = JSON.parse(readFileSync(new URL(file, page), "utf8")) as Comparison;
    expect(text).toBe(comparisonText({ comparison, findings: describeComparison(comparison) }, noColours));
  });

  test("shows for each comparison the command that gives it", () => {
    const markdown = readFileSync(page, "utf8");
    for (const { file } of blocks) {
      const { command } = JSON.parse(readFileSync(new URL(file, page), "utf8")) as Comparison;
      expect(markdown).toContain(command);
    }
  });
});
