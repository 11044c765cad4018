// What search gets of a Chinese page: terms inside of clauses, and headings as they are.

import { expect, test } from "vitest";
import { searchableChinese } from "../../.vitepress/chinese-search.js";

test("a clause is followed by its endings, and what is no clause stays", () => {
  expect(searchableChinese('<p title="三个字">批量规范化，用 softmax。</p>')).toBe(
    '<p title="三个字">批量规范化 量规范化 规范化 范化，用 softmax。</p>',
  );
});

test("a heading stays as it is, with its endings behind it", () => {
  const heading = '<h2 id="a" tabindex="-1">这就是岭回归 <a href="#a" aria-label="x">​</a></h2>';
  const html = searchableChinese(`${heading}<p>好</p>`);
  expect(html.startsWith(`${heading}<p>`)).toBe(true);
  expect(html).toContain(" 岭回归 ");
  expect(html.endsWith("</p><p>好</p>")).toBe(true);
});

test("every term of a long clause is at the beginning of a word, cut to a few characters", () => {
  const words = searchableChinese("预测时也开着掩码于是每次前向的答案就各不相同").split(" ");
  for (const term of ["掩码", "前向", "答案", "各不相同"])
    expect(words.some((word) => word.startsWith(term))).toBe(true);
  expect(Math.max(...words.slice(1).map((word) => word.length))).toBe(6);
});
