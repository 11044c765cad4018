// Everything that the packages export is in the reference, in the built site and in its search: a class has a page,
// all else an anchor on the page of its entry point. Names come from the entry points as they are imported.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { spread, spreadComment } from "../../../reference/src/comments.mjs";
import { ENTRIES } from "../../../reference/src/entries.mjs";
import { type ReferenceEntry, referenceEntries, referenceSidebars } from "../../.vitepress/reference.js";

const path = (below: string): string => fileURLToPath(new URL(`../../${below}`, import.meta.url));
const dist = path(".vitepress/dist");
if (!existsSync(`${dist}/reference/index.html`)) throw new Error("the site is not built; run npm run site:build");

const packages = Object.entries(ENTRIES);
const scoped = (name: string): string => (name === "hadamask" ? name : `@hadamask/${name}`);
const entries = packages.flatMap(([name, files]) =>
  files.map((file) => ({
    name: file === "index" ? scoped(name) : `${scoped(name)}/${file}`,
    load: (): Promise<object> => import(`../../../${name}/src/${file}.ts`),
  })),
);

const contents: ReadonlyMap<string, ReferenceEntry> = new Map(referenceEntries().map((entry) => [entry.name, entry]));
const chunks = `${dist}/assets/chunks`;
const search = readFileSync(
  `${chunks}/${readdirSync(chunks).find((file) => file.startsWith("@localSearchIndexroot"))}`,
  "utf8",
);
const pages = new Map<string, string>();
const pageAt = (link: string): string => {
  const file = `${dist}${link.endsWith("/") ? `${link}index.html` : link}`;
  if (!pages.has(file)) pages.set(file, existsSync(file) ? readFileSync(file, "utf8") : "");
  return pages.get(file)!;
};

test.each(packages)("every entry point of %s is there", (name) => {
  const { exports } = JSON.parse(readFileSync(path(`../${name}/package.json`), "utf8")) as { exports: object };
  const names = Object.keys(exports).filter((key) => key !== "./package.json");
  expect([...contents.keys()]).toEqual(expect.arrayContaining(names.map((key) => scoped(name) + key.slice(1))));
  expect(Object.keys(referenceSidebars())).toEqual(
    expect.arrayContaining(names.map((key) => `/reference/${scoped(name)}${key.slice(1)}/`)),
  );
});

test.each(entries)(
  "everything that $name exports has its page or anchor, and search finds it",
  async ({ name, load }) => {
    const links = new Map(contents.get(name)!.names.map((one) => [one.name, one.link]));
    const exported = Object.keys(await load());
    expect(exported.length).toBeGreaterThan(0);
    for (const one of exported) {
      const link = links.get(one);
      expect(link, one).toBeDefined();
      const [page, anchor] = link!.split("#");
      const html = pageAt(page!);
      expect(html, `${one}: ${link}`).toContain(anchor === undefined ? one : ` id="${anchor}"`);
      expect(html.includes("```"), `${page} shows Markdown as it is written`).toBe(false);
      expect(search, `${one}: ${link}`).toContain(anchor === undefined ? page : link);
    }
  },
);

describe("comments as Markdown", () => {
  test("sections are paragraphs of their own, formulas are code", () => {
    expect(spread("Adds.\n\n    y = a < b\n    z = {a}\n\nShapes. One.\nCost. Two.")).toBe(
      "Adds.\n\n```text\ny = a < b\nz = {a}\n```\n\n**Shapes.** One.\n\n**Cost.** Two.",
    );
    expect(spread("a\n    b, which goes on")).toBe("a\n    b, which goes on");
  });

  test("a link in a formula is its text, and other links stay links", () => {
    const link = (text: string) => ({ kind: "inline-tag", text });
    const words = (text: string) => ({ kind: "text", text });
    const comment = {
      summary: [
        words("Adds.\n\n    y = x    z by "),
        link("Other"),
        words("    w = x\n\nSee "),
        link("Third"),
        words("."),
      ],
    };
    spreadComment(comment);
    const [before, third, after] = comment.summary;
    expect(before!.text).toContain("```text\ny = x    z by Other    w = x\n```\n\nSee ");
    expect([third, after]).toEqual([link("Third"), words(".")]);
  });
});
