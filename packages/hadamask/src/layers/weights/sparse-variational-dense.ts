// Sparse variational dropout: a dense layer that learns which of its weights are noise, and drops those for good.

import { checkFinite, rangeError } from "../../check.js";
import { logUniformKl, logUniformKlSlope } from "../../noise/log-uniform.js";
import { PRUNING_THRESHOLD, sparseKlFit, sparseKlFitSlope } from "../../noise/sparse.js";
import { portableExp } from "../../special/exponential.js";
import type { FloatArray, FloatInput } from "../../types.js";
import { parameterOf } from "../base/parameter.js";
import { type OptionsOf, resume } from "../base/resume.js";
import { type DenseLayerOptions, type DenseLayerState, savedArrays } from "./dense-layer.js";
import { GaussianWeightsLayer } from "./gaussian-weights-layer.js";

export interface SparseVariationalDenseOptions extends DenseLayerOptions {
  /** ln sigma^2 to begin with, one a weight; -8 everywhere if not given. */
  readonly logSigma2?: FloatInput;
  /** log alpha from which a weight counts as noise; 3 if not given, as in the paper. */
  readonly threshold?: number;
  /** Which KL divergence: exact (default), or the paper's fit, within 0.0094 of it and cheaper. */
  readonly kl?: "exact" | "fit";
}

/** All that a {@link SparseVariationalDense} layer needs to go on as if it had never stopped. */
export interface SparseVariationalDenseState extends DenseLayerState {
  readonly layer: "SparseVariationalDense";
  readonly logSigma2: readonly number[];
  readonly threshold: number;
  readonly kl: "exact" | "fit";
}

/**
 * A dense layer with weights w ~ N(theta, sigma^2), both learned for each weight.
 *
 *     train, sample   z = x theta + sqrt(x^2 sigma^2) * zeta + b          zeta standard normal, one an output
 *     eval    z = x (theta where log alpha < threshold, else 0) + b    log alpha = ln sigma^2 - ln theta^2
 *     penalty         sum over weights of KL(alpha) from the log-uniform prior
 *
 * The prior favours noise: weights that the data do not need drift to large alpha, and those are left out at
 * prediction.
 *
 * Shapes. x [rows, inputs], weights theta and logSigma2 [inputs, outputs], z [rows, outputs].
 * Randomness. Output o takes normal number o under the key of the pass (mask stream 1), or under its row's id from 0
 * on.
 * Numerics. Sums are formed in float64 and rounded once. At theta = 0 alpha is infinite, the penalty 0 and its
 * gradient 0.
 * Cost. As {@link VariationalDense}; the exact divergence takes up to 130 terms of a series a weight, its gradient as
 * many.
 *
 * @throws {TypeError | RangeError} If a length does not fit, or a number is not finite.
 * @example
 * ```ts
 * import { key, SparseVariationalDense } from "hadamask";
 * const layer = new SparseVariationalDense({ inputs: 2, weights: [1, 0.01], logSigma2: [-4, -4], key: key(1) });
 * console.log(layer.pruned, layer.eval().forward([1, 1])); // { count: 1, share: 0.5 } Float64Array(1) [ 1 ]
 * ```
 * @see Molchanov, Ashukha and Vetrov, "Variational dropout sparsifies deep neural networks", ICML 2017.
 */
export class SparseVariationalDense extends GaussianWeightsLayer {
  readonly threshold: number;
  readonly kl: "exact" | "fit";
  override readonly parameters: {
    readonly weights: FloatArray;
    readonly bias?: FloatArray;
    readonly logSigma2: Float64Array;
  };
  override readonly gradients: {
    readonly weights: FloatArray;
    readonly bias?: FloatArray;
    readonly logSigma2: Float64Array;
  };

  constructor(options: SparseVariationalDenseOptions) {
    const name = "SparseVariationalDense";
    super(name, options, { options: ["logSigma2", "threshold", "kl"] });
    this.kl = options.kl ?? "exact";
    if (this.kl !== "exact" && this.kl !== "fit") throw rangeError(name, "kl", '"exact" or "fit"', options.kl);
    this.threshold = checkFinite(name, "threshold", options.threshold ?? PRUNING_THRESHOLD);
    const n = this.weights.length;
    const logSigma2 = parameterOf(name, "logSigma2", options.logSigma2, n, -8);
    this.parameters = { ...this.ownParameters(), logSigma2 };
    this.gradients = { ...this.ownGradients(), logSigma2: new Float64Array(n) };
  }

  /** ln sigma^2 - ln theta^2 of each weight: how much of it is noise. */
  get logAlpha(): Float64Array {
    const { weights, parameters } = this;
    return parameters.logSigma2.map((logSigma2, w) => logSigma2 - 2 * Math.log(Math.abs(weights[w]!)));
  }

  /** How many weights are left out at prediction, and which share of all that is. */
  get pruned(): { readonly count: number; readonly share: number } {
    const count = this.logAlpha.reduce((sum, logAlpha) => sum + (logAlpha < this.threshold ? 0 : 1), 0);
    return { count, share: count / this.weights.length };
  }

  protected weightVariances(): Float64Array {
    return this.parameters.logSigma2.map(portableExp);
  }

  protected override evaluationWeights(): FloatArray {
    const { logAlpha, weights } = this;
    return weights.map((theta, w) => (logAlpha[w]! < this.threshold ? theta : 0));
  }

  override penalty(): number {
    const kl = this.kl === "exact" ? logUniformKl : sparseKlFit;
    return this.logAlpha.reduce((sum, logAlpha) => sum + kl(logAlpha), 0);
  }

  protected writeGradients(
    ofWeights: Float64Array,
    ofVariances: Float64Array | undefined,
    penaltyWeight: number,
  ): void {
    const { gradients, parameters, weights, logAlpha } = this;
    const slope = this.kl === "exact" ? logUniformKlSlope : sparseKlFitSlope;
    for (let w = 0; w < weights.length; w++) {
      // In "eval" a weight that is left out has no part in the output.
      if (ofVariances === undefined && !(logAlpha[w]! < this.threshold)) ofWeights[w] = 0;
      const kappa = penaltyWeight === 0 ? 0 : penaltyWeight * slope(logAlpha[w]!);
      // d log alpha / d theta = -2 / theta; the slope vanishes as theta^2, so the product does at theta = 0.
      if (kappa !== 0) ofWeights[w]! -= (2 * kappa) / weights[w]!;
      gradients.logSigma2[w] = (ofVariances?.[w] ?? 0) * portableExp(parameters.logSigma2[w]!) + kappa;
    }
    gradients.weights.set(ofWeights);
  }

  get state(): SparseVariationalDenseState {
    const { threshold, kl, parameters } = this;
    return {
      layer: "SparseVariationalDense",
      threshold,
      kl,
      logSigma2: [...parameters.logSigma2],
      ...this.denseState,
    };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link SparseVariationalDense.state} gave. */
  static fromState(state: SparseVariationalDenseState): SparseVariationalDense {
    const where = "SparseVariationalDense.fromState";
    const make = (saved: OptionsOf<SparseVariationalDenseState>) =>
      new SparseVariationalDense({ ...saved, ...savedArrays(where, saved) });
    return resume("SparseVariationalDense", state, make);
  }
}
