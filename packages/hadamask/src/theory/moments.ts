// Mean, variance and covariance of multiplicative noise, in closed form. Knows no network.

import { checkIndex, checkKeep, checkLength, checkScaling } from "../check.js";
import { checkOptions } from "../options.js";
import type { FloatInput, RateOption, Scaling } from "../types.js";
import type { Moments } from "./enumerate.js";
import { toVector } from "./matrix.js";

/** Mean and variance of what one element is multiplied by. */
export interface Multiplier {
  readonly mean: number;
  readonly variance: number;
}

/** A rate (or keep) and when the scale is applied; "inverted" unless said otherwise. */
export type DropoutLaw = RateOption & { readonly scaling?: Scaling };

/** The checked form of {@link DropoutLaw}. */
export function checkLaw(where: string, law: DropoutLaw): { keep: number; rate: number; scaling: Scaling } {
  checkOptions(where, law, ["rate", "keep", "scaling"]);
  const keep = checkKeep(where, law);
  return { keep, rate: law.rate ?? 1 - keep, scaling: checkScaling(where, law.scaling ?? "inverted") };
}

/**
 * Mean and variance of the multiplier of Bernoulli dropout in training.
 *
 *     "inverted"   mean 1      variance rate / keep
 *     "classic"    mean keep   variance keep * rate
 *
 * The two variances behave oppositely as keep falls to 0: rate / keep grows without bound, keep * rate has its
 * maximum at 1/2 and vanishes with the signal. Rate 1 gives zeros: mean 0 and variance 0 in both.
 *
 * @example
 * ```ts
 * import { bernoulliMultiplier } from "hadamask/theory";
 * console.log(bernoulliMultiplier({ keep: 0.8 }).variance.toFixed(2)); // 0.25
 * ```
 * @see Srivastava et al., "Dropout", JMLR 15 (2014), sections 4 and 10.
 */
export function bernoulliMultiplier(law: DropoutLaw): Multiplier {
  const { keep, rate, scaling } = checkLaw("bernoulliMultiplier", law);
  if (keep === 0) return { mean: 0, variance: 0 };
  return scaling === "inverted" ? { mean: 1, variance: rate / keep } : { mean: keep, variance: keep * rate };
}

/**
 * Standard deviation over mean of a dropped-out element: sqrt(rate / keep), the same for both scalings and for every x.
 * Infinite at rate 1. (Standard deviation over the *input*, sqrt(keep * rate) for "classic", is another number.)
 *
 * @example
 * ```ts
 * import { coefficientOfVariation } from "hadamask/theory";
 * console.log(coefficientOfVariation({ rate: 0.9 }).toFixed(4)); // 3.0000
 * ```
 */
export function coefficientOfVariation(options: RateOption): number {
  const { keep, rate } = checkLaw("coefficientOfVariation", options);
  return Math.sqrt(rate / keep);
}

/**
 * E[multiplier^order] for Bernoulli dropout: keep^(1 - order) for "inverted", keep for "classic".
 *
 * @throws {RangeError} If `order` is not a whole number in [1, 64].
 * @example
 * ```ts
 * import { bernoulliRawMoment } from "hadamask/theory";
 * console.log(bernoulliRawMoment(3, { keep: 0.5 })); // 4
 * ```
 */
export function bernoulliRawMoment(order: number, law: DropoutLaw): number {
  const { keep, scaling } = checkLaw("bernoulliRawMoment", law);
  checkIndex("bernoulliRawMoment", "order - 1", order - 1, 64);
  if (keep === 0) return 0;
  return scaling === "inverted" ? keep ** (1 - order) : keep;
}

/**
 * E[u^order] for u normal with the given mean and variance: M(n) = mean * M(n - 1) + (n - 1) * variance * M(n - 2).
 *
 * @throws {RangeError} If `order` is not a whole number in [1, 64].
 * @example
 * ```ts
 * import { gaussianRawMoment } from "hadamask/theory";
 * console.log(gaussianRawMoment(4, { mean: 1, variance: 1 })); // 10
 * ```
 */
export function gaussianRawMoment(order: number, noise: Multiplier): number {
  checkIndex("gaussianRawMoment", "order - 1", order - 1, 64);
  let [before, moment] = [1, noise.mean];
  for (let n = 2; n <= order; n++) [before, moment] = [moment, noise.mean * moment + (n - 1) * noise.variance * before];
  return moment;
}

/**
 * Moments of y = xi * x for a fixed x and independent multipliers.
 *
 *     E[y] = mean * x      Cov(y) = variance * diag(x^2)
 *
 * @example
 * ```ts
 * import { bernoulliMultiplier, outputMoments } from "hadamask/theory";
 * console.log(outputMoments([1, 2], bernoulliMultiplier({ keep: 0.5 })).covariance); // Float64Array(4) [ 1, 0, 0, 4 ]
 * ```
 */
export function outputMoments(x: FloatInput, noise: Multiplier): Moments {
  const values = toVector("outputMoments", "x", x);
  const d = values.length;
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < d; i++) covariance[i * d + i] = noise.variance * values[i]! ** 2;
  return { mean: Float64Array.from(values, (v) => noise.mean * v), covariance };
}

/**
 * Moments of y = xi * x where all elements of a fixed x share one multiplier, as the positions of a channel do.
 *
 *     E[y] = mean * x      Cov(y) = variance * x x'      (rank one: the variance of the sum is variance * (sum x)^2)
 *
 * @example
 * ```ts
 * import { bernoulliMultiplier, sharedOutputMoments } from "hadamask/theory";
 * const { covariance } = sharedOutputMoments([1, 2], bernoulliMultiplier({ keep: 0.5 }));
 * console.log(covariance); // Float64Array(4) [ 1, 2, 2, 4 ]
 * ```
 */
export function sharedOutputMoments(x: FloatInput, noise: Multiplier): Moments {
  const values = toVector("sharedOutputMoments", "x", x);
  const d = values.length;
  const covariance = Float64Array.from(
    { length: d * d },
    (_, at) => noise.variance * values[Math.floor(at / d)]! * values[at % d]!,
  );
  return { mean: Float64Array.from(values, (v) => noise.mean * v), covariance };
}

/**
 * Moments of y = xi * x for a random x that the multipliers do not depend on.
 *
 *     E[y] = mean * E[x]      Cov(y) = mean^2 * Cov(x) + variance * diag(E[x^2])
 *
 * Covariances between features survive (times mean^2): noise adds none, and takes none away under "inverted".
 *
 * @example
 * ```ts
 * import { bernoulliMultiplier, outputMomentsOfRandomInput } from "hadamask/theory";
 * const input = { mean: Float64Array.of(0, 0), covariance: Float64Array.of(1, 0.5, 0.5, 1) };
 * const { covariance } = outputMomentsOfRandomInput(input, bernoulliMultiplier({ keep: 0.5 }));
 * console.log(covariance); // Float64Array(4) [ 2, 0.5, 0.5, 2 ]
 * ```
 */
export function outputMomentsOfRandomInput(input: Moments, noise: Multiplier): Moments {
  const where = "outputMomentsOfRandomInput";
  const mean = toVector(where, "input.mean", input.mean);
  const d = mean.length;
  checkLength(where, "input.covariance", input.covariance.length, d * d, "(d * d)");
  const covariance = Float64Array.from(input.covariance, (c, at) => {
    const i = Math.floor(at / d);
    const ownNoise = at % d === i ? noise.variance * (c + mean[i]! ** 2) : 0;
    return noise.mean ** 2 * c + ownNoise;
  });
  return { mean: Float64Array.from(mean, (v) => noise.mean * v), covariance };
}
