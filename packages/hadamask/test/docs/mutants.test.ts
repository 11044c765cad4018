// The places that `npm run mutants` puts faults in are still there: code that moves would end it with an error.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MUTANTS, timesIn } from "../../../../scripts/mutants-list.mjs";

test.each(MUTANTS)("$name: its place stands once in the built file", (mutant) => {
  const text = readFileSync(new URL(`../../../${mutant.file}`, import.meta.url), "utf8");
  expect(timesIn(mutant, text)).toBe(1);
  expect(text.replace(mutant.from, mutant.to)).not.toBe(text);
});
