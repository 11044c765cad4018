// Logit-normal noise: the logistic function of a normal variable. Multipliers lie between 0 and 1: in float64 both
// ends are reached by rounding where sigma is large.

import { checkFinite, checkLength, checkNumber, isNumbers, typeError } from "../check.js";
import { normalKernel } from "../kernels/select-normals.js";
import { checkOptions } from "../options.js";
import { portableSigmoid } from "../special/exponential.js";
import { type LogisticNormal, logisticNormal } from "../special/logistic-normal.js";
import type { Key } from "../types.js";
import type { Gradients, LearnedNoise } from "./noise.js";

/**
 * Location mu and standard deviation s of the log-odds: one for all draws, or one for each unit (draw d has number d
 * modulo their count).
 */
export interface LogitNormalParameters {
  readonly mu: ArrayLike<number>;
  readonly s: ArrayLike<number>;
  /** What all multipliers are multiplied by; 1 if not given. */
  readonly scale?: number;
}

/**
 * Logit-normal multipliers with a learned part.
 *
 *     m = scale * S(mu + s * eta + epsilon)          eta, epsilon independent standard normal
 *
 * mu + s * eta is the log-odds that is learned, epsilon the noise of the mask itself. As a distribution only the sum
 * counts: m = S(N(mu, 1 + s^2)). With mu = 0 the mean of S is 1/2 for every s.
 *
 * Randomness. Draw d takes the normal numbers 2d (eta) and 2d + 1 (epsilon).
 *
 * @throws {TypeError | RangeError} If mu and s are not as many, or not finite numbers.
 * @example
 * ```ts
 * import { logitNormalNoise } from "hadamask/noise";
 * const noise = logitNormalNoise({ mu: [0], s: [1] });
 * console.log(noise.mean(0).toFixed(6)); // 0.500000
 * ```
 */
export function logitNormalNoise(parameters: LogitNormalParameters): LearnedNoise {
  checkOptions("logitNormalNoise", parameters, ["mu", "s", "scale"]);
  const { scale = 1 } = parameters;
  const { mu, s } = checkParameters(parameters);
  const units = mu.length;
  const moments = new Map<number, LogisticNormal>();
  const momentsOf = (d: number): LogisticNormal => {
    const unit = d % units;
    const known = moments.get(unit) ?? logisticNormal(mu[unit]!, 1 + s[unit]! ** 2);
    moments.set(unit, known);
    return known;
  };
  /** Writes S(…) of draws offset, offset + 1, … from their pairs of normal numbers. */
  const fill = (out: Float64Array, pairs: Float64Array, offset: number): void => {
    for (let i = 0, unit = offset % units; i < out.length; i++) {
      out[i] = portableSigmoid(mu[unit]! + s[unit]! * pairs[2 * i]! + pairs[2 * i + 1]!);
      if (++unit === units) unit = 0;
    }
  };
  return {
    units,
    mean: (d) => scale * momentsOf(d).mean,
    variance: (d) => scale ** 2 * momentsOf(d).variance,
    evaluated: (d) => scale * momentsOf(d).mean,
    sample(out: Float64Array, key: Key, offset: number): void {
      fill(out, drawPairs(out.length, key, offset), offset);
      if (scale !== 1) for (let i = 0; i < out.length; i++) out[i]! *= scale;
    },
    addGradients(gradients: Gradients, weights: Float64Array, key: Key, offset: number): void {
      const pairs = drawPairs(weights.length, key, offset);
      const m = new Float64Array(weights.length);
      fill(m, pairs, offset);
      for (let i = 0; i < m.length; i++) {
        const unit = (offset + i) % units;
        const slope = scale * weights[i]! * m[i]! * (1 - m[i]!);
        gradients.mu![unit]! += slope;
        gradients.s![unit]! += slope * pairs[2 * i]!;
      }
    },
    addEvaluatedGradients(gradients: Gradients, weights: Float64Array): void {
      for (let i = 0; i < weights.length; i++) {
        const unit = i % units;
        const { slope, slopeInVariance } = momentsOf(unit);
        gradients.mu![unit]! += scale * weights[i]! * slope;
        gradients.s![unit]! += scale * weights[i]! * slopeInVariance * 2 * s[unit]!;
      }
    },
  };
}

/** Copies, so that the noise stays what it is when the parameters learn. */
function checkParameters({ mu, s }: LogitNormalParameters): { mu: Float64Array; s: Float64Array } {
  const where = "logitNormalNoise";
  for (const [name, values] of Object.entries({ mu, s }))
    if (!isNumbers(values)) throw typeError(where, name, "an array of numbers", values);
  checkLength(where, "s", s.length, mu.length, "like mu");
  return {
    mu: Float64Array.from(mu, (value, i) => checkFinite(where, `mu[${i}]`, value)),
    s: Float64Array.from(s, (value, i) => checkFinite(where, `s[${i}]`, value)),
  };
}

function drawPairs(n: number, key: Key, offset: number): Float64Array {
  const pairs = new Float64Array(2 * n);
  normalKernel().normals(pairs, key, 0, 1, 2 * offset);
  return pairs;
}

/**
 * KL divergence of the posterior N(mu, s^2) of one unit's log-odds from its prior N(0, sigma^2).
 *
 *     KL = ln(sigma / s) + (s^2 + mu^2) / (2 sigma^2) - 1/2
 *
 * @example
 * ```ts
 * import { normalKl } from "hadamask/noise";
 * console.log(normalKl(0, 1, 1), normalKl(1, 1, 1)); // 0 0.5
 * ```
 */
export function normalKl(mu: number, s: number, sigma: number): number {
  for (const [name, value] of Object.entries({ mu, s, sigma })) checkNumber("normalKl", name, value);
  return Math.log(sigma / s) + (s * s + mu * mu) / (2 * sigma * sigma) - 0.5;
}
