// Dropout with normal multipliers instead of zeros and ones.

import { checkAbove, checkRates, checkScaling, rangeError } from "../check.js";
import { gaussianNoise } from "../noise/gaussian.js";
import type { Noise } from "../noise/noise.js";
import type { RateOption, Scaling } from "../types.js";
import { NoiseLayer, type NoiseLayerOptions, type NoiseLayerState } from "./base/noise-layer.js";
import { resume } from "./base/resume.js";

/** Exactly one of `rate`, `keep` and `alpha`, the variance of the unit-mean multiplier (rate / keep). */
export type GaussianStrength =
  | (RateOption & { readonly alpha?: never })
  | { alpha: number; rate?: never; keep?: never };

export type GaussianDropoutOptions = GaussianStrength &
  NoiseLayerOptions & {
    /** Default "inverted". */
    readonly scaling?: Scaling;
    /** With "classic": the variance of the multiplier; keep * rate, as of Bernoulli dropout, if not given. */
    readonly variance?: number | undefined;
  };

/** All that a {@link GaussianDropout} layer needs to go on as if it had never stopped. */
export type GaussianDropoutState = NoiseLayerState & {
  readonly layer: "GaussianDropout";
  readonly scaling: Scaling;
  readonly variance?: number;
} & (
    | (RateOption & { readonly alpha?: never })
    | { readonly alpha: number; readonly rate?: never; readonly keep?: never }
  );

/**
 * Multiplies each element by a normal number of the same mean and variance as Bernoulli dropout.
 *
 *     "inverted"    train, sample    y = x * N(1, alpha)    eval    y = x    alpha = rate / keep, or given
 *     "classic"    train, sample    y = x * N(keep, variance)    eval    y = keep * x
 *     variance = keep * rate, or given
 *
 * Mean and variance are those of Bernoulli dropout; higher moments are not. Multipliers may be negative (16 % of them
 * at rate 1/2).
 *
 * Shapes. Any; `sharedAxes` and `shape` as for {@link SpatialDropout}.
 * Randomness. The multiplier of draw d is made of normal number d under the key of the pass (mask stream 1).
 * Numerics. The product is formed in float64 and rounded once. Rate 0 (alpha 0) copies and draws nothing. At rate 1
 *   alpha has no limit; the layer gives +0 there, as Bernoulli dropout does and as "classic" does in the limit.
 * Cost. One normal number a draw; forward and backward draw it again, nothing is stored.
 *
 * @throws {TypeError | RangeError} If not exactly one of rate, keep and alpha is given, or one is out of range.
 * @example
 * ```ts
 * import { GaussianDropout, key } from "hadamask";
 * const layer = new GaussianDropout({ rate: 0.5, key: key(1) });
 * const y = layer.forward([1, 1, 1, 1]);
 * const dx = layer.backward([1, 1, 1, 1]); // the same multipliers
 * console.log(y.every((value, i) => value === dx[i]), layer.alpha); // true 1
 * ```
 * @see Srivastava et al., "Dropout", JMLR 15 (2014), section 10.
 */
export class GaussianDropout extends NoiseLayer {
  /** Variance of the unit-mean multiplier; infinite at rate 1. */
  readonly alpha: number;
  /** 1 - rate; 1 / (1 + alpha) where alpha was given. */
  readonly keep: number;
  readonly scaling: Scaling;
  readonly #given: RateOption | { alpha: number };
  readonly #rate: number;
  readonly #variance: number | undefined;

  constructor(options: GaussianDropoutOptions) {
    const name = "GaussianDropout";
    super(name, options, { options: ["rate", "keep", "alpha", "scaling", "variance"] });
    const { alpha } = options;
    if (alpha !== undefined && (options.rate !== undefined || options.keep !== undefined)) {
      throw new TypeError(`${name}: pass one of rate, keep and alpha; alpha is rate / keep`);
    }
    if (alpha === undefined) {
      const { rate, keep, given } = checkRates(name, options);
      this.keep = keep;
      this.alpha = (1 - keep) / keep;
      this.#given = given;
      this.#rate = rate;
    } else {
      this.alpha = checkAbove(name, "alpha", alpha, 0, true);
      this.keep = 1 / (1 + alpha);
      this.#given = { alpha };
      this.#rate = 1 - this.keep;
    }
    this.scaling = checkScaling(name, options.scaling ?? "inverted");
    this.#variance = this.#checkVariance(options.variance);
  }

  #checkVariance(variance: number | undefined): number | undefined {
    if (variance === undefined) return undefined;
    if (this.scaling === "inverted") {
      throw rangeError(
        this.name,
        "scaling",
        '"classic" with variance',
        this.scaling,
        "pass alpha for the unit-mean form",
      );
    }
    return checkAbove(this.name, "variance", variance, 0, true);
  }

  get rate(): number {
    return this.#rate;
  }

  protected noise(): Noise {
    const { keep, alpha, scaling } = this;
    if (scaling === "classic") return gaussianNoise(keep, this.#variance ?? keep * (1 - keep));
    return keep === 0 ? gaussianNoise(0, 0) : gaussianNoise(1, alpha);
  }

  get state(): GaussianDropoutState {
    const variance = this.#variance === undefined ? {} : { variance: this.#variance };
    return { layer: "GaussianDropout", ...this.#given, scaling: this.scaling, ...variance, ...this.noiseState };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link GaussianDropout.state} gave. */
  static fromState(state: GaussianDropoutState): GaussianDropout {
    return resume("GaussianDropout", state, (saved) => new GaussianDropout(saved as unknown as GaussianDropoutOptions));
  }
}
