// What stands in a cell of a table: numbers, with a point or a comma, and what is missing.

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const COMMA_NUMBER = /^[+-]?(?:\d+,\d*|,\d+)(?:e[+-]?\d+)?$/i;
const MISSING = /^(?:|\?|-|\.|na|n\/a|nan|null|none|nil|missing|#n\/a)$/i;

/** Whether a cell is a number with a decimal point, or without decimals. */
export const isNumber = (cell: string): boolean => NUMBER.test(cell.trim());

/** Whether it is one with a decimal comma. */
export const isCommaNumber = (cell: string): boolean => COMMA_NUMBER.test(cell.trim());

/** Whether it says that there is no value. */
export const isMissing = (cell: string): boolean => MISSING.test(cell.trim());

/** The value of {@link isNumber} or {@link isCommaNumber}. */
export const numberIn = (cell: string): number => Number(cell.trim().replace(",", "."));

/** Characters of the name of a column, class or category: a longer one is a text. */
export const LONGEST_NAME = 1000;

/** A cell as messages show it. */
export const quote = (cell: string): string => JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
