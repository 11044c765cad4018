// Concrete noise: a smooth stand-in for Bernoulli dropout, so that the rate itself can be learned.

import { checkAbove, typeError } from "../check.js";
import { drawUniforms } from "../random/uniform.js";
import { portableLogit, portableSigmoid } from "../special/exponential.js";
import type { Key } from "../types.js";
import type { Gradients, LearnedNoise } from "./noise.js";

/**
 * From this |logit| on the rate is 0 or 1 to the last bit of a double: the multiplier is exactly 1 or 0, and learns
 * no more.
 */
const SATURATED = 40;

/**
 * Concrete multipliers, at rate q = S(logit).
 *
 *     z = S((logit + ln u - ln(1 - u)) / temperature)          u uniform in (0, 1)
 *     multiplier = (1 - z) / (1 - q)          d multiplier / d logit = multiplier * (q - z / temperature)
 *
 * As the temperature goes to 0, z becomes a Bernoulli variable of probability q. P(z > 1/2) = q at every temperature,
 * but the mean of the multiplier is only close to 1 (0.9987 at q = 0.1, temperature 0.1), and has no closed form:
 * mode "eval" uses 1.
 *
 * @param logit ln(rate / keep); infinities give rate 1 and 0.
 * @throws {TypeError | RangeError} If logit is not a number, or temperature not a finite number above 0.
 * @example
 * ```ts
 * import { key } from "hadamask";
 * import { concreteNoise } from "hadamask/noise";
 * const draws = new Float64Array(3);
 * concreteNoise(0, 0.1).sample(draws, key(1), 0);
 * console.log(draws.every((multiplier) => multiplier >= 0)); // true
 * ```
 * @see Gal, Hron and Kendall, "Concrete dropout", NIPS 2017.
 */
export function concreteNoise(logit: number, temperature: number): LearnedNoise {
  if (!(typeof logit === "number" && !Number.isNaN(logit)))
    throw typeError("concreteNoise", "logit", "a number", logit);
  checkAbove("concreteNoise", "temperature", temperature, 0);
  const q = portableSigmoid(logit);
  const scale = 1 / portableSigmoid(-logit);
  const constant = logit > SATURATED ? 0 : logit < -SATURATED ? 1 : undefined;
  let law: { mean: number; variance: number } | undefined;
  const moments = (): { mean: number; variance: number } => {
    law ??= constant === undefined ? concreteMoments(logit, temperature) : { mean: constant, variance: 0 };
    return law;
  };
  /** 1 - z of a uniform draw. */
  const kept = (u: number): number => portableSigmoid(-(logit + portableLogit(u)) / temperature);
  return {
    constant,
    mean: () => moments().mean,
    variance: () => moments().variance,
    evaluated: () => 1,
    sample(out: Float64Array, key: Key, offset: number): void {
      drawUniforms(out, key, offset);
      for (let i = 0; i < out.length; i++) out[i] = scale * kept(out[i]!);
    },
    addGradients(gradients: Gradients, weights: Float64Array, key: Key, offset: number): void {
      const u = new Float64Array(weights.length);
      drawUniforms(u, key, offset);
      let sum = 0;
      for (let i = 0; i < u.length; i++) {
        const part = kept(u[i]!);
        sum += weights[i]! * scale * part * (q - (1 - part) / temperature);
      }
      gradients.logit![0]! += sum;
    },
    addEvaluatedGradients: () => undefined,
  };
}

/** Mean and variance over u, by the trapezoid rule in the logit of u, whose density is q (1 - q). */
function concreteMoments(logit: number, temperature: number): { mean: number; variance: number } {
  const step = Math.min(0.25, temperature / 3);
  let [total, first, second] = [0, 0, 0];
  for (let i = -Math.ceil(40 / step); i * step <= 40; i++) {
    const l = i * step;
    const weight = portableSigmoid(l) * portableSigmoid(-l);
    const m = portableSigmoid(-(logit + l) / temperature) / portableSigmoid(-logit);
    total += weight;
    first += weight * m;
    second += weight * m * m;
  }
  return { mean: first / total, variance: second / total - (first / total) ** 2 };
}
