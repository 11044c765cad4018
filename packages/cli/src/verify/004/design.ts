// Source 004, sections 6 to 8, computed: redundancy, model averaging, input rates, batch normalisation. Its p drops:
// `rate` here.

import { dropout, lint } from "hadamask";
import {
  dropoutRidge,
  expectation,
  expectedMoments,
  expectedSquaredLoss,
  submodelAverages,
  varianceShift,
} from "hadamask/theory";
import { atLeast, differs, equals, exactly, type Measure } from "../measure.js";
import { apply, dot, sum } from "../vectors.js";

const rate = 0.6;
const keep = 0.4;

/** One feature twice: nothing but dropout prefers using both copies. */
export function redundancy(): Measure[] {
  const x = [
    [1, 1, 0.5],
    [-1, -1, 1.5],
    [0.5, 0.5, 2],
    [2, 2, -0.5],
  ];
  const data = { x, y: [1, 0, -1, 2] };
  const w = dropoutRidge(data, { rate: 0.5 });
  const loss = (weights: number[]) => expectedSquaredLoss(data, weights, { rate: 0.5 });
  return [
    equals("weights of two copies of a feature: equal", w[0]!, w[1]!),
    atLeast(
      "expected loss with one copy in place of both, less that with both",
      loss([w[0]! + w[1]!, 0, w[2]!]) - loss([...w]),
      0.01,
    ),
  ];
}

const OUTPUT_WEIGHTS = [0.5, -1, 2];
const UNITS = [1, 2, 3];
const FULL = dot(OUTPUT_WEIGHTS, UNITS);

const outputOf = (mask: Uint8Array, r: number, scaling: "inverted" | "classic") =>
  dot(OUTPUT_WEIGHTS, dropout(UNITS, { rate: r, scaling, mask }));

/** Uniform and weighted means over the 8 submodels, unscaled and scaled. */
function submodels(r: number): number[] {
  const mean = (weightRate: number, scaling: "inverted" | "classic") =>
    expectation({ n: 3, rate: weightRate }, (mask) => outputOf(mask, r, scaling));
  return [mean(0.5, "classic"), mean(0.5, "inverted"), mean(r, "classic"), mean(r, "inverted")];
}

export const AVERAGING =
  "E[y] is a mean weighted by the masks' probabilities, and equals the full output for inverted scaling and " +
  "linear outputs";

export function averaging(): Measure[] {
  const rates = [0.6, 0.5, 0.2];
  const W = [
    [1, -2, 0.5],
    [-1, 1, 1],
  ];
  const relu = (h: ArrayLike<number>) => sum(apply(W, h).map((z) => Math.max(0, z)));
  return [
    equals(
      "weighted mean, inverted, at rates 0.6, 0.5, 0.2: the full output 4.5",
      rates.map((r) => submodels(r)[3]!),
      [FULL, FULL, FULL],
    ),
    equals("uniform and weighted means, unscaled and inverted, at 0.6", submodels(0.6), [2.25, 5.625, 1.8, 4.5]),
    equals("the same at 0.5", submodels(0.5), [2.25, 4.5, 2.25, 4.5]),
    equals("the same at 0.2", submodels(0.2), [2.25, 2.8125, 3.6, 4.5]),
    differs("uniform mean at 0.6 against the weighted one", submodels(0.6)[1]!, submodels(0.6)[3]!),
    differs("inverted mean at 0.6 against the source's y (1 - rate)", submodels(0.6)[3]!, FULL * keep),
    equals(
      "after two ReLU units, rate 0.5: mean",
      expectation({ n: 3, rate: 0.5 }, (mask) => relu(dropout(UNITS, { rate: 0.5, mask }))),
      5.5,
    ),
    differs("against the full output there", 5.5, relu(UNITS)),
  ];
}

const W_SOFTMAX = [
  [1, -1, 0.5, 2],
  [0, 1, -0.5, 0.5],
  [-1, 0.5, 1, -1],
];
const softmax = (z: readonly number[]) => {
  const powers = z.map(Math.exp);
  return powers.map((p) => p / sum(powers));
};

/** Averages over the submodels of one softmax layer on four masked inputs. */
export function softmaxAverages(): Measure[] {
  const x = [1, 2, -1, 0.5];
  const full = softmax(apply(W_SOFTMAX, x));
  const averages = submodelAverages({ n: 4, keep: 0.5 }, (mask) =>
    softmax(apply(W_SOFTMAX, dropout(x, { keep: 0.5, mask }))),
  );
  return [
    equals("one softmax layer, keep 0.5: geometric mean against the full model", averages.geometric, full),
    equals("arithmetic mean", averages.arithmetic, [0.2986, 0.662561, 0.038839], 5e-7),
    differs("arithmetic mean against the full model", averages.arithmetic, full),
    equals("linear output: arithmetic mean against the full model", submodels(rate)[3]!, FULL),
  ];
}

/** What lint says to rates at the input. */
export function inputRates(): Measure[] {
  const rates = [0.1, 0.2, 0.3, 0.5];
  const warnings = (r: number, isInput: boolean) =>
    lint([{ layer: "Dense" }, { layer: "Dropout", rate: r, isInput }]).filter(({ rule }) => rule === "input-rate")
      .length;
  return [
    exactly(
      "warnings of lint for rates 0.1, 0.2, 0.3, 0.5 at the input",
      rates.map((r) => warnings(r, true)),
      [0, 0, 1, 1],
    ),
    exactly(
      "and behind it",
      rates.map((r) => warnings(r, false)),
      [0, 0, 0, 0],
    ),
  ];
}

export function batchNorm(): Measure[] {
  const shifts = [0.9, 0.8, 0.5].map((k) => varianceShift({ mean: 0, variance: 1 }, { keep: k }));
  const exact = expectedMoments({ keeps: [0.5, 0.5] }, ([sign, bit]) =>
    dropout([sign === 1 ? 1 : -1], { keep: 0.5, mask: [bit!] }),
  );
  return [
    equals(
      "variance before batch norm in training, unit input, keep 0.9, 0.8, 0.5",
      shifts.map(({ train }) => train),
      [10 / 9, 1.25, 2],
    ),
    equals(
      "at test over training: keep",
      shifts.map(({ ratio }) => ratio),
      [0.9, 0.8, 0.5],
    ),
    equals("the same for inputs of -1 and 1, by enumeration", exact.covariance, shifts[2]!.train),
    equals(
      "ratio that lint predicts for a network with dropout before batch norm, keep 0.5",
      lint([{ layer: "Dropout", keep: 0.5 }, { layer: "BatchNorm" }]).find(({ rule }) => rule.endsWith("batch-norm"))!
        .numbers.ratio!,
      0.5,
    ),
    differs("variance at test against the one that batch norm has learned", shifts[2]!.eval, shifts[2]!.train),
  ];
}
