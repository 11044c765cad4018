// Dropout with logit-normal multipliers, as one textbook has it under the name "variational dropout".

import { checkAbove, checkScaling } from "../check.js";
import { logitNormalNoise } from "../noise/logit-normal.js";
import type { Gradients, LearnedNoise } from "../noise/noise.js";
import type { Scaling } from "../types.js";
import { NoiseLayer, type NoiseLayerOptions, type NoiseLayerState } from "./base/noise-layer.js";
import { resume } from "./base/resume.js";

export interface LogitNormalDropoutOptions extends NoiseLayerOptions {
  /** Standard deviation of the prior on the log-odds, at least 0. */
  readonly sigma: number;
  /** Default "inverted". */
  readonly scaling?: Scaling;
}

/** All that a {@link LogitNormalDropout} layer needs to go on as if it had never stopped. */
export interface LogitNormalDropoutState extends NoiseLayerState {
  readonly layer: "LogitNormalDropout";
  readonly sigma: number;
  readonly scaling: Scaling;
}

/**
 * Multiplies each element by the logistic function of a normal number: a soft mask between 0 and 1 whose mean is 1/2.
 *
 *     m = S(sigma * eta + epsilon)          eta, epsilon standard normal
 *     "inverted"   train, sample   y = 2 m x     eval   y = x
 *     "classic"    train, sample   y = m x       eval   y = x / 2
 *
 * Only the sum counts, so m = S(N(0, 1 + sigma^2)): the mean is 1/2 whatever sigma is, no keep probability can be
 * set, and sigma is all there is to learn. The variance goes from 0.0434 (sigma 0) to 1/4, dropout at rate 1/2. This
 * is neither the variational dropout of Kingma et al. ({@link VariationalDropout}) nor concrete dropout
 * ({@link ConcreteDropout}); for a version whose mean is learned see {@link VariationalLogitNormalDropout}.
 *
 * Shapes. Any; `sharedAxes` and `shape` as for {@link SpatialDropout}.
 * Randomness. Draw d takes the normal numbers 2d and 2d + 1 under the key of the pass (mask stream 1).
 * Cost. Two normal numbers and a logistic function a draw. A copy of x is kept for the gradient of sigma.
 *
 * @throws {TypeError | RangeError} If sigma is not a finite number at least 0.
 * @example
 * ```ts
 * import { key, LogitNormalDropout } from "hadamask";
 * const layer = new LogitNormalDropout({ sigma: 1, key: key(1) });
 * layer.forward([1, 2, 3]);
 * layer.backward([1, 1, 1]);
 * console.log(layer.gradients.sigma.length); // 1
 * ```
 */
export class LogitNormalDropout extends NoiseLayer {
  readonly scaling: Scaling;
  override readonly parameters: { readonly sigma: Float64Array };
  override readonly gradients: { readonly sigma: Float64Array };

  constructor(options: LogitNormalDropoutOptions) {
    const name = "LogitNormalDropout";
    super(name, options, { options: ["sigma", "scaling"] });
    const sigma = checkAbove(name, "sigma", options.sigma, 0, true);
    this.scaling = checkScaling(name, options.scaling ?? "inverted");
    this.parameters = { sigma: Float64Array.of(sigma) };
    this.gradients = { sigma: new Float64Array(1) };
  }

  protected noise(): LearnedNoise {
    return logitNormalNoise({ mu: [0], s: this.parameters.sigma.slice(), scale: this.scaling === "inverted" ? 2 : 1 });
  }

  protected override get gradientSinks(): Gradients {
    // The location is not learned here: what the noise finds for it is dropped.
    return { mu: new Float64Array(1), s: this.gradients.sigma };
  }

  get state(): LogitNormalDropoutState {
    return {
      layer: "LogitNormalDropout",
      sigma: this.parameters.sigma[0]!,
      scaling: this.scaling,
      ...this.noiseState,
    };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link LogitNormalDropout.state} gave. */
  static fromState(state: LogitNormalDropoutState): LogitNormalDropout {
    return resume("LogitNormalDropout", state, (saved) => new LogitNormalDropout(saved));
  }
}
