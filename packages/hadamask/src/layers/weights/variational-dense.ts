// Variational dropout of weights: a dense layer whose weights carry Gaussian noise of learned variance (type B).

import { checkAbove, rangeError } from "../../check.js";
import { logUniformKl } from "../../noise/log-uniform.js";
import { portableExp } from "../../special/exponential.js";
import type { FloatArray } from "../../types.js";
import { type OptionsOf, resume } from "../base/resume.js";
import { type AlphaOption, addKlGradients, cutOff, initialLogAlpha } from "../variational-dropout.js";
import { type DenseLayerOptions, type DenseLayerState, savedArrays } from "./dense-layer.js";
import { GaussianWeightsLayer } from "./gaussian-weights-layer.js";

export type VariationalDenseOptions = AlphaOption &
  DenseLayerOptions & {
    /** Whether each weight has an alpha of its own ("weight") or all share one ("layer", default). */
    readonly alphaPer?: "layer" | "weight";
    /** Where alpha is cut off; 1 if not given, as in the paper. */
    readonly maxAlpha?: number;
  };

/** All that a {@link VariationalDense} layer needs to go on as if it had never stopped. */
export interface VariationalDenseState extends DenseLayerState {
  readonly layer: "VariationalDense";
  readonly alphaPer: "layer" | "weight";
  readonly maxAlpha: number;
  readonly logAlpha: readonly number[];
}

/**
 * A dense layer with weights w = theta * N(1, alpha), each with noise of its own, alpha learned.
 *
 *     train, sample   z = x theta + sqrt(x^2 (alpha theta^2)) * zeta + b          zeta standard normal, one an output
 *     eval            z = x theta + b
 *     penalty         sum over weights of KL(alpha), the exact divergence from the log-uniform prior
 *
 * Given x, the pre-activations are normal and independent, so they are drawn themselves (local reparameterisation):
 * one normal number an output instead of one a weight, and gradients of less variance. For noise on the inputs (type
 * A), which gives correlated outputs, put {@link VariationalDropout} before a dense layer.
 *
 * Shapes. x [rows, inputs], weights theta [inputs, outputs], z [rows, outputs].
 * Randomness. Output o takes normal number o under the key of the pass (mask stream 1), or under its row's id from 0
 * on.
 * Numerics. alpha is cut off at `maxAlpha`; a parameter above it gets the gradient at the cut-off. Sums are formed in
 * float64 and rounded once.
 * Cost. Two dense products forward, four backward. A copy of x is kept; parameters must not change between forward
 * and backward.
 *
 * @throws {TypeError | RangeError} If not exactly one of alpha and logAlpha is given, or a number or length is out of
 *   range.
 * @example
 * ```ts
 * import { key, VariationalDense } from "hadamask";
 * const layer = new VariationalDense({ inputs: 2, weights: [0.5, -1, 2, 1], alpha: 0.4, key: key(1) });
 * layer.forward([1, -2]);
 * layer.backward([1, 1], { penaltyWeight: 1 / 1000 }); // for a mean over 1000 training examples
 * console.log(layer.gradients.weights.length, layer.gradients.logAlpha.length); // 4 1
 * ```
 * @see Kingma, Salimans and Welling, "Variational dropout and the local reparameterization trick", NIPS 2015,
 *   sections 2.3 and 3.1.
 */
export class VariationalDense extends GaussianWeightsLayer {
  readonly maxAlpha: number;
  override readonly parameters: {
    readonly weights: FloatArray;
    readonly bias?: FloatArray;
    readonly logAlpha: Float64Array;
  };
  override readonly gradients: {
    readonly weights: FloatArray;
    readonly bias?: FloatArray;
    readonly logAlpha: Float64Array;
  };

  constructor(options: VariationalDenseOptions) {
    const name = "VariationalDense";
    super(name, options, { options: ["alpha", "logAlpha", "alphaPer", "maxAlpha"] });
    const alphas = countAlphas(name, options.alphaPer ?? "layer", this.weights.length);
    this.maxAlpha = checkAbove(name, "maxAlpha", options.maxAlpha ?? 1, 0);
    this.parameters = { ...this.ownParameters(), logAlpha: initialLogAlpha(name, options, alphas) };
    this.gradients = { ...this.ownGradients(), logAlpha: new Float64Array(alphas) };
  }

  /** The noise variances in use: one, or one a weight. */
  get alpha(): Float64Array {
    return cutOff(this.parameters.logAlpha, this.maxAlpha).map(portableExp);
  }

  protected weightVariances(): Float64Array {
    const { alpha } = this;
    return Float64Array.from(this.weights, (theta, w) => alpha[w % alpha.length]! * theta * theta);
  }

  override penalty(): number {
    const { logAlpha } = this.parameters;
    const copies = this.weights.length / logAlpha.length;
    return copies * cutOff(logAlpha, this.maxAlpha).reduce((sum, value) => sum + logUniformKl(value), 0);
  }

  protected writeGradients(
    ofWeights: Float64Array,
    ofVariances: Float64Array | undefined,
    penaltyWeight: number,
  ): void {
    const { alpha, weights, gradients, parameters } = this;
    gradients.logAlpha.fill(0);
    ofVariances?.forEach((gradient, w) => {
      // V = alpha theta^2: d V / d theta = 2 alpha theta, d V / d log alpha = V.
      const scaled = gradient * alpha[w % alpha.length]! * weights[w]!;
      ofWeights[w]! += 2 * scaled;
      gradients.logAlpha[w % alpha.length]! += scaled * weights[w]!;
    });
    gradients.weights.set(ofWeights);
    const copies = weights.length / alpha.length;
    addKlGradients(gradients.logAlpha, parameters.logAlpha, this.maxAlpha, penaltyWeight, copies);
  }

  get state(): VariationalDenseState {
    const { maxAlpha, parameters } = this;
    const alphaPer = parameters.logAlpha.length === 1 ? "layer" : "weight";
    return { layer: "VariationalDense", alphaPer, maxAlpha, logAlpha: [...parameters.logAlpha], ...this.denseState };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link VariationalDense.state} gave. */
  static fromState(state: VariationalDenseState): VariationalDense {
    const where = "VariationalDense.fromState";
    const make = (saved: OptionsOf<VariationalDenseState>) =>
      new VariationalDense({ ...saved, ...savedArrays(where, saved) });
    return resume("VariationalDense", state, make);
  }
}

function countAlphas(where: string, alphaPer: unknown, weights: number): number {
  if (alphaPer === "layer") return 1;
  if (alphaPer === "weight") return weights;
  throw rangeError(where, "alphaPer", '"layer" or "weight"', alphaPer);
}
