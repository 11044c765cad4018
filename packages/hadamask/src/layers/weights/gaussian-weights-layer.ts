// Dense layers whose weights are Gaussian: the pre-activation is then Gaussian too and is drawn itself (local
// reparameterisation). A layer on top of this says what variance each weight has, and what of it is learned.

import { addColumnSums, addGradients, addProduct } from "../../kernels/dense.js";
import { normalKernel } from "../../kernels/select-normals.js";
import { forEachKey } from "../../placement/draws.js";
import { layoutOf } from "../../placement/shape.js";
import type { FloatArray, FloatInput, Key, Like, Mode } from "../../types.js";
import { type GradientOptions, penaltyWeightOf } from "../base/stochastic-layer.js";
import { DenseLayer, type DensePassOptions } from "./dense-layer.js";

/** What is kept of a forward pass. */
interface GaussianPass {
  readonly mode: Mode;
  readonly x: FloatArray;
  readonly rows: number;
  /** Standard normal numbers and standard deviations of the outputs; undefined in "eval". */
  readonly noise: { readonly normals: Float64Array; readonly deviations: Float64Array } | undefined;
}

export abstract class GaussianWeightsLayer extends DenseLayer<GaussianPass> {
  /** The variance of each weight, with the parameters as they are now. */
  protected abstract weightVariances(): Float64Array;

  /** The weights of mode "eval". */
  protected evaluationWeights(): FloatArray {
    return this.weights;
  }

  /**
   * Writes the gradients of the parameters: `ofWeights` is that of the mean weights, `ofVariances` that of their
   * variances (undefined in "eval"). Adds `penaltyWeight` times the gradient of the penalty.
   */
  protected abstract writeGradients(
    ofWeights: Float64Array,
    ofVariances: Float64Array | undefined,
    penaltyWeight: number,
  ): void;

  /**
   * The pre-activations of the present mode, [rows, outputs].
   *
   * @param options `step` (in "train") or `pass` (in "sample") sets the counter before the call; `sampleIds` gives
   *   one id a row; `out` takes the result.
   * @throws {TypeError | RangeError} If an option does not fit the mode or the input.
   */
  forward<X extends FloatInput>(x: X, options: DensePassOptions = {}): Like<X> {
    const where = `${this.name}.forward`;
    const pass = this.coming(where, options);
    const { values, rows, to } = this.prepare(x, options.out);
    const { sampleIds } = options;
    const layout = layoutOf(where, to.length, { shape: [rows, this.outputs], sampleIds });
    const normals = pass.key === undefined ? undefined : new Float64Array(to.length);
    if (normals !== undefined) {
      forEachKey(pass.key as Key, layout, (key, part, start) => {
        normalKernel().normals(normals.subarray(start, start + part.size), key, 0, 1, 0);
      });
    }
    const noise = normals && { normals, deviations: this.#deviations(values, rows) };
    this.#write(values, to, noise);
    this.done(pass, { mode: pass.mode, x: values.slice(), rows, noise });
    return to as Like<X>;
  }

  /** sqrt(x^2 V): the standard deviations of the outputs. */
  #deviations(x: FloatArray, rows: number): Float64Array {
    const variances = new Float64Array(rows * this.outputs);
    addProduct(variances, squares(x), this.weightVariances(), this.inputs, this.outputs);
    return variances.map(Math.sqrt);
  }

  #write(x: FloatArray, to: FloatArray, noise: GaussianPass["noise"]): void {
    const { inputs, outputs, bias } = this;
    const sums = new Float64Array(to.length);
    addProduct(sums, x, noise === undefined ? this.evaluationWeights() : this.weights, inputs, outputs);
    for (let o = 0; o < to.length; o++) {
      const drawn = noise === undefined ? 0 : noise.deviations[o]! * noise.normals[o]!;
      to[o] = sums[o]! + drawn + (bias?.[o % outputs] ?? 0);
    }
  }

  /**
   * The gradient with respect to x of the last `forward`, with its draws. Writes the gradients of the parameters to
   * `gradients`.
   *
   * @throws {Error} If there was no forward pass. @throws {RangeError} If `dy` is not as long as its output.
   */
  backward<X extends FloatInput>(dy: X, options: GradientOptions = {}): Like<X> {
    const where = `${this.name}.backward`;
    const last = this.remembered(where, options);
    const { values, to } = this.prepareBack(dy, last.rows, options.out);
    const penaltyWeight = penaltyWeightOf(where, options);
    const { inputs, outputs, weights } = this;
    const ofWeights = new Float64Array(weights.length);
    const ofInput = new Float64Array(to.length);
    const ofBias = new Float64Array(outputs);
    const used = last.noise ? weights : this.evaluationWeights();
    addGradients(ofWeights, ofInput, last.x, values, used, inputs, outputs);
    addColumnSums(ofBias, values, outputs);
    const ofVariances = last.noise && this.#noiseGradients(last, values, ofInput);
    this.gradients.bias?.set(ofBias);
    this.writeGradients(ofWeights, ofVariances, penaltyWeight);
    to.set(ofInput);
    return to as Like<X>;
  }

  /**
   * Through sqrt(delta) * zeta, delta = x^2 V: with R = dy * zeta / (2 sqrt(delta)) the gradient of V is (x^2)' R,
   * and that of x gains 2 x * (R V'). Where delta is 0 the root has no derivative; 0 is taken, for there x^2 V has
   * none either.
   */
  #noiseGradients({ x, noise }: GaussianPass, dy: FloatArray, ofInput: Float64Array): Float64Array {
    const { inputs, outputs } = this;
    const R = Float64Array.from(dy, (g, o) => {
      const deviation = noise!.deviations[o]!;
      return deviation === 0 ? 0 : (g * noise!.normals[o]!) / (2 * deviation);
    });
    const ofVariances = new Float64Array(this.weights.length);
    const throughSquares = new Float64Array(x.length);
    addGradients(ofVariances, throughSquares, squares(x), R, this.weightVariances(), inputs, outputs);
    for (let i = 0; i < ofInput.length; i++) ofInput[i]! += 2 * x[i]! * throughSquares[i]!;
    return ofVariances;
  }
}

const squares = (values: FloatArray): Float64Array => Float64Array.from(values, (value) => value * value);
