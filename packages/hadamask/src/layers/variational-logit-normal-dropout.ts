// The logit-normal mask of logit-normal-dropout.ts, completed: with a posterior that is learned and its KL divergence.

import { checkAbove, checkCount } from "../check.js";
import { logitNormalNoise, normalKl } from "../noise/logit-normal.js";
import type { Gradients, LearnedNoise } from "../noise/noise.js";
import { portableExp } from "../special/exponential.js";
import type { FloatInput } from "../types.js";
import { NoiseLayer, type NoiseLayerOptions, type NoiseLayerState } from "./base/noise-layer.js";
import { parameterOf } from "./base/parameter.js";
import { resume } from "./base/resume.js";

export interface VariationalLogitNormalDropoutOptions extends NoiseLayerOptions {
  /** How many units have log-odds of their own: the length of the last axis that is not shared, or 1 for all alike. */
  readonly units: number;
  /** Standard deviation of the prior N(0, sigma^2) on the log-odds. */
  readonly sigma: number;
  /** Posterior means to begin with, one a unit; 0 if not given. */
  readonly mu?: FloatInput;
  /** Logarithms of the posterior's standard deviations to begin with; those of the prior if not given. */
  readonly rho?: FloatInput;
}

/** All that a {@link VariationalLogitNormalDropout} layer needs to go on as if it had never stopped. */
export interface VariationalLogitNormalDropoutState extends NoiseLayerState {
  readonly layer: "VariationalLogitNormalDropout";
  readonly units: number;
  readonly sigma: number;
  readonly mu: readonly number[];
  readonly rho: readonly number[];
}

/**
 * A soft mask whose log-odds are learned for each unit, under a normal prior.
 *
 *     train, sample   y = m x,   m = S(mu + exp(rho) * eta + epsilon)          eta, epsilon standard normal
 *     eval            y = E[m] x
 *     penalty         sum over units of  ln(sigma / s) + (s^2 + mu^2) / (2 sigma^2) - 1/2          s = exp(rho)
 *
 * This completes {@link LogitNormalDropout}, which as written has nothing to learn but sigma: prior u ~ N(0,
 * sigma^2), posterior N(mu, s^2), maximise E[log likelihood] - KL. The completion is ours.
 *
 * Shapes. x has a multiple of `units` elements; element i belongs to unit i mod units.
 * Randomness. Draw d takes the normal numbers 2d and 2d + 1 under the key of the pass (mask stream 1).
 * Numerics. E[m] is found by quadrature to 1e-15.
 * Cost. Two normal numbers and a logistic function a draw. A copy of x is kept for the gradients.
 *
 * @throws {TypeError | RangeError} If units is not a whole number above 0, sigma not above 0, or mu or rho not as
 *   many as units.
 * @example
 * ```ts
 * import { key, VariationalLogitNormalDropout } from "hadamask";
 * const layer = new VariationalLogitNormalDropout({ units: 2, sigma: 1, key: key(1) });
 * layer.forward([1, 2, 3, 4]);
 * layer.backward([1, 1, 1, 1], { penaltyWeight: 1 / 1000 }); // for a mean over 1000 training examples
 * console.log(layer.penalty(), layer.gradients.mu.length); // 0 2
 * ```
 */
export class VariationalLogitNormalDropout extends NoiseLayer {
  readonly sigma: number;
  override readonly parameters: { readonly mu: Float64Array; readonly rho: Float64Array };
  override readonly gradients: { readonly mu: Float64Array; readonly rho: Float64Array };
  readonly #units: number;

  constructor(options: VariationalLogitNormalDropoutOptions) {
    const name = "VariationalLogitNormalDropout";
    super(name, options, { options: ["units", "sigma", "mu", "rho"] });
    const units = checkCount(name, "units", options.units);
    this.sigma = checkAbove(name, "sigma", options.sigma, 0);
    this.#units = units;
    this.parameters = {
      mu: parameterOf(name, "mu", options.mu, units, 0),
      rho: parameterOf(name, "rho", options.rho, units, Math.log(this.sigma)),
    };
    this.gradients = { mu: new Float64Array(units), rho: new Float64Array(units) };
  }

  protected noise(): LearnedNoise {
    const { mu, rho } = this.parameters;
    return logitNormalNoise({ mu: mu.slice(), s: rho.map(portableExp) });
  }

  override get units(): number {
    return this.#units;
  }

  protected override get gradientSinks(): Gradients {
    return { mu: this.gradients.mu, s: this.gradients.rho };
  }

  /** The KL divergence of all units from the prior. */
  override penalty(): number {
    const { mu, rho } = this.parameters;
    return mu.reduce((sum, location, j) => sum + normalKl(location, Math.exp(rho[j]!), this.sigma), 0);
  }

  protected override completeGradients(weight: number): void {
    const { mu, rho } = this.parameters;
    const precision = 1 / this.sigma ** 2;
    for (let j = 0; j < mu.length; j++) {
      const s = portableExp(rho[j]!);
      this.gradients.mu[j]! += weight * mu[j]! * precision;
      // So far rho holds the gradient by s; d s / d rho = s.
      this.gradients.rho[j] = this.gradients.rho[j]! * s + weight * (s * s * precision - 1);
    }
  }

  get state(): VariationalLogitNormalDropoutState {
    const { units, sigma, parameters } = this;
    return {
      layer: "VariationalLogitNormalDropout",
      units,
      sigma,
      mu: [...parameters.mu],
      rho: [...parameters.rho],
      ...this.noiseState,
    };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link VariationalLogitNormalDropout.state} gave. */
  static fromState(state: VariationalLogitNormalDropoutState): VariationalLogitNormalDropout {
    return resume("VariationalLogitNormalDropout", state, (saved) => new VariationalLogitNormalDropout(saved));
  }
}
