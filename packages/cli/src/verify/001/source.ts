// Source 001, the derivation: definition, chain rule, proof, example, expectations. Its p drops: `rate` here.

import { dropout, dropoutBackward, keepMask, key, unpackMask } from "hadamask";
import { checkGradient, numericalGradient } from "hadamask/theory";
import { equals, exactly, type Measure } from "../measure.js";
import { type Claim, rowsOf } from "../row.js";
import { meanBound } from "../statistics.js";
import { allMasks, hadamard, sum, times } from "../vectors.js";

const { holds, noted } = rowsOf("001");

export const X = [2, 4, 6, 8];
export const MASK = [1, 0, 1, 0];
export const DY = [0.1, 0.2, 0.3, 0.4];
export const rate = 0.5;
const masks = allMasks(4);

/** A loss in which every output meets another, with its gradient. */
export const lossOf = (y: ArrayLike<number>) => Math.sin(y[0]!) * y[1]! + y[2]! ** 2 * y[3]! + y[0]! * y[3]!;
export const gradientOf = (y: ArrayLike<number>) => [
  Math.cos(y[0]!) * y[1]! + y[3]!,
  Math.sin(y[0]!),
  2 * y[2]! * y[3]!,
  y[2]! ** 2 + y[0]!,
];

/** Kept share and pair covariance of a quarter of a million decisions at rate 0.3. */
function maskLaw(): { bits: Uint8Array; n: number; p: number; bound: number } {
  const n = 2 ** 18;
  const p = 0.3;
  return { bits: unpackMask(keepMask(n, { rate: p, key: key(1) }), n), n, p, bound: meanBound(p * (1 - p), 1 - p, n) };
}

function definition(): Measure[] {
  const { bits, n, p, bound } = maskLaw();
  const y = dropout(new Float64Array(n).fill(1), { rate: p, key: key(1) });
  const zeros = y.filter((v) => v === 0).length;
  return [
    equals(`share of zeros among ${n} ones, rate 0.3`, zeros / n, p, bound),
    exactly("share of the others that are 1 / 0.7", y.filter((v) => v === 1 / 0.7).length + zeros, n),
    exactly("the zeros are where the mask is 0", y.filter((v, i) => (v === 0) === (bits[i] === 0)).length, n),
  ];
}

function maskBullets(): Measure[] {
  const { bits, n, p, bound } = maskLaw();
  const ones = bits.filter((bit) => bit === 1).length;
  const zeros = bits.filter((bit) => bit === 0).length;
  return [equals("share of ones and of zeros, rate 0.3", [ones / n, zeros / n], [1 - p, p], bound)];
}

/** dropout for all 16 masks at rate 0.3 against a formula written down mask by mask. */
const forAllMasks = (formula: (x: number, bit: number) => number, bound: number): Measure[] => [
  equals(
    "all 16 masks of [2, 4, 6, 8], rate 0.3",
    masks.flatMap((mask) => [...dropout(X, { rate: 0.3, mask })]),
    masks.flatMap((mask) => X.map((x, i) => formula(x, mask[i]!))),
    bound,
  ),
];

/** One multiplication by the rounded 1 / 0.7 instead of a division: the last bit. */
const LAST_BIT = 2e-15;

function diagonalJacobian(): Measure[] {
  const options = { rate, mask: [1, 0, 1, 1] };
  const jacobian = X.flatMap((_, i) => [...numericalGradient((x) => dropout(x, options)[i]!, X)]);
  const dx = dropoutBackward(gradientOf(dropout(X, options)), options);
  const diagonal = X.map((_, i) => jacobian[5 * i]!);
  return [
    equals(
      "Jacobian dy/dx at a frozen mask, by central differences",
      jacobian,
      [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2],
      1e-9,
    ),
    equals("upstream times local gradient", hadamard(gradientOf(dropout(X, options)), diagonal), dx, 1e-7),
  ];
}

function localGradient(): Measure[] {
  const slopes = masks.flatMap((mask) => [...numericalGradient((x) => sum(dropout(x, { rate: 0.3, mask })), X)]);
  return [
    equals(
      "dy_i/dx_i for all 16 masks, rate 0.3, by central differences",
      slopes,
      masks.flatMap((mask) => times(1 / 0.7, mask)),
      1e-9,
    ),
  ];
}

function fullGradient(): Measure[] {
  const errors = masks.map((mask) => {
    const options = { rate: 0.3, mask };
    const dx = dropoutBackward(gradientOf(dropout(X, options)), options);
    return checkGradient((x) => lossOf(dropout(x, options)), X, dx).error;
  });
  return [
    equals(
      "largest relative error of dx over all 16 masks, a loss that mixes all outputs",
      Math.max(...errors),
      0,
      1e-7,
    ),
  ];
}

function totalDifferential(): Measure[] {
  const options = { rate, mask: [1, 0, 1, 1] };
  const direction = [0.3, -1, 0.7, 0.2];
  const along = (t: number) =>
    lossOf(
      dropout(
        X.map((x, i) => x + t * direction[i]!),
        options,
      ),
    );
  const g = gradientOf(dropout(X, options));
  const terms = X.map((_, i) => (g[i]! * options.mask[i]! * direction[i]!) / (1 - rate));
  return [
    equals(
      "dL along a direction, by a central difference, against the sum of g m / (1 - rate) dx",
      (along(1e-5) - along(-1e-5)) / 2e-5,
      sum(terms),
      1e-6,
    ),
    equals(
      "the coefficients of dx, compared one by one",
      numericalGradient((x) => lossOf(dropout(x, options)), X),
      dropoutBackward(g, options),
      1e-6,
    ),
  ];
}

export const forward = () => [exactly("y", dropout(X, { rate, mask: MASK }), [4, 0, 12, 0])];
export const backward = () => [exactly("dx", dropoutBackward(DY, { rate, mask: MASK }), [0.2, 0, 0.6, 0])];

/** Output and gradient of kept and dropped elements. */
const casesOf = (bit: 0 | 1, factor: number): Measure[] => [
  exactly(
    bit === 1 ? "outputs of kept elements" : "outputs of dropped elements",
    dropout(X, { rate, mask: X.map(() => bit) }),
    times(factor, X),
  ),
  exactly(
    bit === 1 ? "gradients of kept elements" : "gradients of dropped elements",
    dropoutBackward(DY, { rate, mask: X.map(() => bit) }),
    times(factor, DY),
  ),
];

export const source001: readonly Claim[] = [
  holds("S1-01", "title, 1", "With probability rate an output is set to 0, and the kept ones are scaled", definition),
  holds("S1-02", "1", "y is 0 with probability rate, else x / (1 - rate)", () =>
    forAllMasks((x, bit) => (bit === 1 ? x / 0.7 : 0), LAST_BIT),
  ),
  holds("S1-03", "1", "y = m x / (1 - rate)", () => forAllMasks((x, bit) => (bit * x) / 0.7, LAST_BIT)),
  holds("S1-04", "1", "m is 1 with probability 1 - rate and 0 with probability rate", maskBullets),
  noted("S1-05", "2", "Set-up: x and y in R^n, a scalar loss L; wanted: dL/dx_i"),
  holds("S1-06", "3", "Chain rule: dL/dx_i = dL/dy_i * dy_i/dx_i (the Jacobian is diagonal)", diagonalJacobian),
  holds("S1-07", "4", "With the mask held fixed, dy_i/dx_i = m_i / (1 - rate)", localGradient),
  holds("S1-08", "5", "dL/dx_i = dL/dy_i * m_i / (1 - rate)", fullGradient),
  holds("S1-09", "5, case 1", "A kept element has gradient dL/dy_i / (1 - rate)", () => casesOf(1, 2)),
  holds("S1-10", "5, case 2", "A dropped element has gradient 0", () => casesOf(0, 0)),
  holds("S1-11", "6", "In vectors: dL/dx = dL/dy * m / (1 - rate), elementwise", () => [
    equals(
      "all 16 masks, rate 0.3",
      masks.flatMap((mask) => [...dropoutBackward(DY, { rate: 0.3, mask })]),
      masks.flatMap((mask) => times(1 / 0.7, hadamard(DY, mask))),
      LAST_BIT,
    ),
  ]),
  holds("S1-12", "6", "The vector written out, component by component", () => [
    exactly(
      "each component alone, against the vector",
      DY.map((g, i) => dropoutBackward([g], { rate: 0.3, mask: [MASK[i]!] })[0]!),
      dropoutBackward(DY, { rate: 0.3, mask: MASK }),
    ),
  ]),
  holds("S1-13", "7", "The proof by total differentials: dL = sum of g_i m_i / (1 - rate) dx_i", totalDifferential),
  holds("S1-14", "8", "Example: rate 0.5, x = [2, 4, 6, 8], mask [1, 0, 1, 0]", forward),
  holds("S1-15", "8", "Forward, line by line: y_i = 2 m_i x_i gives [4, 0, 12, 0]", () => [
    ...forward(),
    exactly(
      "line by line",
      X.map((x, i) => dropout([x], { rate, mask: [MASK[i]!] })[0]!),
      [4, 0, 12, 0],
    ),
  ]),
  noted("S1-16", "8", "The upstream gradient is given as [0.1, 0.2, 0.3, 0.4]"),
  holds("S1-17", "8", "Backward, line by line: [0.2, 0, 0.6, 0]", () => [
    ...backward(),
    exactly(
      "line by line",
      DY.map((g, i) => dropoutBackward([g], { rate, mask: [MASK[i]!] })[0]!),
      [0.2, 0, 0.6, 0],
    ),
  ]),
  holds("S1-18", "8", "Dropped: output 0 and gradient 0; kept: both times 1 / (1 - rate)", () => [
    ...casesOf(0, 0),
    ...casesOf(1, 2),
  ]),
];
