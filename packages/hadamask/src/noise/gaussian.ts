// Gaussian noise: multipliers mean + standard deviation * standard normal.

import { checkAbove, checkFinite, isNumbers, typeError } from "../check.js";
import { normalKernel } from "../kernels/select-normals.js";
import { portableExp } from "../special/exponential.js";
import type { FloatArray, Key } from "../types.js";
import type { Gradients, LearnedNoise, Noise } from "./noise.js";

/**
 * Normal multipliers.
 *
 *     multiplier = mean + sqrt(variance) * e          e standard normal
 *
 * Mean 1 and variance alpha = rate / keep has the mean and variance of inverted Bernoulli noise; mean keep and
 * variance keep * rate those of the classic one. Higher moments differ: E[multiplier^3] is 1 + 3 alpha against 1 /
 * keep^2. Multipliers may be negative, with probability Φ(-mean / sqrt(variance)).
 *
 * @throws {TypeError | RangeError} If mean is not finite, or variance not a finite number at least 0.
 * @example
 * ```ts
 * import { gaussianNoise } from "hadamask/noise";
 * const noise = gaussianNoise(1, 0.25);
 * console.log(noise.mean(0), noise.variance(0)); // 1 0.25
 * ```
 * @see Srivastava et al., "Dropout", JMLR 15 (2014), section 10.
 */
export function gaussianNoise(mean: number, variance: number): Noise {
  checkFinite("gaussianNoise", "mean", mean);
  checkAbove("gaussianNoise", "variance", variance, 0, true);
  const deviation = Math.sqrt(variance);
  return {
    constant: variance === 0 ? mean : undefined,
    mean: () => mean,
    variance: () => variance,
    evaluated: () => mean,
    sample: (out: Float64Array, key: Key, offset: number): void =>
      normalKernel().normals(out, key, mean, deviation, offset),
    multiply: (x: FloatArray, out: FloatArray, key: Key): void => {
      normalKernel().multiplyByNormals(x, out, key, mean, deviation, 0);
    },
  };
}

/**
 * Unit-mean normal multipliers whose variance is learned: `1 + sqrt(alpha) * e`, the noise of variational dropout.
 *
 *     d multiplier / d log alpha = sqrt(alpha) * e / 2
 *
 * @param logAlpha One for all draws, or one for each unit: draw d has number d modulo their count.
 * @throws {TypeError | RangeError} If one is not a finite number.
 * @example
 * ```ts
 * import { learnedGaussianNoise } from "hadamask/noise";
 * const noise = learnedGaussianNoise([Math.log(0.5)]);
 * console.log(noise.variance(0).toFixed(12)); // 0.500000000000
 * ```
 * @see Kingma, Salimans and Welling, "Variational dropout and the local reparameterization trick", NIPS 2015.
 */
export function learnedGaussianNoise(logAlpha: ArrayLike<number>): LearnedNoise {
  if (!isNumbers(logAlpha)) throw typeError("learnedGaussianNoise", "logAlpha", "an array of numbers", logAlpha);
  const units = logAlpha.length;
  for (let i = 0; i < units; i++) checkFinite("learnedGaussianNoise", `logAlpha[${i}]`, logAlpha[i]);
  const deviations = Float64Array.from(logAlpha, (value) => portableExp(value / 2));
  return {
    mean: () => 1,
    variance: (d) => deviations[d % units]! ** 2,
    evaluated: () => 1,
    sample(out: Float64Array, key: Key, offset: number): void {
      normalKernel().normals(out, key, 0, 1, offset);
      for (let i = 0; i < out.length; i++) out[i] = 1 + deviations[(offset + i) % units]! * out[i]!;
    },
    addGradients(gradients: Gradients, weights: Float64Array, key: Key, offset: number): void {
      const e = new Float64Array(weights.length);
      normalKernel().normals(e, key, 0, 1, offset);
      for (let i = 0; i < e.length; i++) {
        const unit = (offset + i) % units;
        gradients.logAlpha![unit]! += 0.5 * weights[i]! * deviations[unit]! * e[i]!;
      }
    },
    addEvaluatedGradients: () => undefined,
  };
}
