// Which elements of a tensor share one draw, as TensorFlow.js and Keras say it: lengths of 1, and null for "as the
// input".

import { rangeError, typeError } from "../check.js";
import type { DataFormat } from "../layers/channel-dropout.js";

/** One length an axis: 1 where all elements share a draw, null or the input's length where each has its own. */
export type NoiseShape = readonly (number | null)[];

export type TfDataFormat = "channelsFirst" | "channelsLast";

/** The shape of the draws for an input of `shape`. */
export function drawShape(
  where: string,
  shape: readonly number[],
  noiseShape: NoiseShape | null | undefined,
): number[] {
  if (noiseShape === null || noiseShape === undefined) return [...shape];
  if (!Array.isArray(noiseShape)) throw typeError(where, "noiseShape", "an array of lengths", noiseShape);
  const fits =
    noiseShape.length === shape.length && noiseShape.every((n, axis) => n === null || n === 1 || n === shape[axis]);
  if (!fits) {
    const given = noiseShape.map((n) => String(n)).join(",");
    throw new RangeError(
      `${where}: noiseShape must have 1, null or the length of each axis of [${shape.join(",")}], got [${given}]`,
    );
  }
  return shape.map((length, axis) => (noiseShape[axis] === 1 ? 1 : length));
}

/** The axes along which all elements share a draw. */
export const sharedAxesOf = (noiseShape: NoiseShape | null | undefined): number[] =>
  (noiseShape ?? []).flatMap((length, axis) => (length === 1 ? [axis] : []));

/** One draw for each sample and channel. */
export function channelShape(shape: readonly number[], format: TfDataFormat): number[] {
  const channels = format === "channelsFirst" ? 1 : shape.length - 1;
  return shape.map((length, axis) => (axis === 0 || axis === channels ? length : 1));
}

/** Accepts Keras's spelling too. */
export function checkTfDataFormat(where: string, value: unknown): TfDataFormat {
  if (value === undefined || value === null || value === "channelsLast" || value === "channels_last")
    return "channelsLast";
  if (value === "channelsFirst" || value === "channels_first") return "channelsFirst";
  throw rangeError(where, "dataFormat", '"channelsFirst" or "channelsLast"', value);
}

/** The library's spelling. */
export const ourFormat = (format: TfDataFormat): DataFormat =>
  format === "channelsFirst" ? "channels-first" : "channels-last";
