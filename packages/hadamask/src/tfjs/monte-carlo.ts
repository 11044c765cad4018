// Monte-Carlo dropout with a model of TensorFlow.js: many predictions of the same rows, each with other masks, and what
// they agree on.

import * as tf from "@tensorflow/tfjs";
import { checkCount, checkKey, rangeError, sizeOf, typeError } from "../check.js";
import { siteKey } from "../random/derived-keys.js";
import { randomKey } from "../random/key.js";
import type { Key } from "../types.js";
import { type ClassStatistics, classStatistics } from "../uncertainty/classes.js";
import { type LabelStatistics, labelStatistics } from "../uncertainty/labels.js";
import { type PositionStatistics, positionStatistics } from "../uncertainty/positions.js";
import { type ValueStatistics, valueStatistics } from "../uncertainty/values.js";
import { type FoundLayer, noiseLayersIn } from "./noise-layers-in.js";

/** What the answers of a model are. */
export type TfAnswerKind = "classes" | "labels" | "positions" | "values";

export interface TfMonteCarloOptions {
  /** Passes. Default 100. */
  readonly samples?: number;
  /** Where all masks come from. Without one a fresh random key is taken, which the result shows. */
  readonly key?: Key;
  /** Rows that the model is given at a time. The masks do not depend on it. Default 32. */
  readonly batchSize?: number;
  /** "consistent" (default): one thinned network for all rows of a pass. "independent": each row has its own masks. */
  readonly masks?: "consistent" | "independent";
  /** What the answers are. Default "auto": what the last activation says (softmax, sigmoid; else values). */
  readonly kind?: TfAnswerKind | "auto";
  /** Of models with several outputs: which. Default 0. */
  readonly output?: number;
  /** Ends it early: the promise is rejected with its reason. */
  readonly signal?: AbortSignal;
}

interface Told {
  readonly key: Key;
  /** rows x passes x the numbers of a row: as the functions of `hadamask/uncertainty` take them. */
  readonly passes: Float32Array;
  /** rows x the numbers of a row: what the model says without noise. */
  readonly plain: Float32Array;
  /** Shape of a row's answer. */
  readonly dims: readonly number[];
  /** Sentences about what will not do what one may expect. */
  readonly warnings: readonly string[];
}

export type TfClassPrediction = Told & ClassStatistics & { readonly kind: "classes" };
export type TfLabelPrediction = Told & LabelStatistics & { readonly kind: "labels" };
export type TfValuePrediction = Told & ValueStatistics & { readonly kind: "values" };
export type TfPositionPrediction = Told & {
  readonly kind: "positions";
  readonly rows: number;
  /** One entry a row. */
  readonly maps: readonly PositionStatistics[];
};

export type TfPrediction = TfClassPrediction | TfLabelPrediction | TfValuePrediction | TfPositionPrediction;

const WHERE = "monteCarlo";

/**
 * Predicts rows many times over, each time with other masks, with any model of layers that has noise layers: ours, or
 * TensorFlow.js's `dropout`, `spatialDropout1d`, `gaussianDropout`, `gaussianNoise` and `alphaDropout`. Everything else
 * is in inference, batch normalisation too. The model stays as it is.
 *
 * Shapes. `x` is what `model.predict` takes: a tensor, or one for each input, rows first.
 * Randomness. Layer `name` in pass s draws row i under `sampleKey(passKey(siteKey(key, name), s), i)`, with consistent
 *   masks every row as row 0 does: nothing depends on `batchSize`. Layers whose draws the batch shares (nodes and
 *   edges of a graph, layers of a stack, noise shapes of 1 on axis 0) draw once for each batch, all batches alike.
 * Numerics. The statistics are those of `classStatistics` and its kin.
 * Cost. As many predictions as passes, one more without noise, and drawing the masks.
 *
 * @throws {TypeError | RangeError} If an option is out of range, `x` does not fit, or there is no noise layer in the
 *   model.
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { key } from "hadamask";
 * import { monteCarlo } from "hadamask/tfjs";
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({ units: 16, activation: "relu", inputShape: [4] }),
 *     tf.layers.dropout({ rate: 0.5 }),
 *     tf.layers.dense({ units: 3, activation: "softmax" }),
 *   ],
 * });
 * const found = await monteCarlo(model, tf.ones([2, 4]), { samples: 50, key: key(1) });
 * if (found.kind === "classes") console.log(found.mean.length, found.mutualInformation[0]! > 0); // 6 true
 * ```
 * @see Gal, Ghahramani, "Dropout as a Bayesian approximation", ICML 2016.
 */
export async function monteCarlo(
  model: tf.LayersModel,
  x: tf.Tensor | readonly tf.Tensor[],
  options: TfMonteCarloOptions = {},
): Promise<TfPrediction> {
  if (!(model instanceof tf.LayersModel)) throw typeError(WHERE, "model", "a model of TensorFlow.js layers", model);
  const samples = checkCount(WHERE, "samples", options.samples ?? 100);
  if (samples < 2) throw rangeError(WHERE, "samples", "at least 2", samples);
  const batchSize = checkCount(WHERE, "batchSize", options.batchSize ?? 32);
  const key = options.key === undefined ? randomKey() : checkKey(WHERE, options.key);
  const { masks = "consistent", output = 0, signal } = options;
  if (masks !== "consistent" && masks !== "independent")
    throw rangeError(WHERE, "masks", '"consistent" or "independent"', masks);
  if (!(Number.isInteger(output) && output >= 0 && output < model.outputs.length))
    throw rangeError(WHERE, "output", `a number of an output, below ${model.outputs.length}`, output);
  const kind = kindOf(model, output, options.kind ?? "auto");
  const inputs = Array.isArray(x) ? (x as tf.Tensor[]) : [x as tf.Tensor];
  const rows = checkRows(inputs, model.inputs.length);
  const { layers, inside } = noiseLayersIn(model);
  if (layers.length === 0)
    throw new TypeError(`${WHERE}: the model must have a noise layer, got none${insideText(inside)}`);
  const sites = layers.map((found) => ({ ...found, key: siteKey(key, found.name) }));
  const run = async (pass: number | undefined, first: number): Promise<{ data: Float32Array; dims: number[] }> => {
    const count = Math.min(batchSize, rows - first);
    const ids = Float64Array.from({ length: count }, (_, i) => (masks === "consistent" ? 0 : first + i));
    const answer = tf.tidy(() => {
      const some = inputs.map((t) => t.slice([first, ...t.shape.slice(1).map(() => 0)], [count, ...t.shape.slice(1)]));
      // Nothing is awaited in between: nobody else meets the layers in this state.
      const found = sampling(sites, pass, ids, () => model.predictOnBatch(some.length === 1 ? some[0]! : some));
      return Array.isArray(found) ? found[output]! : found;
    });
    const data = Float32Array.from(await answer.data());
    const dims = answer.shape.slice(1);
    answer.dispose();
    return { data, dims };
  };
  let dims: readonly number[] = [];
  const plain: Float32Array[] = [];
  for (let first = 0; first < rows; first += batchSize) {
    const found = await run(undefined, first);
    plain.push(found.data);
    dims = found.dims;
  }
  const size = sizeOf(dims);
  const passes = new Float32Array(rows * samples * size);
  for (let pass = 0; pass < samples; pass++) {
    for (let first = 0; first < rows; first += batchSize) {
      signal?.throwIfAborted();
      const { data } = await run(pass, first);
      for (let r = 0; r * size < data.length; r++)
        passes.set(data.subarray(r * size, (r + 1) * size), ((first + r) * samples + pass) * size);
    }
  }
  const warnings =
    inside.length === 0 ? [] : [`Passes do not draw what is inside of other layers${insideText(inside)}.`];
  const told: Told = { key, passes, plain: joined(plain, rows * size), dims, warnings };
  return statisticsOf(kind, told, rows, size);
}

const insideText = (inside: readonly string[]): string =>
  inside.length === 0 ? "" : `; dropout inside ${inside.join(", ")} draws in training only`;

/** Runs `make` with the noise of a pass in all layers, or with none. */
function sampling<T>(
  sites: readonly (FoundLayer & { readonly key: Key })[],
  pass: number | undefined,
  ids: Float64Array,
  make: () => T,
): T {
  for (const { layer, noise, key } of sites) {
    noise.sampling = pass === undefined ? "off" : { key, pass, ids };
    // TensorFlow.js's own layers: ours stands in for the time of the call
    if (layer !== (noise as tf.layers.Layer)) layer.call = (inputs, kwargs) => noise.call(inputs, kwargs as never);
  }
  try {
    return make();
  } finally {
    for (const { layer, noise } of sites) {
      noise.sampling = undefined;
      if (layer !== (noise as tf.layers.Layer)) delete (layer as Partial<tf.layers.Layer>).call;
    }
  }
}

function checkRows(inputs: readonly tf.Tensor[], wanted: number): number {
  if (inputs.length !== wanted) throw rangeError(WHERE, "x", `${wanted} tensors, one for each input`, inputs);
  const rows = inputs[0]?.shape[0];
  const odd = inputs.find((t) => !(t instanceof tf.Tensor) || t.shape.length === 0 || t.shape[0] !== rows);
  if (odd !== undefined || rows === undefined || rows === 0)
    throw new TypeError(`${WHERE}: x must be tensors of as many rows each, at least one`);
  return rows;
}

/** What the last activation says. */
function kindOf(model: tf.LayersModel, output: number, asked: TfAnswerKind | "auto"): TfAnswerKind {
  if (asked !== "auto") {
    if (!["classes", "labels", "positions", "values"].includes(asked))
      throw rangeError(WHERE, "kind", '"auto", "classes", "labels", "positions" or "values"', asked);
    return asked;
  }
  const { shape } = model.outputs[output]!;
  const activation = activationOf(model, output);
  const isRow = shape.length === 2;
  if (activation === "softmax") return isRow ? "classes" : "positions";
  if (activation !== "sigmoid") return "values";
  if (!isRow) return shape.at(-1) === 1 ? "positions" : "labels";
  return shape[1] === 1 ? "classes" : "labels";
}

function activationOf(model: tf.LayersModel, output: number): string | undefined {
  const layer = model.outputs[output]!.sourceLayer as tf.layers.Layer & { layers?: unknown };
  if (layer instanceof tf.LayersModel) return activationOf(layer, 0);
  if (layer.getClassName() === "Softmax") return "softmax";
  const { activation } = layer.getConfig() as { readonly activation?: unknown };
  return typeof activation === "string" ? activation : undefined;
}

function joined(parts: readonly Float32Array[], length: number): Float32Array {
  const all = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function statisticsOf(kind: TfAnswerKind, told: Told, rows: number, size: number): TfPrediction {
  const { passes, dims } = told;
  if (kind === "classes") return { kind, ...told, ...classStatistics(passes, { rows, classes: size }) };
  if (kind === "labels") return { kind, ...told, ...labelStatistics(passes, { rows, labels: size }) };
  if (kind === "values") return { kind, ...told, ...valueStatistics(passes, { rows, values: size }) };
  const classes = dims.at(-1) ?? 1;
  const maps = positionStatistics(passes, { rows, positions: size / classes, classes, classAxis: "last" });
  return { kind, ...told, rows, maps };
}
