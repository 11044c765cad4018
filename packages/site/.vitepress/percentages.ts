// A number stays on one line with its "%". Pages are written with a common space between the two.

import type { MarkdownRenderer } from "vitepress";

export function percentages(markdown: MarkdownRenderer): void {
  const { text, html_block: html } = markdown.renderer.rules;
  markdown.renderer.rules.text = (...given) => unbroken(text!(...given));
  // What stands between tags, such as the first sentence of a page; scripts are no block of HTML here.
  markdown.renderer.rules.html_block = (...given) => unbroken(html!(...given));
}

const unbroken = (html: string): string => html.replace(/(\d) %/g, "$1\u00a0%");
