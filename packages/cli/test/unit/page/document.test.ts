// What every report shares as a page, whatever it reports.

import { describe, expect, test } from "vitest";
import { reportDocument } from "../../../src/page/document.js";

const html = reportDocument({
  title: "A comparison",
  lead: "Trained on 90 % of the rows; 10 % test it.",
  sections: ["<p>12.5 % to 14 % are wrong</p>"],
  figures: [],
  chartCode: 'const share = "50 %";',
});
const [, page, after] = /<main>([\s\S]*)<\/main>([\s\S]*)/.exec(html)!;

describe("reportDocument", () => {
  test("no line of the page breaks between a number and its percent sign", () => {
    expect(page).toContain("Trained on 90\u00a0% of the rows; 10\u00a0% test it.");
    expect(page).toContain("<p>12.5\u00a0% to 14\u00a0% are wrong</p>");
    expect(page).not.toMatch(/\d %/);
  });

  test("programs stay as they are", () => expect(after).toContain('const share = "50 %";'));
});
