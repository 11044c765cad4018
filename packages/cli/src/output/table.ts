// Tables in plain text: columns lined up, nothing else. Knows no numbers; callers format them.

/** A column: its heading, and on which side its cells line up. Numbers read best on the right. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/**
 * Lays out rows under their headings, two spaces between columns, no trailing spaces, a newline at the end.
 *
 * @param rows One text per column each. Escape sequences of colours take no width.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, c) => Math.max(...lines.map((cells) => widthOf(cells[c] ?? ""))));
  const rule = widths.map((width) => "-".repeat(width));
  return [lines[0]!, rule, ...lines.slice(1)].map((cells) => `${layOut(cells, columns, widths)}\n`).join("");
}

function layOut(cells: readonly string[], columns: readonly Column[], widths: readonly number[]): string {
  return columns
    .map(({ align }, c) => {
      const text = cells[c] ?? "";
      const space = " ".repeat(widths[c]! - widthOf(text));
      return align === "right" ? space + text : text + space;
    })
    .join("  ")
    .trimEnd();
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are set with the control character ESC
const COLOUR = /\u001b\[[0-9;]*m/g;

/** Characters that take a place on the screen. */
const widthOf = (text: string): number => [...text.replace(COLOUR, "")].length;
