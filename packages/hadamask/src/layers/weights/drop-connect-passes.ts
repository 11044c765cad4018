// The arithmetic of DropConnect: products with all weights, with masked ones, and both back. Knows no options and no
// state.

import {
  addColumnSums,
  addDrawnGradients,
  addDrawnProducts,
  addGradients,
  addMaskedGradients,
  addMaskedProduct,
  addProduct,
} from "../../kernels/dense.js";
import { bitAt } from "../../placement/mask-bits.js";
import type { FloatArray, Key, PackedMask, Scaling } from "../../types.js";
import { drawnMasks, forEachWeightMask, type MaskSource } from "./weight-masks.js";

/** What there is to know of a DropConnect layer for its passes and its prediction. */
export interface DroppedWeights {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: FloatArray;
  readonly bias: FloatArray | undefined;
  readonly dropBias: boolean;
  readonly keep: number;
  readonly scaling: Scaling;
  readonly key: Key | undefined;
}

/** Gradients of weights [inputs, outputs], bias [outputs] and input [rows, inputs], added to. */
export interface DenseGradients {
  readonly weights: Float64Array;
  readonly bias: Float64Array;
  readonly input: Float64Array;
}

/** What kept weights are multiplied by; at keep 0 nothing is kept, and infinity must not meet the empty sum. */
const trainScale = ({ scaling, keep }: DroppedWeights): number => (scaling === "classic" || keep === 0 ? 1 : 1 / keep);

/** What all weights are multiplied by in mode "eval". */
const evalScale = ({ scaling, keep }: DroppedWeights): number => (scaling === "classic" ? keep : 1);

/** Writes the pre-activations of mode "eval" to `to`. */
export function evaluateWeights(layer: DroppedWeights, x: FloatArray, to: FloatArray): void {
  const { inputs, outputs, weights, bias, dropBias } = layer;
  const scale = evalScale(layer);
  const sums = new Float64Array(to.length);
  addProduct(sums, x, weights, inputs, outputs);
  const biasScale = dropBias ? scale : 1;
  for (let o = 0; o < to.length; o++) to[o] = sums[o]! * scale + (bias?.[o % outputs] ?? 0) * biasScale;
}

/** Writes the pre-activations under `masks` to `to`. */
export function forwardMasked(layer: DroppedWeights, x: FloatArray, masks: MaskSource, to: FloatArray): void {
  const { inputs, outputs, weights, bias } = layer;
  const scale = trainScale(layer);
  const sums = new Float64Array(to.length);
  const drawn = drawnMasks(masks);
  if (drawn !== undefined) addDrawnProducts(sums, { x, weights, inputs, outputs, ...drawn });
  else {
    forEachWeightMask(masks, (mask, s) => {
      addMaskedProduct(rowOf(sums, s, outputs), rowOf(x, s, inputs), weights, mask, outputs);
    });
  }
  if (!layer.dropBias) {
    for (let o = 0; o < to.length; o++) to[o] = sums[o]! * scale + (bias?.[o % outputs] ?? 0);
    return;
  }
  forEachBiasMask(layer, masks, (mask, s) => {
    for (let j = 0, o = s * outputs; j < outputs; j++, o++) {
      to[o] = sums[o]! * scale + (isKept(mask, j) ? bias![j]! * scale : 0);
    }
  });
}

/** Back through {@link evaluateWeights}. */
export function backwardEvaluated(layer: DroppedWeights, x: FloatArray, dy: FloatArray, to: DenseGradients): void {
  const { inputs, outputs, weights, dropBias } = layer;
  const scale = evalScale(layer);
  addGradients(to.weights, to.input, x, dy, weights, inputs, outputs);
  addColumnSums(to.bias, dy, outputs);
  multiplyBy(to.weights, scale);
  multiplyBy(to.input, scale);
  if (dropBias) multiplyBy(to.bias, scale);
}

/** Back through {@link forwardMasked}, with the same masks. */
export function backwardMasked(
  layer: DroppedWeights,
  x: FloatArray,
  masks: MaskSource,
  dy: FloatArray,
  to: DenseGradients,
): void {
  const { inputs, outputs, weights } = layer;
  const scale = trainScale(layer);
  const drawn = drawnMasks(masks);
  if (drawn !== undefined) addDrawnGradients(to.weights, to.input, dy, { x, weights, inputs, outputs, ...drawn });
  else {
    forEachWeightMask(masks, (mask, s) => {
      const dx = rowOf(to.input, s, inputs);
      addMaskedGradients(to.weights, dx, rowOf(x, s, inputs), rowOf(dy, s, outputs), weights, mask);
    });
  }
  multiplyBy(to.weights, scale);
  multiplyBy(to.input, scale);
  if (!layer.dropBias) {
    addColumnSums(to.bias, dy, outputs);
    return;
  }
  forEachBiasMask(layer, masks, (mask, s) => {
    for (let j = 0; j < outputs; j++) if (isKept(mask, j)) to.bias[j]! += dy[s * outputs + j]!;
  });
  multiplyBy(to.bias, scale);
}

/** Calls `visit` with the decisions on the bias in each row's mask, which come after those on the weights. */
function forEachBiasMask(
  { weights, outputs }: DroppedWeights,
  masks: MaskSource,
  visit: (mask: PackedMask, row: number) => void,
): void {
  forEachWeightMask(masks, visit, weights.length, outputs);
}

/** Row s of an array of rows of n elements. */
const rowOf = <A extends FloatArray>(array: A, s: number, n: number): A => array.subarray(s * n, (s + 1) * n) as A;

const isKept = (mask: PackedMask, j: number): boolean => bitAt(mask, j) === 1;

function multiplyBy(values: Float64Array, factor: number): void {
  if (factor !== 1) for (let i = 0; i < values.length; i++) values[i]! *= factor;
}
