// PyTorch's dropout layers, output and all, on any of its streams. Knows no generator.

import { checkIndex, checkLength, checkRates, outputFor, rangeError, sizeOf } from "../check.js";
import { applyArithmetic } from "../noise/arithmetic.js";
import { bitAt } from "../placement/mask-bits.js";
import type { Dtype, MaskRequest, MaskStream } from "../random/source.js";
import type { FloatArray, PackedMask, RateOption } from "../types.js";
import { packDecisions, rounder } from "./stream.js";

/** SELU's scale times its alpha: minus the value that SELU tends to (aten/src/ATen/native/Dropout.cpp). */
const ALPHA = 1.7580993408473766;

/** `out` takes the result and may be the input. */
export type LayerOptions = RateOption & { readonly out?: FloatArray };

export type FeatureOptions = LayerOptions & { readonly shape: readonly number[] };

/**
 * The layers that decide once for all elements of a channel, and the ranks of input that each takes without a batch
 * axis.
 */
const UNBATCHED_RANK = { dropout1d: 2, dropout2d: undefined, dropout3d: 4, featureAlphaDropout: undefined } as const;
const BATCHED_RANK = { dropout1d: [3], dropout2d: [3, 4], dropout3d: [5], featureAlphaDropout: undefined } as const;

export type FeatureLayer = keyof typeof UNBATCHED_RANK;

export const dtypeOf = (x: FloatArray): Dtype => (x instanceof Float32Array ? "float32" : "float64");

/** `F.dropout(x, rate)` in training. */
export function dropout(stream: MaskStream, x: FloatArray, options: LayerOptions): FloatArray {
  const out = outputFor("torch.dropout", x, options.out);
  const request = requestFor(x, options, false);
  applyArithmetic(x, out, stream.keepMask(x.length, request), stream.arithmetic(request)!);
  return out;
}

/** `F.dropout1d`, `2d`, `3d`: one decision for each of the channels of each sample. */
export function featureDropout(
  stream: MaskStream,
  layer: FeatureLayer,
  x: FloatArray,
  options: FeatureOptions,
): FloatArray {
  const out = outputFor(`torch.${layer}`, x, options.out);
  const request = requestFor(x, options, true);
  const mask = featureMask(stream, layer, x, options);
  applyArithmetic(x, out, mask, stream.arithmetic(request)!);
  return out;
}

/**
 * `F.alpha_dropout`, or `F.feature_alpha_dropout` where a shape is given: dropped elements become SELU's negative
 * limit, then all are scaled and shifted to keep mean and variance. Operation by operation as PyTorch, each rounded:
 *
 *     a = 1 / sqrt((alpha^2 rate + 1)(1 - rate))     b = (m - 1) alpha a + alpha a rate     y = x (m a) + b
 */
export function alphaDropout(
  stream: MaskStream,
  x: FloatArray,
  options: LayerOptions & { readonly shape?: readonly number[] },
): FloatArray {
  const { shape } = options;
  const where = shape === undefined ? "torch.alphaDropout" : "torch.featureAlphaDropout";
  const { rate } = checkRates(where, options);
  const out = outputFor(where, x, options.out);
  if (rate === 0 || rate === 1 || x.length === 0) {
    for (let i = 0; i < x.length; i++) out[i] = rate === 0 ? x[i]! : x[i]! * 0;
    return out;
  }
  const mask =
    shape === undefined
      ? stream.keepMask(x.length, requestFor(x, options, true))
      : featureMask(stream, "featureAlphaDropout", x, { ...options, shape });
  const round = rounder(dtypeOf(x));
  const a = 1 / Math.sqrt((ALPHA * ALPHA * rate + 1) * (1 - rate));
  for (let i = 0; i < x.length; i++) {
    const m = bitAt(mask, i);
    const b = round(round((m - 1) * round(ALPHA * a)) + round(ALPHA * a * rate));
    out[i] = round(x[i]! * (m * round(a))) + b;
  }
  return out;
}

/** The decisions of channels, drawn in the order (sample, channel), repeated for every element of the channel. */
function featureMask(stream: MaskStream, layer: FeatureLayer, x: FloatArray, options: FeatureOptions): PackedMask {
  const groups = countGroups(layer, x, options.shape);
  const mask = stream.keepMask(groups, requestFor(x, options, true));
  const size = x.length / groups;
  return packDecisions(x.length, (i) => {
    const group = Math.floor(i / size);
    return bitAt(mask, group) === 1;
  });
}

/**
 * How many decisions an input takes. `Dropout1d` and `Dropout3d` take an input of one rank less for a single sample;
 * `Dropout2d` does not, and decides by the first two axes of a 3-D input too.
 */
function countGroups(layer: FeatureLayer, x: FloatArray, shape: readonly number[]): number {
  const where = `torch.${layer}`;
  let n = 1;
  for (const [axis, size] of shape.entries()) n *= checkIndex(where, `shape[${axis}]`, size);
  checkLength(where, "x", x.length, n, `for shape [${shape}]`);
  if (shape.length === UNBATCHED_RANK[layer]) return shape[0]!;
  const ranks: readonly number[] | undefined = BATCHED_RANK[layer];
  if (ranks === undefined ? shape.length < 2 : !ranks.includes(shape.length)) {
    const unbatched = UNBATCHED_RANK[layer];
    const all =
      ranks === undefined ? "at least 2" : [...(unbatched === undefined ? [] : [unbatched]), ...ranks].join(" or ");
    throw rangeError(where, "shape", `of ${all} axes`, shape.length);
  }
  return shape[0]! * shape[1]!;
}

/**
 * Reorders a mask that was drawn for an [N, C, …] input stored channels last, from memory order to C order of [N, C,
 * …]. PyTorch 2.5 and later draws noise in the memory order of its input; earlier releases drew it in C order.
 */
export function fromChannelsLast(mask: PackedMask, shape: readonly number[]): PackedMask {
  const [samples = 1, channels = 1] = shape;
  const rest = sizeOf(shape.slice(2));
  return packDecisions(samples * channels * rest, (i) => {
    const sample = Math.floor(i / (channels * rest));
    const channel = Math.floor(i / rest) % channels;
    const from = (sample * rest + (i % rest)) * channels + channel;
    return bitAt(mask, from) === 1;
  });
}

function requestFor(x: FloatArray, options: RateOption, shared: boolean): MaskRequest {
  const { rate } = checkRates("torch", options);
  return { rate, dtype: dtypeOf(x), shared };
}
