// What is wrong with a mask of any library? Its realised rate, its repeats, its correlations, and whether the backward
// pass used it. Knows no stream.

import { checkLength, checkProbability } from "../check.js";
import { checkOptions } from "../options.js";
import { exactShare } from "../uncertainty/binomial.js";
import { type Correlation, findCorrelations } from "./correlation.js";
import { type ArrayKind, decisionsOf } from "./decisions.js";
import { drawsOf, findRepeats, type Repeats } from "./repeats.js";

export interface ExamineOptions {
  /** Lengths of the axes, in C order; one axis if not given. */
  readonly shape?: readonly number[];
  /** The rate that was asked for, if it is known. */
  readonly rate?: number;
  /** The gradient that came back through the dropout, for a gradient of ones or of no zeros. */
  readonly gradient?: ArrayLike<number>;
}

export interface MaskReport {
  readonly kind: ArrayKind;
  readonly elements: number;
  /** Decisions that are left when shared axes are taken out. */
  readonly draws: number;
  /** The share of draws that was dropped. */
  readonly rate: number;
  /** Holds the true rate in at least 95 % of masks with independent draws (Clopper and Pearson). */
  readonly rateInterval: readonly [number, number];
  /** Whether the rate that was asked for is in the interval of 99.9999 %; undefined if none was given. */
  readonly isRateRight: boolean | undefined;
  /** What a kept element is multiplied by; undefined for an array of several values. */
  readonly factor: number | undefined;
  readonly repeats: Repeats;
  readonly correlations: readonly Correlation[];
  /** Elements that one pass dropped and the other did not; undefined without a gradient. */
  readonly disagreements: number | undefined;
}

/**
 * Examines what a dropout of any library made: a mask, its multipliers, or dropout of an array without zeros.
 *
 * Shapes. `values` holds n elements in C order of `shape`.
 * Numerics. Intervals are exact under independence. Repeats are reported where chance explains them with a
 *   probability below 1e-9, correlations where that of any as large is below 1e-6.
 * Cost. About n * 1100 operations, for the correlations.
 *
 * @throws {TypeError | RangeError} If `values` is empty or no array of numbers, or `shape` or `gradient` does not fit.
 * @example
 * ```ts
 * import { key, keepMask, unpackMask } from "hadamask";
 * import { examineMask } from "hadamask/doctor";
 *
 * const mask = unpackMask(keepMask(4096, { rate: 0.5, key: key(1) }), 4096);
 * console.log(examineMask(mask, { rate: 0.5 }).isRateRight); // true
 * const fourfold = mask.map((_, i) => mask[i - (i % 4)]!); // every decision serves four elements
 * console.log(examineMask(fourfold).repeats.group); // 4
 * ```
 * @see Clopper and Pearson, "The use of confidence or fiducial limits", Biometrika 26 (1934).
 */
export function examineMask(values: ArrayLike<number | boolean>, options: ExamineOptions = {}): MaskReport {
  checkOptions("examineMask", options, ["shape", "rate", "gradient"]);
  const { kind, factor, shape, bits } = decisionsOf("examineMask", values, options.shape);
  if (options.rate !== undefined) checkProbability("examineMask", "rate", options.rate);
  const share = (all: Uint8Array): number => all.reduce((sum, bit) => sum + bit, 0) / all.length;
  const repeats = findRepeats(bits, shape, share(bits));
  const draws = drawsOf(bits, shape, repeats.sharedAxes);
  const dropped = draws.reduce((sum, bit) => sum + 1 - bit, 0);
  const isRepeated = repeats.group > 1 || repeats.period !== undefined;
  const independent = Math.max(1, Math.floor((repeats.period ?? draws.length) / repeats.group));
  const interval = (level: number): readonly [number, number] =>
    exactShare(Math.round((dropped * independent) / draws.length), independent, level);
  const within = options.rate === undefined ? undefined : interval(1 - 1e-6);
  return {
    kind,
    elements: bits.length,
    draws: draws.length,
    rate: dropped / draws.length,
    rateInterval: interval(0.95),
    isRateRight: within && options.rate! >= within[0] && options.rate! <= within[1],
    factor,
    repeats,
    correlations: isRepeated ? [] : findCorrelations(draws, share(draws)),
    disagreements: options.gradient === undefined ? undefined : disagreements(bits, options.gradient),
  };
}

function disagreements(bits: Uint8Array, gradient: ArrayLike<number>): number {
  checkLength("examineMask", "gradient", gradient.length, bits.length, "like values");
  return bits.reduce((sum, bit, i) => sum + ((gradient[i] !== 0) === (bit === 1) ? 0 : 1), 0);
}
