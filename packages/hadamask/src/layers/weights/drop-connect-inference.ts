// Prediction with DropConnect: the moments of the pre-activations over the masks, and what an activation averages to
// under them.

import { checkIndex, rangeError } from "../../check.js";
import { addProduct } from "../../kernels/dense.js";
import { normalKernel } from "../../kernels/select-normals.js";
import { deriveKey, TAG } from "../../random/derive.js";
import { ACTIVATIONS, type Activation, checkActivation } from "../../special/activations.js";
import { rectifiedNormal } from "../../special/normal.js";
import type { FloatArray, Key } from "../../types.js";
import type { DroppedWeights } from "./drop-connect-passes.js";

/** Mean and variance of each pre-activation, [rows, outputs]; different outputs of a row are uncorrelated. */
export interface WeightMoments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

export interface InferenceOptions {
  /** What follows the layer: a name, or a function of one pre-activation. */
  readonly activation: Activation | ((z: number) => number);
  /** "gaussian" (default, the paper's): over a normal with the moments of z. "mean": of the mean of z. */
  readonly inference?: "gaussian" | "mean";
  /** How many normal draws are averaged. Not needed where the average has a closed form: "relu" and "linear". */
  readonly samples?: number;
  /** Number of the pass that the draws belong to. Default 0; the layer's counters do not move. */
  readonly pass?: number;
}

/**
 * Mean and variance of z = x (M * W) * scale + b over the masks.
 *
 *     "inverted"   mean x W + b            variance rate / keep * (x^2)(W^2)
 *     "classic"    mean keep * x W + b    variance keep * rate * (x^2)(W^2)
 *     a dropped bias counts as a weight of input 1
 */
export function dropConnectMoments(x: FloatArray, layer: DroppedWeights): WeightMoments {
  const { inputs, outputs, weights, bias, keep, scaling } = layer;
  const mean = new Float64Array((x.length / inputs) * outputs);
  const variance = new Float64Array(mean.length);
  addProduct(mean, x, weights, inputs, outputs);
  addProduct(variance, squares(x), squares(weights), inputs, outputs);
  const factor = scaling === "classic" ? keep : keep === 0 ? 0 : 1;
  const spread = keep === 0 ? 0 : scaling === "classic" ? keep * (1 - keep) : (1 - keep) / keep;
  for (let o = 0; o < mean.length; o++) {
    const b = bias?.[o % outputs] ?? 0;
    mean[o] = mean[o]! * factor + (layer.dropBias ? b * factor : b);
    variance[o] = spread * (variance[o]! + (layer.dropBias ? b * b : 0));
  }
  return { mean, variance };
}

const squares = (values: FloatArray): Float64Array => Float64Array.from(values, (value) => value * value);

/** Writes the expected activations [rows, outputs] to `out`. */
export function inferDropConnect(
  x: FloatArray,
  out: FloatArray,
  layer: DroppedWeights,
  options: InferenceOptions,
): void {
  const where = "DropConnect.infer";
  const inference = options.inference ?? "gaussian";
  if (inference !== "gaussian" && inference !== "mean") {
    throw rangeError(where, "inference", '"gaussian" or "mean"', options.inference);
  }
  const { activation: given } = options;
  const activation = typeof given === "function" ? given : ACTIVATIONS[checkActivation(where, given)].value;
  const { mean, variance } = dropConnectMoments(x, layer);
  if (inference === "mean") out.set(mean.map(activation));
  else if (options.samples !== undefined)
    out.set(sampledAverage(where, mean, variance, activation, layer.key, options));
  else if (options.activation === "linear") out.set(mean);
  else if (options.activation === "relu") out.set(mean.map((m, o) => rectifiedNormal(m, variance[o]!).mean));
  else throw new TypeError(`${where}: samples is missing; only "relu" and "linear" have a closed form`);
}

/** The average of activation(u) over draws u ~ N(mean, variance); draw t of all outputs follows draw t - 1. */
function sampledAverage(
  where: string,
  mean: Float64Array,
  variance: Float64Array,
  activation: (z: number) => number,
  key: Key | undefined,
  options: InferenceOptions,
): Float64Array {
  const samples = checkIndex(where, "samples", options.samples, 2 ** 32);
  if (samples === 0) throw rangeError(where, "samples", "above 0", samples);
  const passKey = deriveKey(key!, TAG.pass, checkIndex(where, "pass", options.pass ?? 0));
  const deviation = variance.map(Math.sqrt);
  const sums = new Float64Array(mean.length);
  const normals = new Float64Array(mean.length);
  for (let t = 0; t < samples; t++) {
    normalKernel().normals(normals, passKey, 0, 1, t * mean.length);
    for (let o = 0; o < sums.length; o++) sums[o]! += activation(mean[o]! + deviation[o]! * normals[o]!);
  }
  return sums.map((sum) => sum / samples);
}
