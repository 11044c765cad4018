// Formulas between dollars, typeset when the site is built. The reader's browser runs nothing for them.

import { tex } from "@mdit/plugin-tex";
import katex from "katex";
import type { MarkdownRenderer } from "vitepress";

export function formulas(markdown: MarkdownRenderer): void {
  // The plugin's types belong to another version of markdown-it.
  const plugin = tex as unknown as Parameters<MarkdownRenderer["use"]>[0];
  markdown.use(plugin, { render: typeset });
}

/** HTML for the eye and MathML for screen readers; a formula that is wrong stops the build. */
function typeset(content: string, displayMode: boolean, { relativePath }: { readonly relativePath?: string }): string {
  const html = katex.renderToString(content, { displayMode, throwOnError: true, output: "htmlAndMathml" });
  const name = relativePath?.startsWith("zh/") ? "公式" : "formula";
  // v-pre: braces in formulas are not Vue's. tabindex: a wide formula scrolls, also by keyboard.
  return displayMode
    ? `<div v-pre class="formula" tabindex="0" role="group" aria-label="${name}">${html}</div>\n`
    : `<span v-pre>${html}</span>`;
}
