// Heads of tables that are empty: cells, since a head that names nothing only puzzles a screen reader.

import type { MarkdownRenderer } from "vitepress";

export function tableHeads(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("empty-table-heads", ({ tokens }) => {
    tokens.forEach((token, i) => {
      const [inside, close] = [tokens[i + 1], tokens[i + 2]];
      if (token.type !== "th_open" || inside?.content !== "" || close?.type !== "th_close") return;
      token.tag = "td";
      close.tag = "td";
    });
  });
}
