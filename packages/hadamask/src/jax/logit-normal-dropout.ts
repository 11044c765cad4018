// Soft masks in a graph: the logistic function of normal log-odds, given or learned.

import "./navigator.js";
import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { sizeOf } from "../check.js";
import { LogitNormalDropout } from "../layers/logit-normal-dropout.js";
import { VariationalLogitNormalDropout } from "../layers/variational-logit-normal-dropout.js";
import { drawNormals } from "../random/normal.js";
import type { Key } from "../types.js";
import { drawnUnder } from "./draws.js";
import { safeSigmoid } from "./finite.js";
import { checkSizes } from "./multiplier.js";
import type { ActivationNoise } from "./noise.js";
import { parameterArray, unitsOf } from "./parameters.js";

export interface LogitNormalOptions {
  /** Standard deviation of the prior on the log-odds. */
  readonly sigma: number;
  readonly shape: readonly number[];
  readonly key: Key;
}

/**
 * A soft mask of mean 1/2, as `LogitNormalDropout` of `hadamask`: h * 2 S(sigma * eta + epsilon), in mode "eval" h.
 *
 * Shapes. `shape` is that of one row; an axis of size 1 shares one draw. `sigma`, the parameter, has one element.
 * Randomness. The draws are eta and epsilon, [2, batch, ...shape]: those of the layer with the same key, rounded once.
 *
 * @throws {TypeError | RangeError} If sigma is not a finite number at least 0, or `shape` or `key` is not valid.
 * @example
 * ```ts
 * import { numpy as np } from "@jax-js/jax";
 * import { key } from "hadamask";
 * import { logitNormalDropout } from "hadamask/jax";
 * const noise = logitNormalDropout({ sigma: 1, shape: [4], key: key(1) });
 * const y = noise.apply(np.ones([3, 4]), noise.parameters(), noise.train(0, 3));
 * console.log(y.shape, noise.penalty(noise.parameters()).shape); // [ 3, 4 ] []
 * ```
 */
export function logitNormalDropout(options: LogitNormalOptions): ActivationNoise<"sigma"> {
  const shape = checkSizes("logitNormalDropout", "shape", options.shape);
  const layer = new LogitNormalDropout({ sigma: options.sigma }); // checks
  return {
    ...drawnUnder("logitNormalDropout", options.key, (key, batch) => pairArray([batch, ...shape], key)),
    parameters: () => ({ sigma: parameterArray(layer.parameters.sigma) }),
    apply(h, { sigma }, draw) {
      if (draw === undefined) {
        sigma.dispose();
        return h;
      }
      return h.mul(safeSigmoid(draw.ref.slice(0).mul(sigma).add(draw.slice(1))).mul(2));
    },
    penalty({ sigma }) {
      sigma.dispose();
      return np.zeros([]);
    },
  };
}

/**
 * A soft mask whose log-odds are learned for each unit, as `VariationalLogitNormalDropout` of `hadamask`.
 *
 *     h m,   m = S(mu + exp(rho) * eta + epsilon)          eval: h E[m]
 *     penalty: sum over units of  ln(sigma / s) + (s^2 + mu^2) / (2 sigma^2) - 1/2          s = exp(rho)
 *
 * Shapes. `mu` and `rho` have one element a place of the last axis of `shape`.
 * Randomness. As {@link logitNormalDropout}.
 * Numerics. E[m] by the trapezoid rule with 121 points, to float32 for s up to 10.
 *
 * @throws {TypeError | RangeError} If sigma is not a finite number above 0, or `shape` or `key` is not valid.
 * @example
 * ```ts
 * import { numpy as np } from "@jax-js/jax";
 * import { key } from "hadamask";
 * import { variationalLogitNormalDropout } from "hadamask/jax";
 * const noise = variationalLogitNormalDropout({ sigma: 1, shape: [4], key: key(1) });
 * const y = noise.apply(np.ones([3, 4]), noise.parameters(), noise.train(0, 3));
 * console.log(y.shape, noise.penalty(noise.parameters()).shape); // [ 3, 4 ] []
 * ```
 */
export function variationalLogitNormalDropout(options: LogitNormalOptions): ActivationNoise<"mu" | "rho"> {
  const where = "variationalLogitNormalDropout";
  const shape = checkSizes(where, "shape", options.shape);
  const units = unitsOf(shape, "unit");
  const layer = new VariationalLogitNormalDropout({ units, sigma: options.sigma }); // checks
  const { sigma, parameters } = layer;
  return {
    ...drawnUnder(where, options.key, (key, batch) => pairArray([batch, ...shape], key)),
    parameters: () => ({ mu: parameterArray(parameters.mu), rho: parameterArray(parameters.rho) }),
    apply(h, { mu, rho }, draw) {
      const s = np.exp(rho);
      if (draw === undefined) return h.mul(meanSigmoid(mu, np.square(s).add(1)));
      return h.mul(safeSigmoid(draw.ref.slice(0).mul(s).add(draw.slice(1)).add(mu)));
    },
    penalty({ mu, rho }) {
      const squares = np.square(np.exp(rho.ref)).add(np.square(mu));
      const perUnit = squares.mul(1 / (2 * sigma ** 2)).sub(rho);
      return perUnit.sum().add(units * (Math.log(sigma) - 0.5));
    },
  };
}

/** E S(N(mean, variance)) for each element: the trapezoid rule on ±6 standard deviations. */
function meanSigmoid(mean: JaxArray, variance: JaxArray): JaxArray {
  const steps = 120;
  const z = Float64Array.from({ length: steps + 1 }, (_, i) => (12 * i) / steps - 6);
  const densities = z.map((value) => Math.exp((-value * value) / 2));
  const total = densities.reduce((sum, density) => sum + density, 0);
  const column = (values: Float64Array): JaxArray => np.array(Float32Array.from(values), { shape: [steps + 1, 1] });
  const points = column(z).mul(np.sqrt(variance)).add(mean);
  return safeSigmoid(points)
    .mul(column(densities.map((density) => density / total)))
    .sum(0);
}

/** Normal numbers 2d (first) and 2d + 1 (second) of draw d. */
function pairArray(shape: readonly number[], key: Key): JaxArray {
  const n = sizeOf(shape);
  const pairs = new Float64Array(2 * n);
  drawNormals(pairs, key, 0);
  const apart = Float32Array.from({ length: 2 * n }, (_, i) => pairs[i < n ? 2 * i : 2 * (i - n) + 1]!);
  return np.array(apart, { shape: [2, ...shape] });
}
