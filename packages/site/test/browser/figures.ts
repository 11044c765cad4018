// Every figure, where it is, and a state to look at it in. A figure is its model, so that a test needs no picture.

import type { Presented } from "../../src/figure/table.js";
import * as maskField from "../../src/figures/mask-field/model.js";
import { WORDS as maskFieldWords } from "../../src/figures/mask-field/words.js";
import * as onePass from "../../src/figures/one-pass/model.js";
import { WORDS as onePassWords } from "../../src/figures/one-pass/words.js";
import { type Fields, type StateOf, startState, writeState } from "../../src/state/fields.js";

export interface FigureRow {
  readonly path: string;
  /** The figure's id on that page. */
  readonly id: string;
  /** The query of the state to look at. */
  readonly query: string;
  /** What it has to say there, and at its start. */
  readonly expected: Presented;
  readonly atStart: Presented;
}

interface Model<F extends Fields, W> {
  readonly FIELDS: F;
  present(state: StateOf<F>, words: W): Presented;
}

function row<F extends Fields, W>(
  path: string,
  id: string,
  { FIELDS, present }: Model<F, W>,
  words: { readonly en: W },
  changes: Partial<StateOf<F>>,
): FigureRow {
  const start = startState(FIELDS);
  const state = { ...start, ...changes };
  return {
    path,
    id,
    query: writeState(id, FIELDS, state, ""),
    expected: present(state, words.en),
    atStart: present(start, words.en),
  };
}

export const FIGURES: readonly FigureRow[] = [
  row("/", "mask", maskField, maskFieldWords, { rate: 0.3, seed: 7 }),
  row("/learn/one-pass.html", "pass", onePass, onePassWords, {
    rate: 0.25,
    seed: 11,
    scaling: "classic",
    mode: "sample",
    pass: 3,
    flips: [2],
  }),
];
