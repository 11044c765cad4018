// The numbers behind a picture.

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** The table as comma-separated values, all digits kept. */
export function csv({ columns, rows }: Table): string {
  const cell = (value: string | number) =>
    typeof value === "string" && /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value);
  return `${[columns, ...rows].map((row) => row.map(cell).join(",")).join("\n")}\n`;
}

/** What a figure says: in a sentence or two, and in full. */
export interface Presented {
  readonly summary: string;
  readonly table: Table;
}
