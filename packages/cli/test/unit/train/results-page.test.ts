// docs/results.md, variants.md, tables.md and reproductions.md say what their JSON says.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Comparison } from "../../../../experiments/src/result.js";
import { describeComparison } from "../../../../experiments/src/statistics/findings.js";
import { readVariant } from "../../../../experiments/src/variants/spec.js";
import { filesOf, type Numbers, resultsPage } from "../../../src/theory-page/results.js";

const folder = new URL("../../../../../docs/", import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, folder), "utf8");
const numbersOf = (file: string): Numbers => JSON.parse(textOf(file)) as Numbers;

const PAGES = ["results.md", "variants.md", "tables.md", "reproductions.md"];
const blocks = PAGES.flatMap((page) => filesOf(textOf(page)).map((file) => ({ page, file })));

test("each file in docs/results has a table, or a link from the page that its numbers are on", () => {
  const files = existsSync(new URL("results", folder)) ? readdirSync(new URL("results", folder)) : [];
  const pages = readdirSync(folder).filter((name) => name.endsWith(".md") && !PAGES.includes(name));
  const elsewhere = pages.map((name) => readFileSync(new URL(name, folder), "utf8")).join("");
  const own = files.map((file) => `results/${file}`).filter((file) => !elsewhere.includes(`(${file})`));
  expect(blocks.map(({ file }) => file).sort()).toEqual(own.sort());
});

test.each(PAGES)("docs/%s shows its numbers (run node scripts/results-page.mjs)", (page) => {
  expect(textOf(page)).toBe(resultsPage(textOf(page), numbersOf, describeComparison));
});

describe.each(blocks.filter(({ file }) => "command" in numbersOf(file)))("docs/$page, $file", ({ page, file }) => {
  test("shows the command, and its variants are still known by these titles", () => {
    const { command, variants, model } = numbersOf(file) as Comparison;
    expect(textOf(page)).toContain(`\`\`\`\n${command}\n\`\`\``);
    const inputRate = Number(/ --input-rate (\S+)/.exec(command)?.[1] ?? 0.1);
    for (const { name, title } of variants) expect(readVariant(name, inputRate, model.kind).title).toBe(title);
  });
});
