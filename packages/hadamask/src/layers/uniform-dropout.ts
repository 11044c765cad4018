// Dropout with uniform multipliers instead of zeros and ones ("Uout").

import { checkAbove, checkRates } from "../check.js";
import { gaussianNoise } from "../noise/gaussian.js";
import type { Noise } from "../noise/noise.js";
import { uniformNoise } from "../noise/uniform.js";
import type { RateOption } from "../types.js";
import { NoiseLayer, type NoiseLayerOptions, type NoiseLayerState } from "./base/noise-layer.js";
import { resume } from "./base/resume.js";

/** Exactly one of `rate`, `keep` and `beta`, half the width of the multiplier's interval. */
export type UniformStrength = (RateOption & { readonly beta?: never }) | { beta: number; rate?: never; keep?: never };

export type UniformDropoutOptions = UniformStrength & NoiseLayerOptions;

/** All that a {@link UniformDropout} layer needs to go on as if it had never stopped. */
export type UniformDropoutState = NoiseLayerState & { readonly layer: "UniformDropout" } & (
    | (RateOption & { readonly beta?: never })
    | { readonly beta: number; readonly rate?: never; readonly keep?: never }
  );

/**
 * Multiplies each element by a number evenly spread around 1.
 *
 *     train, sample   y = x * U(1 - beta, 1 + beta)        beta = sqrt(3 rate / keep), or given
 *     eval            y = x
 *
 * With `rate` the mean and variance are those of Bernoulli dropout at that rate; the paper gives `beta` itself (0.1).
 * A beta above 1 (a rate above 1/4) has negative multipliers.
 *
 * Shapes. Any; `sharedAxes` and `shape` as for {@link SpatialDropout}.
 * Randomness. The multiplier of draw d is made of uniform number d under the key of the pass (mask stream 1).
 * Numerics. The product is formed in float64 and rounded once. Rate 0 (beta 0) copies and draws nothing. At rate 1
 *   beta has no limit; the layer gives +0 there, as Bernoulli dropout does.
 * Cost. One uniform number a draw; forward and backward draw it again, nothing is stored.
 *
 * @throws {TypeError | RangeError} If not exactly one of rate, keep and beta is given, or one is out of range.
 * @example
 * ```ts
 * import { key, UniformDropout } from "hadamask";
 * const layer = new UniformDropout({ beta: 0.1, key: key(1) });
 * const y = layer.forward([1, 2, 3]);
 * console.log(y.every((value, i) => Math.abs(value - (i + 1)) <= 0.1 * (i + 1))); // true
 * ```
 * @see Li et al., "Understanding the disharmony between dropout and batch normalization by variance shift", CVPR
 *   2019, "Uout".
 */
export class UniformDropout extends NoiseLayer {
  /** Half the width of the multiplier's interval; infinite at rate 1. */
  readonly beta: number;
  /** 1 - rate; 3 / (3 + beta^2), that of Bernoulli dropout of the same variance, where beta was given. */
  readonly keep: number;
  readonly #given: RateOption | { beta: number };
  readonly #rate: number;

  constructor(options: UniformDropoutOptions) {
    const name = "UniformDropout";
    super(name, options, { options: ["rate", "keep", "beta"] });
    const { beta } = options;
    if (beta !== undefined && (options.rate !== undefined || options.keep !== undefined)) {
      throw new TypeError(`${name}: pass one of rate, keep and beta; beta is sqrt(3 rate / keep)`);
    }
    if (beta === undefined) {
      const { rate, keep, given } = checkRates(name, options);
      this.keep = keep;
      this.beta = Math.sqrt((3 * (1 - keep)) / keep);
      this.#given = given;
      this.#rate = rate;
    } else {
      this.beta = checkAbove(name, "beta", beta, 0, true);
      this.keep = 3 / (3 + beta * beta);
      this.#given = { beta };
      this.#rate = 1 - this.keep;
    }
  }

  /** Probability of dropping at which Bernoulli dropout has the same variance. */
  get rate(): number {
    return this.#rate;
  }

  protected noise(): Noise {
    return this.keep === 0 ? gaussianNoise(0, 0) : uniformNoise(this.beta);
  }

  get state(): UniformDropoutState {
    return { layer: "UniformDropout", ...this.#given, ...this.noiseState };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link UniformDropout.state} gave. */
  static fromState(state: UniformDropoutState): UniformDropout {
    return resume("UniformDropout", state, (saved) => new UniformDropout(saved as unknown as UniformDropoutOptions));
  }
}
