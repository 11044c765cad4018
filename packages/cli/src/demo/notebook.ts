// Notebooks as programs: a TypeScript file whose comments `// %%` and `// %% [markdown]` begin cells of code and of
// text. Knows how to take one apart and how to print it with its output; not how to run it.

/** The comment that begins a cell of code; compilers keep it. */
export const CODE_CELL = "// %%";
const TEXT_CELL = "// %% [markdown]";

export interface Cell {
  readonly kind: "code" | "text";
  /** Code as it stands, text without the comment signs; no empty lines around it. */
  readonly content: string;
}

/** @returns No cells if `source` is a plain program. */
export function cellsOf(source: string): Cell[] {
  const cells: { kind: Cell["kind"]; lines: string[] }[] = [];
  for (const line of source.split("\n")) {
    if (line === CODE_CELL) cells.push({ kind: "code", lines: [] });
    else if (line === TEXT_CELL) cells.push({ kind: "text", lines: [] });
    else cells.at(-1)?.lines.push(line);
  }
  return cells.map(({ kind, lines }) => {
    const kept = kind === "code" ? lines : lines.map((line) => line.replace(/^\/\/ ?/, ""));
    return { kind, content: kept.join("\n").trim() };
  });
}

/** The notebook as Markdown: each cell of code is followed by what it printed. */
export function markdownOf(cells: readonly Cell[], outputs: readonly string[]): string {
  let code = 0;
  const blocks = cells.map(({ kind, content }) => {
    if (kind === "text") return content;
    const output = (outputs[code++] ?? "").trimEnd();
    return `\`\`\`ts\n${content}\n\`\`\`\n\n\`\`\`text\n${output}\n\`\`\``;
  });
  return `${blocks.join("\n\n")}\n`;
}
