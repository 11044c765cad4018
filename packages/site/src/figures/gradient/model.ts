// What dropout descends: a loss of three inputs with and without dropout, and the gradients of both.

import { dropout } from "hadamask";
import { expectation, expectedGradient } from "hadamask/theory";
import { evenly, type Point } from "../../charts/chart.js";
import { short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { choiceField, numberField, type StateOf } from "../../state/fields.js";
import type { Wording } from "./words.js";

export const WEIGHTS = [1, -1, 2] as const;
export const TARGET = 1;
/** The inputs beside the one that moves. */
export const OTHERS = [2, 1] as const;
export const LARGEST = 3;

export const FIELDS = {
  x: numberField(1.5, -LARGEST, LARGEST),
  rate: numberField(0.5, 0, 0.9),
  loss: choiceField("square", ["square", "linear"]),
};

export type State = StateOf<typeof FIELDS>;

const output = (y: ArrayLike<number>): number => WEIGHTS.reduce((sum, w, i) => sum + w * y[i]!, 0);
const LOSSES = {
  square: { value: (f: number) => (f - TARGET) ** 2 / 2, slope: (f: number) => f - TARGET },
  linear: { value: (f: number) => f, slope: () => 1 },
} as const;

export interface Gradients {
  /** The loss without dropout over the first input, and its mean over masks. */
  readonly clean: readonly Point[];
  readonly expected: readonly Point[];
  readonly at: { readonly clean: number; readonly expected: number };
  /** dL/dx of the three inputs: without dropout, the mean over masks, and the mean of dL/dy. */
  readonly gradient: {
    readonly clean: readonly number[];
    readonly expected: readonly number[];
    readonly upstream: readonly number[];
  };
}

export function gradients({ x, rate, loss }: State): Gradients {
  const { value, slope } = LOSSES[loss];
  const inputs = (first: number): number[] => [first, ...OTHERS];
  const clean = (first: number): number => value(output(inputs(first)));
  const expected = (first: number): number =>
    expectation({ n: 3, rate }, (mask) => value(output(dropout(inputs(first), { rate, mask }))));
  const found = expectedGradient(inputs(x), (y) => WEIGHTS.map((w) => w * slope(output(y))), { rate });
  const places = evenly(-LARGEST, LARGEST, 61);
  return {
    clean: places.map((first) => [first, clean(first)]),
    expected: places.map((first) => [first, expected(first)]),
    at: { clean: clean(x), expected: expected(x) },
    gradient: { clean: [...found.clean], expected: [...found.expected], upstream: [...found.upstream] },
  };
}

/** The line of the given slope through a point. */
export const tangent = (x: number, y: number, slope: number): readonly Point[] =>
  [-1, 1].map((step) => [x + step, y + step * slope]);

export function present(state: State, words: Wording): Presented {
  const { gradient } = gradients(state);
  return {
    summary: words.summary({
      x: short(state.x),
      rate: short(state.rate),
      clean: short(gradient.clean[0]!),
      expected: short(gradient.expected[0]!),
      upstream: short(gradient.upstream[0]!),
    }),
    table: {
      columns: words.columns,
      rows: [state.x, ...OTHERS].map((x, i) => [
        i + 1,
        x,
        WEIGHTS[i]!,
        gradient.clean[i]!,
        gradient.expected[i]!,
        gradient.upstream[i]!,
      ]),
    },
  };
}
