// What layers ask of the shape of a pass: that there is one, its rank, where its channels are. Knows no layer.

import { rangeError, shownShape, typeError } from "../../check.js";
import type { Shape } from "../../placement/shape.js";
import type { DataFormat } from "../channel-dropout.js";

/**
 * The shape of a pass, for layers that need one of a certain kind: `wanted` says which, `fits` whether a rank is
 * that.
 */
export function shapeOf(
  where: string,
  options: { readonly shape?: Shape | undefined } | undefined,
  wanted: string,
  fits: (rank: number) => boolean,
): Shape {
  const shape = options?.shape;
  if (shape === undefined) {
    throw new TypeError(`${where}: shape is missing; pass { shape }, the lengths of the axes of x, ${wanted}`);
  }
  if (!Array.isArray(shape)) throw typeError(where, "shape", "an array of lengths", shape);
  if (!fits(shape.length)) throw new RangeError(`${where}: shape must be ${wanted}, got ${shownShape(shape)}`);
  return shape;
}

export function checkDataFormat(where: string, value: unknown): DataFormat {
  if (value === "channels-first" || value === "channels-last") return value;
  throw rangeError(where, "dataFormat", '"channels-first" or "channels-last"', value);
}

/** The axes of space of an array of samples and channels: all but the first and that of the channels. */
export function spatialAxes(shape: Shape, dataFormat: DataFormat): number[] {
  const first = dataFormat === "channels-first" ? 2 : 1;
  return Array.from({ length: Math.max(0, shape.length - 2) }, (_, i) => first + i);
}
