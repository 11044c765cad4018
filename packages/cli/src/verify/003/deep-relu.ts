// Deep random ReLU networks with dropout before every layer: how far their mean activations are from the
// deterministic ones.

import { dropout, foldIn, key, normal } from "hadamask";
import { meanOf, varianceOf } from "../statistics.js";
import { norm } from "../vectors.js";

export interface DeepRelu {
  readonly depths: readonly number[];
  readonly keep: number;
  readonly width: number;
  readonly nets: number;
  /** Stochastic passes through each network. */
  readonly passes: number;
  readonly seed: number;
}

/** One entry a depth; means over the networks, and the standard errors of those means. */
export interface DeepReluResult {
  /** Mean hidden activation over the deterministic one. */
  readonly growth: readonly number[];
  readonly growthError: readonly number[];
  /** |mean of the passes - deterministic pass| / |deterministic pass|, over the units of the layer. */
  readonly gap: readonly number[];
  readonly gapError: readonly number[];
}

/**
 * Draws networks with weights N(0, 2 / width) (He et al. 2015) and a standard normal input each, and runs `passes`
 * passes with inverted dropout before every layer.
 */
export function deepRelu(request: DeepRelu): DeepReluResult {
  const perNet = Array.from({ length: request.nets }, (_, net) => oneNet(request, net));
  const column = (measure: "growth" | "gap", d: number) => perNet.map((result) => result[measure][d]!);
  const means = (measure: "growth" | "gap") => request.depths.map((_, d) => meanOf(column(measure, d)));
  const errors = (measure: "growth" | "gap") =>
    request.depths.map((_, d) => Math.sqrt(varianceOf(column(measure, d)) / (request.nets - 1)));
  return { growth: means("growth"), growthError: errors("growth"), gap: means("gap"), gapError: errors("gap") };
}

function oneNet({ depths, keep, width, passes, seed }: DeepRelu, net: number): { growth: number[]; gap: number[] } {
  const root = foldIn(key(seed), net);
  const input = normal(width, { key: foldIn(root, 0) });
  let clean: Float64Array = input;
  let noisy: Float64Array = new Float64Array(passes * width);
  for (let s = 0; s < passes; s++) noisy.set(input, s * width);
  const growth: number[] = [];
  const gap: number[] = [];
  for (let layer = 1; layer <= Math.max(...depths); layer++) {
    const weights = normal(width * width, { key: foldIn(root, 2 * layer) }).map((z) => z * Math.sqrt(2 / width));
    clean = reluOf(clean, weights, width);
    noisy = reluOf(dropout(noisy, { keep, key: foldIn(root, 2 * layer + 1) }), weights, width);
    if (!depths.includes(layer)) continue;
    const mean = meanOfRows(noisy, width);
    growth.push(meanOf(mean) / meanOf(clean));
    gap.push(norm(mean.map((m, i) => m - clean[i]!)) / norm(clean));
  }
  return { growth, gap };
}

/** ReLU(W h) for each row h of a batch. */
function reluOf(batch: Float64Array, weights: Float64Array, width: number): Float64Array {
  const out = new Float64Array(batch.length);
  for (let start = 0; start < batch.length; start += width) {
    for (let i = 0; i < width; i++) {
      let sum = 0;
      for (let j = 0; j < width; j++) sum += weights[i * width + j]! * batch[start + j]!;
      out[start + i] = Math.max(0, sum);
    }
  }
  return out;
}

function meanOfRows(batch: Float64Array, width: number): Float64Array {
  const mean = new Float64Array(width);
  for (let i = 0; i < batch.length; i++) mean[i % width]! += batch[i]!;
  return mean.map((total) => (total * width) / batch.length);
}
