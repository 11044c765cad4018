// Variational dropout on activations: Gaussian noise whose variance is learned, under the log-uniform prior (type A).

import { checkAbove, checkCount } from "../check.js";
import { learnedGaussianNoise } from "../noise/gaussian.js";
import { logUniformKl, logUniformKlSlope } from "../noise/log-uniform.js";
import type { LearnedNoise } from "../noise/noise.js";
import { portableExp } from "../special/exponential.js";
import type { FloatArray, FloatInput } from "../types.js";
import { NoiseLayer, type NoiseLayerOptions, type NoiseLayerState } from "./base/noise-layer.js";
import { parameterOf } from "./base/parameter.js";
import { resume } from "./base/resume.js";

/** The noise variance to begin with: one number, or the logarithms of one a unit. */
export type AlphaOption =
  | { readonly alpha: number; readonly logAlpha?: never }
  | { readonly logAlpha: FloatInput; readonly alpha?: never };

export type VariationalDropoutOptions = AlphaOption &
  NoiseLayerOptions & {
    /**
     * How many units have an alpha of their own: the length of the last axis that is not shared, or 1 (default) for
     * all alike.
     */
    readonly units?: number;
    /** Where alpha is cut off; 1 if not given, as in the paper. */
    readonly maxAlpha?: number;
  };

/** All that a {@link VariationalDropout} layer needs to go on as if it had never stopped. */
export interface VariationalDropoutState extends NoiseLayerState {
  readonly layer: "VariationalDropout";
  readonly units: number;
  readonly maxAlpha: number;
  readonly logAlpha: readonly number[];
}

/**
 * Gaussian dropout that learns how much noise each unit bears.
 *
 *     train, sample   y = x * (1 + sqrt(alpha) * e)          e standard normal          eval   y = x
 *     penalty         sum over units of KL(alpha), the exact divergence from the log-uniform prior
 *
 * This is type A of the paper: noise on the input of a dense layer, so that the weights that leave a unit vary
 * together. For noise of every weight's own (type B) see {@link VariationalDense}.
 *
 * Shapes. x has a multiple of `units` elements; element i belongs to unit i mod units.
 * Randomness. The multiplier of draw d is made of normal number d under the key of the pass (mask stream 1).
 * Numerics. alpha is cut off at `maxAlpha`. A parameter above it gets the gradient of the cut-off itself
 *   (straight-through), so that it can come back; with none it would stay that way forever. The prior gives no proper
 *   posterior in general (Hron, Matthews and Ghahramani 2018): take the penalty as a regulariser.
 * Cost. One normal number a draw. A copy of x is kept for the gradient of alpha.
 *
 * @throws {TypeError | RangeError} If not exactly one of alpha and logAlpha is given, or a number is out of range.
 * @example
 * ```ts
 * import { key, VariationalDropout } from "hadamask";
 * const layer = new VariationalDropout({ units: 2, alpha: 0.25, key: key(1) });
 * layer.forward([1, 2, 3, 4]);
 * layer.backward([1, 1, 1, 1], { penaltyWeight: 1 / 1000 }); // for a mean over 1000 training examples
 * console.log(layer.penalty().toFixed(6), layer.gradients.logAlpha.length); // 2.311067 2
 * ```
 * @see Kingma, Salimans and Welling, "Variational dropout and the local reparameterization trick", NIPS 2015, section
 *   3.2.
 */
export class VariationalDropout extends NoiseLayer {
  readonly maxAlpha: number;
  override readonly parameters: { readonly logAlpha: Float64Array };
  override readonly gradients: { readonly logAlpha: Float64Array };

  constructor(options: VariationalDropoutOptions) {
    const name = "VariationalDropout";
    super(name, options, { options: ["alpha", "logAlpha", "units", "maxAlpha"] });
    const units = checkCount(name, "units", options.units ?? 1);
    this.maxAlpha = checkAbove(name, "maxAlpha", options.maxAlpha ?? 1, 0);
    this.parameters = { logAlpha: initialLogAlpha(name, options, units) };
    this.gradients = { logAlpha: new Float64Array(units) };
  }

  override get units(): number {
    return this.parameters.logAlpha.length;
  }

  /** The noise variances in use, one a unit. */
  get alpha(): Float64Array {
    return cutOff(this.parameters.logAlpha, this.maxAlpha).map(portableExp);
  }

  protected noise(): LearnedNoise {
    return learnedGaussianNoise(cutOff(this.parameters.logAlpha, this.maxAlpha));
  }

  override penalty(): number {
    return cutOff(this.parameters.logAlpha, this.maxAlpha).reduce((sum, value) => sum + logUniformKl(value), 0);
  }

  protected override completeGradients(weight: number): void {
    addKlGradients(this.gradients.logAlpha, this.parameters.logAlpha, this.maxAlpha, weight);
  }

  get state(): VariationalDropoutState {
    const { units, maxAlpha, parameters } = this;
    return { layer: "VariationalDropout", units, maxAlpha, logAlpha: [...parameters.logAlpha], ...this.noiseState };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link VariationalDropout.state} gave. */
  static fromState(state: VariationalDropoutState): VariationalDropout {
    return resume("VariationalDropout", state, (saved) => new VariationalDropout(saved));
  }
}

/** The parameter to begin with, from either option. */
export function initialLogAlpha(where: string, options: AlphaOption, n: number): Float64Array {
  const { alpha, logAlpha } = options;
  if ((alpha === undefined) === (logAlpha === undefined)) {
    throw new TypeError(`${where}: pass either alpha (variance of the noise, rate / keep) or logAlpha`);
  }
  const initial = alpha === undefined ? 0 : Math.log(checkAbove(where, "alpha", alpha, 0));
  return parameterOf(where, "logAlpha", logAlpha, n, initial);
}

/** The logarithms of the variances in use. */
export function cutOff(logAlpha: Float64Array, maxAlpha: number): Float64Array {
  const most = Math.log(maxAlpha);
  return logAlpha.map((value) => Math.min(value, most));
}

/**
 * Adds `weight` times the gradient of the KL divergence, `copies` times each. Where a variance is cut off the gradient
 * is that at the cut-off (straight-through): it can come back.
 */
export function addKlGradients(
  gradient: FloatArray,
  logAlpha: FloatArray,
  maxAlpha: number,
  weight: number,
  copies = 1,
): void {
  const most = Math.log(maxAlpha);
  for (let i = 0; i < gradient.length; i++) {
    if (weight !== 0) gradient[i]! += weight * copies * logUniformKlSlope(Math.min(logAlpha[i]!, most));
  }
}
