// Code and formulas that documents set in by four spaces: a box that scrolls, also by keyboard. VitePress knows fenced
// blocks only.

import type { MarkdownRenderer } from "vitepress";

export function indentedCode(markdown: MarkdownRenderer): void {
  markdown.renderer.rules.code_block = (tokens, i) =>
    `<pre v-pre class="plain" tabindex="0"><code>${markdown.utils.escapeHtml(tokens[i]!.content)}</code></pre>\n`;
}
