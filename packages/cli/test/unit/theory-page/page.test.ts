// docs/theory.md and its figures are what is measured now. After a wanted change: npm run docs:theory

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { figures } from "../../../src/theory-page/figures.js";
import { fillPage } from "../../../src/theory-page/fill.js";
import { theoryFigures, theoryPage } from "../../../src/theory-page/page.js";
import { check, type Row } from "../../../src/verify/verify.js";

const docs = new URL("../../../../../docs/", import.meta.url);
const definitions = figures();
const drawn = theoryFigures(definitions);
const page = readFileSync(new URL("theory.md", docs), "utf8");

describe("docs/theory.md", () => {
  test("has the numbers that are measured now", () => {
    expect(theoryPage(page)).toBe(page);
  });

  test("shows every figure that is drawn, and every correction", () => {
    for (const { file } of drawn) expect(page).toContain(`(figures/${file})`);
    for (const link of page.matchAll(/\]\((figures\/[^)]+)\)/g)) expect(existsSync(new URL(link[1]!, docs))).toBe(true);
    expect(new Set(page.match(/^\| E-[X\d-]+ \|/gm)).size).toBe(66);
  });

  test("its contents lead to its sections", () => {
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map((heading) =>
      heading[1]!
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    );
    for (const link of page.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(link[1]);
  });
});

describe("figures", () => {
  test.each(drawn)("$file is what is drawn now", ({ file, svg }) => {
    expect(readFileSync(new URL(`figures/${file}`, docs), "utf8")).toBe(svg);
  });

  test("are the same file however many charts were drawn before", () => {
    expect(theoryFigures(definitions)).toEqual(drawn);
  });
});

describe("fillPage", () => {
  const claim = { id: "S9-01", source: "000", place: "here", claim: "x | y", intended: "holds" } as const;
  const measures = [1, 2, 3].map(
    (n) => ({ what: `number ${n} *`, measured: n, relation: "equals", expected: n, bound: 0 }) as const,
  );
  const row = (): Row => check({ ...claim, measure: () => measures });
  const fill = (text: string, rows: readonly Row[] = []) => fillPage(text, row, rows);

  test("puts the chosen measures into a table, and replaces what was there", () => {
    expect(fill("a\n<!-- verify S9-01 1 3 -->\nold\nlines\n<!-- end -->\nb")).toBe(
      "a\n<!-- verify S9-01 1 3 -->\n| measured (S9-01) | value | should be |\n| --- | --- | --- |\n" +
        "| number 1 \\* | 1 | 1 |\n| number 3 \\* | 3 | 3 |\n<!-- end -->\nb",
    );
    expect(fill("<!-- verify S9-01 -->\n<!-- end -->").match(/^\| number/gm)).toHaveLength(3);
    expect(fill("<!-- verify S9-01 2-3 -->\n<!-- end -->").match(/^\| number/gm)).toHaveLength(2);
  });

  test("lists errata of a severity", () => {
    const erratum: Row = { ...row(), id: "E-1", severity: "B", right: "a|b" };
    expect(fill("<!-- errata B -->\n<!-- end -->", [erratum])).toContain("| E-1 | x \\| y | a\\|b |");
    expect(() => fill("<!-- errata A -->\n<!-- end -->", [erratum])).toThrow("there are no errata of severity A");
  });

  test("refuses measures that do not exist, and rows that fail", () => {
    expect(() => fill("<!-- verify S9-01 4 -->\n<!-- end -->")).toThrow("docs/theory.md: S9-01 has no measures 4");
    const failing = () => check({ ...claim, measure: () => [{ ...measures[0]!, measured: 5 }] });
    expect(() => fillPage("<!-- verify S9-01 -->\n<!-- end -->", failing, [])).toThrow("S9-01 fails");
    expect(() => theoryPage("<!-- verify S9-99 -->\n<!-- end -->")).toThrow("there is no row S9-99");
  });
});
