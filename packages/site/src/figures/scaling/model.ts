// Why divide by keep: a sum of n inputs under every mask, and the rules that texts give for training and prediction.

import { keepMask, key, passKey, unpackMask } from "hadamask";
import { enumerateMasks, expectation } from "hadamask/theory";
import type { Point } from "../../charts/chart.js";
import { short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { choiceField, numberField, type StateOf } from "../../state/fields.js";
import type { Wording } from "./words.js";

export const RULES = ["inverted", "classic", "forgotten", "twice", "rate"] as const;
export type Rule = (typeof RULES)[number];
export const DEPTH = 10;

export const FIELDS = {
  n: numberField(8, 2, 12, true),
  rate: numberField(0.5, 0, 0.9),
  rule: choiceField("inverted", RULES),
  samples: numberField(50, 1, 500, true),
  seed: numberField(1, 0, 999_999, true),
};

export type State = StateOf<typeof FIELDS>;

/** What a kept number is multiplied by in training, and every number at prediction. */
export function factorsOf(rule: Rule, rate: number): { readonly train: number; readonly test: number } {
  const keep = 1 - rate;
  const factors: Record<Rule, { train: number; test: number }> = {
    inverted: { train: 1 / keep, test: 1 },
    classic: { train: 1, test: keep },
    forgotten: { train: 1, test: 1 },
    twice: { train: 1 / keep, test: keep },
    rate: { train: rate / keep, test: 1 },
  };
  return factors[rule];
}

export interface Scaling {
  /** Each value that the sum can have, with its probability: exactly, over all masks. */
  readonly values: readonly Point[];
  readonly masks: number;
  readonly mean: number;
  readonly deviation: number;
  /** The output at prediction. */
  readonly test: number;
  /** Mean of the drawn masks, and its standard error. */
  readonly sampled: { readonly mean: number; readonly error: number };
  /** Prediction over mean of training, after 0 to 10 linear layers with this rule. */
  readonly depth: readonly Point[];
}

/** The sum of n inputs of 1 / n: 1 without dropout. */
export function scaling({ n, rate, rule, samples, seed }: State): Scaling {
  const { train, test } = factorsOf(rule, rate);
  const output = (mask: ArrayLike<number>): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += mask[i]!;
    return (train * sum) / n;
  };
  const byCount = new Float64Array(n + 1);
  enumerateMasks({ n, rate }, (mask, weight) => {
    byCount[mask.reduce((sum, bit) => sum + bit, 0)]! += weight;
  });
  const mean = expectation({ n, rate }, output);
  const variance = expectation({ n, rate }, (mask) => (output(mask) - mean) ** 2);
  const drawn = Array.from({ length: samples }, (_, s) =>
    output(unpackMask(keepMask(n, { rate, key: passKey(key(seed), s) }), n)),
  );
  const sampledMean = drawn.reduce((sum, value) => sum + value, 0) / samples;
  return {
    values: Array.from(byCount, (weight, count) => [(train * count) / n, weight] as const),
    masks: 2 ** n,
    mean,
    deviation: Math.sqrt(variance),
    test,
    sampled: { mean: sampledMean, error: Math.sqrt(variance / samples) },
    depth: Array.from({ length: DEPTH + 1 }, (_, d) => [d, (test / mean) ** d] as const),
  };
}

export function present(state: State, words: Wording): Presented {
  const { values, masks, mean, deviation, test, sampled, depth } = scaling(state);
  return {
    summary: words.summary({
      masks,
      mean: short(mean),
      deviation: short(deviation, 3),
      test: short(test),
      samples: state.samples,
      sampled: short(sampled.mean, 3),
      depth: short(depth[DEPTH]![1], 3),
    }),
    table: {
      columns: words.columns,
      rows: values.map(([value, weight], count) => [count, value, weight]),
    },
  };
}
