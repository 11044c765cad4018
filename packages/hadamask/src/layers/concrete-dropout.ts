// Concrete dropout: dropout that learns its own rate.

import { checkAbove, checkCount, checkKeep, rangeError } from "../check.js";
import { concreteNoise } from "../noise/concrete.js";
import type { LearnedNoise } from "../noise/noise.js";
import { sigmoid, softplus } from "../special/activations.js";
import type { RateOption } from "../types.js";
import { NoiseLayer, type NoiseLayerOptions, type NoiseLayerState } from "./base/noise-layer.js";
import { parameterOf } from "./base/parameter.js";
import { resume } from "./base/resume.js";

export type ConcreteDropoutOptions = (
  | (RateOption & { readonly logit?: never })
  | { readonly logit: number; readonly rate?: never; readonly keep?: never }
) &
  NoiseLayerOptions & {
    /** How far from a hard mask: above 0, at most 1. Default 0.1, as in the paper. */
    readonly temperature?: number;
    /** How many inputs the layer drops for one example: D in the penalty. Default 1. */
    readonly units?: number;
    /** Weight of |W|^2 / keep in the penalty. Default 0. */
    readonly weightRegularizer?: number;
    /** Weight of -D H(rate) in the penalty, H the entropy. Default 1. */
    readonly dropoutRegularizer?: number;
  };

/** All that a {@link ConcreteDropout} layer needs to go on as if it had never stopped. */
export interface ConcreteDropoutState extends NoiseLayerState {
  readonly layer: "ConcreteDropout";
  /** A learned rate of 0 or 1 to the last bit has an infinite logit, which JSON cannot hold as a number. */
  readonly logit: number | "Infinity" | "-Infinity";
  readonly temperature: number;
  readonly units: number;
  readonly weightRegularizer: number;
  readonly dropoutRegularizer: number;
  readonly squaredNorm: number;
}

/**
 * Dropout with a learned rate: a smooth mask through which the gradient reaches the rate.
 *
 *     train, sample    y = x (1 - z) / keep,    z = S((logit + ln u - ln(1 - u)) / temperature)
 *     u uniform, rate = S(logit)
 *     eval            y = x
 *     penalty         weightRegularizer * |W|^2 / keep + dropoutRegularizer * D * (rate ln rate + keep ln keep)
 *
 * |W|^2 is the squared norm of the weights that follow; set `squaredNorm` to it before asking for the penalty. Its own
 * gradient, 2 W times {@link ConcreteDropout.weightPenalty}, belongs to those weights.
 *
 * Shapes. Any; `sharedAxes` and `shape` as for {@link SpatialDropout} (concrete channel dropout).
 * Randomness. Draw d takes uniform number d under the key of the pass (mask stream 1).
 * Numerics. The scale 1 / keep preserves the mean only nearly (0.9987 at rate 0.1, temperature 0.1). Where the
 *   learned rate reaches 0 or 1 to the last bit of a double, the layer copies or gives +0.
 * Cost. One uniform number, a logarithm and an exponential a draw. A copy of x is kept for the gradient of the rate.
 *
 * @throws {TypeError | RangeError} If the rate is not strictly between 0 and 1 (there it could not learn), or a
 *   number is out of range.
 * @example
 * ```ts
 * import { ConcreteDropout, key } from "hadamask";
 * const layer = new ConcreteDropout({ rate: 0.1, units: 3, key: key(1) });
 * layer.forward([1, 2, 3]);
 * layer.backward([1, 1, 1], { penaltyWeight: 1 / 1000 });
 * layer.parameters.logit[0]! -= 0.01 * layer.gradients.logit[0]!; // one step of learning
 * console.log(layer.rate.toFixed(4)); // 0.0994
 * ```
 * @see Gal, Hron and Kendall, "Concrete dropout", NIPS 2017; the penalty as in the authors' code.
 */
export class ConcreteDropout extends NoiseLayer {
  readonly temperature: number;
  readonly weightRegularizer: number;
  readonly dropoutRegularizer: number;
  /** Squared norm of the weights that follow, for the penalty. */
  squaredNorm = 0;
  override readonly parameters: { readonly logit: Float64Array };
  override readonly gradients: { readonly logit: Float64Array };
  readonly #inputs: number;

  constructor(options: ConcreteDropoutOptions) {
    const name = "ConcreteDropout";
    super(name, options, {
      options: ["rate", "keep", "logit", "temperature", "units", "weightRegularizer", "dropoutRegularizer"],
    });
    this.parameters = { logit: parameterOf(name, "logit", [initialLogit(name, options)], 1, 0) };
    this.gradients = { logit: new Float64Array(1) };
    this.temperature = checkAbove(name, "temperature", options.temperature ?? 0.1, 0);
    if (!(this.temperature <= 1)) throw rangeError(name, "temperature", "above 0 and at most 1", options.temperature);
    this.#inputs = checkCount(name, "units", options.units ?? 1);
    this.weightRegularizer = checkAbove(name, "weightRegularizer", options.weightRegularizer ?? 0, 0, true);
    this.dropoutRegularizer = checkAbove(name, "dropoutRegularizer", options.dropoutRegularizer ?? 1, 0, true);
  }

  /** The learned probability of dropping. */
  get rate(): number {
    return sigmoid(this.parameters.logit[0]!);
  }

  /** 1 - rate. */
  get keep(): number {
    return sigmoid(-this.parameters.logit[0]!);
  }

  protected noise(): LearnedNoise {
    return concreteNoise(this.parameters.logit[0]!, this.temperature);
  }

  /** What |W|^2 is multiplied by in the penalty. */
  get weightPenalty(): number {
    return this.weightRegularizer / this.keep;
  }

  get #normPenalty(): number {
    // Without a norm there is no penalty, even where 1 / keep is infinite.
    const weighted = this.weightRegularizer * this.squaredNorm;
    return weighted === 0 ? 0 : weighted / this.keep;
  }

  override penalty(): number {
    const logit = this.parameters.logit[0]!;
    // ln rate = -softplus(-logit), ln keep = -softplus(logit): finite products near both ends, and 0 at them.
    const entropy = Number.isFinite(logit) ? this.rate * softplus(-logit) + this.keep * softplus(logit) : 0;
    return this.#normPenalty - this.dropoutRegularizer * this.#inputs * entropy;
  }

  protected override completeGradients(weight: number): void {
    const logit = this.parameters.logit[0]!;
    // d (1 / keep) / d logit = rate / keep;   d (rate ln rate + keep ln keep) / d logit = rate keep logit.
    const ofNorm = this.rate * this.#normPenalty;
    const slope = Number.isFinite(logit) ? this.rate * this.keep * logit : 0;
    const ofEntropy = this.dropoutRegularizer * this.#inputs * slope;
    this.gradients.logit[0]! += weight * (ofNorm + ofEntropy);
  }

  get state(): ConcreteDropoutState {
    const { temperature, weightRegularizer, dropoutRegularizer, squaredNorm } = this;
    const logit = this.parameters.logit[0]!;
    return {
      layer: "ConcreteDropout",
      logit: Number.isFinite(logit) ? logit : logit > 0 ? "Infinity" : "-Infinity",
      temperature,
      units: this.#inputs,
      weightRegularizer,
      dropoutRegularizer,
      squaredNorm,
      ...this.noiseState,
    };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link ConcreteDropout.state} gave. */
  static fromState(state: ConcreteDropoutState): ConcreteDropout {
    const layer = resume("ConcreteDropout", state, ({ squaredNorm: _, logit, ...saved }) => {
      const isInfinite = logit === "Infinity" || logit === "-Infinity";
      const made = new ConcreteDropout({ ...saved, logit: isInfinite ? 0 : logit });
      if (isInfinite) made.parameters.logit[0] = Number(logit);
      return made;
    });
    layer.squaredNorm = checkAbove("ConcreteDropout.fromState", "state.squaredNorm", state.squaredNorm, 0, true);
    return layer;
  }
}

function initialLogit(where: string, options: ConcreteDropoutOptions): number {
  if (options.logit !== undefined) {
    if (options.rate !== undefined || options.keep !== undefined) {
      throw new TypeError(`${where}: pass one of rate, keep and logit; logit is ln(rate / keep)`);
    }
    return options.logit;
  }
  const keep = checkKeep(where, options);
  if (!(keep > 0 && keep < 1)) {
    throw rangeError(where, "rate", "above 0 and below 1", 1 - keep, "a rate of 0 or 1 has no gradient to learn from");
  }
  return Math.log((1 - keep) / keep);
}
