// Stochastic gradient Langevin dynamics: gradient descent with noise, so that the parameters are samples of the
// posterior.

import { checkAbove, checkIndex, checkKey, checkLength, rangeError, typeError } from "../check.js";
import { normalKernel } from "../kernels/select-normals.js";
import { deriveKey, deriveSiteKey, TAG } from "../random/derive.js";
import { randomKey } from "../random/key.js";
import type { FloatArray, Key } from "../types.js";

/** A step size that falls as a (b + t)^(-gamma). */
export interface DecayingStep {
  readonly a: number;
  readonly b: number;
  /** Above 1/2 and at most 1: then the steps sum to infinity and their squares do not. */
  readonly gamma: number;
}

export interface SgldOptions {
  /** epsilon_t: one number for all steps, or one that falls. */
  readonly stepSize: number | DecayingStep;
  /**
   * Number of training examples N, where gradients are those of a mean over examples. Default 1: gradients of the
   * whole sum.
   */
  readonly dataSize?: number;
  /** Precision of a normal prior with mean 0 on every parameter. Default 0: none. */
  readonly priorPrecision?: number;
  /** Where the noise comes from; a fresh random key if not given. */
  readonly key?: Key;
}

/** All that a {@link Sgld} sampler needs to go on as if it had never stopped: plain data, safe in JSON. */
export interface SgldState extends Required<SgldOptions> {
  readonly optimizer: "Sgld";
  readonly step: number;
}

/**
 * Stochastic gradient Langevin dynamics: an update rule whose iterates are (nearly) samples of the posterior.
 *
 *     theta -= epsilon_t / 2 * (N * gradient + priorPrecision * theta) + sqrt(epsilon_t) * xi    xi standard normal
 *
 * where gradient is that of the mean negative log likelihood over a minibatch. This is what "SGLD" means: a sampler,
 * and no mode of dropout. A stochastic forward pass at prediction is mode "sample" of the layers; the two can be
 * combined.
 *
 * With a constant step the chain does not settle at the posterior but at a wider distribution: for a normal posterior
 * of precision lambda at variance 1 / (lambda (1 - epsilon lambda / 4)), and it diverges from epsilon = 4 / lambda
 * on.
 *
 * Randomness. Step t draws under the key derived for t, each parameter under the key derived from that for its name
 * (mask stream 1).
 * Cost. One normal number a parameter.
 *
 * @throws {TypeError | RangeError} If a number is out of range.
 * @example
 * ```ts
 * import { key, Sgld } from "hadamask";
 * const sgld = new Sgld({ stepSize: 0.01, key: key(1) });
 * const parameters = { w: new Float64Array([0.5, -0.5]) };
 * const gradients = { w: parameters.w.map((w) => 2 * w) }; // of the energy w^2
 * sgld.update(parameters, gradients);
 * console.log(sgld.step); // 1
 * ```
 * @see Welling and Teh, "Bayesian learning via stochastic gradient Langevin dynamics", ICML 2011.
 */
export class Sgld {
  readonly stepSize: number | DecayingStep;
  readonly dataSize: number;
  readonly priorPrecision: number;
  readonly key: Key;
  /** The number of the next step. */
  step = 0;

  constructor(options: SgldOptions) {
    if (typeof options !== "object" || options === null)
      throw typeError("Sgld", "options", "an object with stepSize", options);
    this.stepSize = checkStepSize(options.stepSize);
    this.dataSize = checkAbove("Sgld", "dataSize", options.dataSize ?? 1, 0);
    this.priorPrecision = checkAbove("Sgld", "priorPrecision", options.priorPrecision ?? 0, 0, true);
    this.key = options.key === undefined ? randomKey() : checkKey("Sgld", options.key);
  }

  /** epsilon of step t. */
  stepSizeAt(t: number): number {
    const { stepSize } = this;
    return typeof stepSize === "number" ? stepSize : stepSize.a * (stepSize.b + t) ** -stepSize.gamma;
  }

  /**
   * One step: changes the parameters in place.
   *
   * @param parameters By name, for instance `layer.parameters`.
   * @param gradients Of what is minimised, by the same names.
   * @throws {TypeError | RangeError} If a gradient is missing or has another length.
   */
  update(parameters: Readonly<Record<string, FloatArray>>, gradients: Readonly<Record<string, FloatArray>>): void {
    const where = "Sgld.update";
    const t = checkIndex(where, "step", this.step);
    for (const [name, values] of Object.entries(parameters)) {
      const gradient = gradients[name];
      if (gradient === undefined) throw new TypeError(`${where}: the gradient of "${name}" is missing`);
      checkLength(where, `the gradient of "${name}"`, gradient.length, values.length, "like the parameter");
    }
    const epsilon = this.stepSizeAt(t);
    const stepKey = deriveKey(this.key, TAG.step, t);
    for (const [name, values] of Object.entries(parameters)) {
      const noise = new Float64Array(values.length);
      normalKernel().normals(noise, deriveSiteKey(stepKey, name), 0, 1, 0);
      const gradient = gradients[name]!;
      for (let i = 0; i < values.length; i++) {
        const slope = this.dataSize * gradient[i]! + this.priorPrecision * values[i]!;
        values[i]! += Math.sqrt(epsilon) * noise[i]! - (epsilon / 2) * slope;
      }
    }
    this.step = t + 1;
  }

  get state(): SgldState {
    const { stepSize, dataSize, priorPrecision, key, step } = this;
    return { optimizer: "Sgld", stepSize, dataSize, priorPrecision, key, step };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link Sgld.state} gave. */
  static fromState(state: SgldState): Sgld {
    const where = "Sgld.fromState";
    if (state?.optimizer !== "Sgld") throw typeError(where, "state", "the state of an Sgld sampler", state);
    checkKey(where, state.key, "state.key");
    const sgld = new Sgld(state);
    sgld.step = checkIndex(where, "state.step", state.step);
    return sgld;
  }
}

function checkStepSize(stepSize: number | DecayingStep): number | DecayingStep {
  if (typeof stepSize !== "object" || stepSize === null) return checkAbove("Sgld", "stepSize", stepSize, 0);
  checkAbove("Sgld", "stepSize.a", stepSize.a, 0);
  checkAbove("Sgld", "stepSize.b", stepSize.b, 0);
  if (!(stepSize.gamma > 0.5 && stepSize.gamma <= 1)) {
    throw rangeError("Sgld", "stepSize.gamma", "above 0.5 and at most 1", stepSize.gamma);
  }
  return stepSize;
}
