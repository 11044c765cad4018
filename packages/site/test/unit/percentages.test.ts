// A number and its "%", and a minus and its terms, stay on one line.

import type { MarkdownRenderer } from "vitepress";
import { expect, test } from "vitest";
import { percentages } from "../../.vitepress/percentages.js";
import { withMinus } from "../../src/figure/numbers.js";

test("texts and blocks of HTML have no line end between a number and its percent sign; all else is as it was", () => {
  const write = (tokens: readonly { readonly content: string }[], i: number): string => tokens[i]!.content;
  const rules = { text: write, html_block: write, code_inline: write };
  percentages({ renderer: { rules } } as unknown as MarkdownRenderer);
  expect(rules.text([{ content: "at least 10 % of 5 % a" }], 0)).toBe("at least 10\u00a0% of 5\u00a0% a");
  expect(rules.html_block([{ content: "<p>Is 90 % much?</p>" }], 0)).toBe("<p>Is 90\u00a0% much?</p>");
  expect(rules.code_inline([{ content: "7 % 2" }], 0)).toBe("7 % 2");
});

test("a minus between spaces is one; what joins words or numbers is not", () => {
  expect(withMinus("keep (1 - keep), E-003-1, x-y, -0.5")).toBe("keep (1\u00a0−\u00a0keep), E-003-1, x-y, -0.5");
});
