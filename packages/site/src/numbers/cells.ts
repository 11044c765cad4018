// What stands in tables of numbers.

export interface Column {
  readonly label: string;
  readonly isNumeric?: boolean;
}

/**
 * A text with the value that it is sorted by, and an interval to be drawn: low, high and middle as shares of its width.
 */
export interface RichCell {
  readonly text: string;
  readonly value: number | string;
  readonly interval?: readonly [low: number, high: number, middle: number];
}

export type Cell = string | number | RichCell;
