// Both languages say the same: the same pages, chapters, figures, exercises and code; figures with the same numbers;
// and a Chinese README with the code, the headings, the tables, the links and the numbers of the English one.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { claims } from "../../../cli/src/verify/claims.js";
import { CLAIMS_ZH } from "../../src/content/claims-zh.js";
import { CHAPTERS } from "../../src/learn/chapters.js";
import { pageIn, TRANSLATED } from "../../src/theme/languages.js";
import { FIGURES_IN } from "../browser/figures.js";

const path = (below: string): string => fileURLToPath(new URL(`../../${below}`, import.meta.url));
const read = (file: string): string => readFileSync(path(file), "utf8");
const markdownIn = (folder: string): readonly string[] =>
  readdirSync(path(folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.replaceAll("\\", "/").replace("[index]", "index"))
    .sort();

const all = (text: string, pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(([whole]) => whole);

/** What is the same in every language, in its order. */
const skeletonOf = (text: string) => ({
  script: all(text, /^<script setup>[\s\S]*?^<\/script>/gm),
  components: all(text, /<\/?[A-Z]\w*( id="\w+"| :task="[\w.]+")?/g),
  choices: all(text, /^ {2}\w+: '/gm),
  templates: all(text, /^<template #\w+>/gm),
  mistakes: all(text, /^mistakes: .*$/gm),
  code: all(text, /^```[\s\S]*?^```/gm),
  headings: all(text, /^#+ /gm),
  formulas: all(text, /\$\$[\s\S]*?\$\$/g).map((formula) => formula.replaceAll(/\\text\{[^}]*\}/g, "")),
  blocks: text.split(/\n\n+/).length,
});

/** Chinese beside Latin letters, digits, code or formulas, without a space between them. */
const CLOSE = /\p{Script=Han}[A-Za-z0-9`$]|[A-Za-z0-9`$%]\p{Script=Han}/u;

const pages = markdownIn("pages/zh");

describe("pages", () => {
  test("those that are said to be in every language are, and no others", () => {
    const english = markdownIn("pages").filter((file) => !file.startsWith("zh/"));
    expect(pages).toEqual(english.filter((file) => TRANSLATED.test(file)));
    expect(pages).toEqual(expect.arrayContaining(CHAPTERS.map(({ name }) => `learn/${name}.md`)));
  });

  test("a page leads to itself in the other language, or to the first page where it is not there", () => {
    expect(pageIn("zh", "learn/ridge.md")).toBe("/zh/learn/ridge.html");
    expect(pageIn("zh", "guide/index.md")).toBe("/zh/guide/");
    expect(pageIn("zh", "index.md")).toBe("/zh/");
    expect(pageIn("zh", "guide/layers.md")).toBe("/zh/");
    expect(pageIn("zh", "errata/index.md")).toBe("/zh/");
    expect(pageIn("root", "learn/ridge.md")).toBe("/learn/ridge.html");
    expect(pageIn("root", "index.md")).toBe("/");
  });

  test.each(pages.filter((file) => existsSync(path(`pages/zh/${file}`))))(
    "%s has the figures, exercises, formulas and code of the English page",
    (file) => expect(skeletonOf(read(`pages/zh/${file}`))).toEqual(skeletonOf(read(`pages/${file}`))),
  );

  test("chapters have their titles and questions as the list has them", () => {
    for (const { name, title, question } of CHAPTERS) {
      const text = read(`pages/zh/learn/${name}.md`);
      expect(text).toContain(`title: ${title.zh}\n`);
      expect(text).toContain(`\n# ${title.zh}\n`);
      expect(text).toContain(`<p class="lead">${question.zh}</p>`);
    }
  });

  test("links inside the site stay in the language where the page is there", () => {
    for (const file of pages.filter((name) => existsSync(path(`pages/zh/${name}`))))
      for (const [, link] of read(`pages/zh/${file}`).matchAll(/(?:href="|\]\()(\/[^")]*)/g)) {
        if (link!.startsWith("/zh/")) continue;
        expect(TRANSLATED.test(`${link!.slice(1)}${link!.endsWith("/") ? "index" : ""}.md`), `${file}: ${link}`).toBe(
          false,
        );
      }
  });
});

const numbersIn = (text: string): readonly string[] =>
  all(text.replaceAll(/(?<=\d)[,，](?=\d{3})/g, ""), /[−-]?\d+(?:\.\d+)?/g).toSorted();

describe("figures", () => {
  test.each(FIGURES_IN.en.map(({ path: page, id }, i) => ({ page, id, i })))("$id says the same numbers", ({ i }) => {
    const [en, zh] = [FIGURES_IN.en[i]!, FIGURES_IN.zh[i]!];
    for (const when of ["expected", "atStart"] as const) {
      const [one, other] = [en[when], zh[when]];
      expect(numbersIn(other.summary)).toEqual(numbersIn(one.summary));
      expect(other.summary).toMatch(/\p{Script=Han}/u);
      expect(other.table.columns).toHaveLength(one.table.columns.length);
      const numeric = (rows: typeof one.table.rows) =>
        rows.map((row) => row.filter((cell) => typeof cell === "number"));
      expect(numeric(other.table.rows)).toEqual(numeric(one.table.rows));
    }
  });
});

describe("mistakes of chapters", () => {
  const shown = CHAPTERS.flatMap(({ name }) =>
    /^mistakes: \[(.*)\]$/m.exec(read(`pages/zh/learn/${name}.md`))![1]!.split(", "),
  );

  test("all that chapters show are in Chinese, and no others", () => {
    expect(Object.keys(CLAIMS_ZH).toSorted()).toEqual(shown.toSorted());
  });

  test.each(shown)("%s says the same with the same numbers", (id) => {
    const { claim, right, measure } = claims.find((one) => one.id === id)!;
    const [first] = measure?.() ?? [];
    const what = first?.what;
    const told = CLAIMS_ZH[id]!;
    expect(told.what === undefined).toBe(what === undefined);
    for (const [one, other] of [
      [claim, told.said],
      [right!, told.right],
      [what ?? "", told.what ?? ""],
    ] as const) {
      expect(numbersIn(other)).toEqual(numbersIn(one));
      if (one !== "") expect(other).toMatch(/\p{Script=Han}/u);
      expect(other).not.toMatch(CLOSE);
    }
  });
});

describe("README.zh-CN.md", () => {
  const [en, zh] = [read("../../README.md"), read("../../README.zh-CN.md")];
  const sections = (text: string) => text.split(/^## /m);
  const code = (text: string) => all(text, /^```[\s\S]*?^```/gm);
  const prose = (text: string) => text.replaceAll(/^```[\s\S]*?^```/gm, "");

  test("each leads to the other on top", () => {
    expect(en.split("\n")[2]).toBe("English · [简体中文](README.zh-CN.md)");
    expect(zh.split("\n")[2]).toBe("[English](README.md) · 简体中文");
  });

  test("has the same code blocks and headings", () => {
    expect(code(zh)).toEqual(code(en));
    expect(code(en).length).toBeGreaterThan(3);
    expect(all(prose(zh), /^#+ /gm)).toEqual(all(prose(en), /^#+ /gm));
  });

  test.each(sections(en).map((text, i) => ({ i, name: text.split("\n")[0]! })))(
    "section $i ($name) has the same numbers, names in code, links, tables and lists",
    ({ i }) => {
      const [one, other] = [sections(en)[i]!, sections(zh)[i]!].map((text) => prose(text));
      expect(numbersIn(other!)).toEqual(numbersIn(one!));
      expect(all(other!, /`[^`\n]+`/g).toSorted()).toEqual(all(one!, /`[^`\n]+`/g).toSorted());
      const links = (text: string) => all(text, /\]\([^)]+\)/g).filter((link) => !/\(#|README/.test(link));
      expect(links(other!).toSorted()).toEqual(links(one!).toSorted());
      expect(all(other!, /^(\||- )/gm)).toEqual(all(one!, /^(\||- )/gm));
    },
  );
});

describe("spacing", () => {
  const files = [
    ...pages.map((file) => `pages/zh/${file}`).filter((file) => existsSync(path(file))),
    "../../README.zh-CN.md",
  ];

  test.each(files)("%s has a space between Chinese and Latin letters, digits, code and formulas", (file) => {
    const lines = read(file)
      .replaceAll(/^```[\s\S]*?^```/gm, "")
      .split("\n")
      .filter((line) => CLOSE.test(line.replaceAll(/\\text\{[^}]*\}/g, "")));
    expect(lines).toEqual([]);
  });
});
