// A field of units under one mask: the figure of the home page.

import { keepMask, key, unpackMask } from "hadamask";
import { short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { numberField, type StateOf } from "../../state/fields.js";
import type { Wording } from "./words.js";

export const COLUMNS = 20;
export const ROWS = 12;

export const FIELDS = {
  rate: numberField(0.5, 0, 1),
  seed: numberField(42, 0, 999_999, true),
};

export type State = StateOf<typeof FIELDS>;

/** 1 or 0 for each unit, row by row, and how many are kept. */
export function maskField({ rate, seed }: State): { mask: readonly number[]; kept: number } {
  const n = COLUMNS * ROWS;
  const mask = [...unpackMask(keepMask(n, { rate, key: key(seed) }), n)];
  return { mask, kept: mask.reduce((sum, bit) => sum + bit, 0) };
}

export function present(state: State, words: Wording): Presented {
  const { mask, kept } = maskField(state);
  return {
    summary: words.summary(kept, COLUMNS * ROWS, short(state.rate)),
    table: {
      columns: words.columns,
      rows: Array.from({ length: ROWS }, (_, row) => [row, mask.slice(row * COLUMNS, (row + 1) * COLUMNS).join(" ")]),
    },
  };
}
