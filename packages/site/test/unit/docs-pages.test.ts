// Documents as pages of the site: every link to a section finds it there.

import { describe, expect, test } from "vitest";
import { documentsOf, pageOf } from "../../.vitepress/docs-pages.js";
import { slug } from "../../.vitepress/slug.js";

const PAGES: Readonly<Record<string, string>> = {
  "/guide/": pageOf("README"),
  "/zh/guide/": pageOf("README.zh-CN"),
  ...Object.fromEntries(
    (["guide", "numbers"] as const).flatMap((part) =>
      documentsOf(part).map((name) => [`/${part}/${name}`, pageOf(name)] as const),
    ),
  ),
};
const matches = (text: string, pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map((m) => m[1]!);
/** Lines of code that look like headings are comments. */
const headings = (text: string): readonly string[] =>
  matches(text.replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, ""), /^#{1,6} (.+)$/gm);

describe("documents as pages", () => {
  test("sections that are linked to are there, by the names that GitHub gives them", () => {
    const sections = Object.fromEntries(
      Object.entries(PAGES).map(([at, text]) => [at, headings(text).map((one) => slug(one.replace(/\]\(.*?\)/g, "")))]),
    );
    let links = 0;
    for (const [at, text] of Object.entries(PAGES)) {
      for (const link of matches(text, /\]\(([^)\s]*#[^)\s]+)\)/g)) {
        if (/^https?:/.test(link)) continue;
        const [page, section] = link.split("#");
        expect(sections[page === "" ? at : page!], `${at}: ${link}`).toContain(section);
        links++;
      }
    }
    expect(links).toBeGreaterThan(20);
  });

  test.each([
    ["1. One number", "1-one-number"],
    ["In TensorFlow.js", "in-tensorflowjs"],
    ["`rate`, and what others call p", "rate-and-what-others-call-p"],
    ["训练好的模型有多大把握？", "训练好的模型有多大把握"],
  ])("%s is #%s", (heading, name) => {
    expect(slug(heading)).toBe(name);
  });
});
