// The order of the axes of pictures: data that are height x width x channels for a model that takes channels first, and
// the other way round. Knows shapes and values, no file.

import { UsageError } from "@hadamask/experiments/settings";
import type { RowData, RowSource } from "../data/row-source.js";

export type Layout = "nchw" | "nhwc";

/** Sizes of one row; a name for those that are free. */
type Wanted = readonly (number | string)[] | undefined;

const fits = (wanted: Wanted, dims: readonly number[]): boolean =>
  wanted === undefined ||
  (wanted.length === dims.length && wanted.every((size, axis) => typeof size === "string" || size === dims[axis]));

const turnedDims = ([a, b, c]: readonly number[], from: Layout): readonly number[] =>
  from === "nhwc" ? [c!, a!, b!] : [b!, c!, a!];

/** The layout that data would have to be in to fit, if they do not fit as they are. */
export function fittingLayout(wanted: Wanted, dims: readonly number[]): Layout | undefined {
  if (dims.length !== 3 || wanted === undefined || fits(wanted, dims)) return undefined;
  return (["nhwc", "nchw"] as const).find((from) => fits(wanted, turnedDims(dims, from)));
}

/**
 * Rows with their axes in the order that the model takes. Where they fit both ways, the model is taken to want channels
 * first, as the convolutions of ONNX do.
 *
 * @param layout What the data are in; undefined: as the model takes them.
 * @throws {UsageError} If a row does not have three axes, or fits neither way.
 */
export function inLayout(source: RowSource, layout: Layout | undefined, wanted: Wanted): RowSource {
  if (layout === undefined) return source;
  const [rows, ...dims] = source.dims;
  if (dims.length !== 3)
    throw new UsageError(
      `uncertainty: --layout goes with rows of three axes, got ${dims.length} in ${source.path}, of shape ` +
        `[${source.dims.join(",")}]`,
    );
  const turned = turnedDims(dims, layout);
  const [asIs, asTurned] = [fits(wanted, dims), fits(wanted, turned)];
  if (!asIs && !asTurned)
    throw new UsageError(
      `uncertainty: --layout ${layout} must make rows of shape [${wanted!.join(",")}] of ${source.path}, got ` +
        `[${dims.join(",")}]`,
    );
  if (asIs && (!asTurned || layout === "nchw")) return source;
  return {
    ...source,
    dims: [rows!, ...turned],
    *batches(size) {
      for (const batch of source.batches(size)) yield turnedRows(batch, layout);
    },
  };
}

function turnedRows(batch: RowData, from: Layout): RowData {
  const [rows, ...dims] = batch.dims as readonly [number, number, number, number];
  // Channels lie closest together, or farthest apart: pixels and channels change places.
  const channels = from === "nhwc" ? dims[2] : dims[0];
  const size = dims[0] * dims[1] * dims[2];
  const pixels = size / channels;
  const [outer, inner] = from === "nhwc" ? [pixels, channels] : [channels, pixels];
  const values = new (batch.values.constructor as Float32ArrayConstructor)(batch.values.length);
  for (let row = 0; row < rows; row++) {
    const at = row * size;
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) values[at + i * outer + o] = batch.values[at + o * inner + i]!;
    }
  }
  return { ...batch, dims: [rows, ...turnedDims(dims, from)], values };
}
