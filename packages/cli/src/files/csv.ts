// A text as a cell of a CSV file.

/** Quoted where it would be read as something else. */
export const csvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
