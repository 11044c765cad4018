// What a model takes as a picture, by the shape of its input: channels, sizes and the order of the axes. Knows no file.

import { UsageError } from "@hadamask/experiments/settings";
import type { InputInfo } from "@hadamask/onnx";
import type { PictureTarget } from "../data/pictures/settings.js";
import type { LoadedModel } from "./model.js";
import type { UncertaintyRequest } from "./request.js";

type Size = number | string;

const known = (size: Size | undefined): number | undefined => (typeof size === "number" ? size : undefined);

/** Channels that a picture can be made to have. */
const isChannels = (size: Size | undefined): boolean => size === 1 || size === 3;

/**
 * @param shape Of one row; undefined where the file does not say.
 * @throws {UsageError} If it is not a picture in grey or three colours, or an option does not fit.
 */
export function pictureTarget(
  { path, notes }: Pick<LoadedModel, "path" | "notes">,
  { name, type }: InputInfo,
  shape: readonly Size[] | undefined,
  { layout, size, crop, mean, std }: UncertaintyRequest,
): PictureTarget {
  const isBytes = !type.startsWith("float") && !type.startsWith("bfloat");
  const found = orderOf(shape, layout, crop ?? (typeof size === "object" ? size : notes.image));
  if (found === undefined)
    throw new UsageError(
      `uncertainty: the data are a folder of pictures, but input ${name} of ${path} takes rows of shape ` +
        `[${shape!.join(",")}], where no axis has one or three channels` +
        `${shape!.length === 1 ? "; say the size with --size 28x28" : ""}`,
    );
  for (const [option, values] of Object.entries({ mean, std })) {
    if (values === undefined) continue;
    if (values.length !== 1 && values.length !== found.channels)
      throw new UsageError(
        `uncertainty: --${option} must have one number or ${found.channels}, one for each channel, got ` +
          `${values.length}`,
      );
    if (isBytes)
      throw new UsageError(`uncertainty: --${option} goes with inputs of floats, and ${name} of ${path} is ${type}`);
  }
  return { ...found, isBytes };
}

function orderOf(
  shape: readonly Size[] | undefined,
  layout: UncertaintyRequest["layout"],
  size: { readonly height: number; readonly width: number } | undefined,
): Omit<PictureTarget, "isBytes"> | undefined {
  if (shape === undefined) {
    return { channels: 3, height: undefined, width: undefined, order: layout === "nhwc" ? "hwc" : "chw" };
  }
  if (shape.length === 1) {
    const channels = size === undefined ? 0 : Number(shape[0]) / (size.height * size.width);
    return channels === 1 || channels === 3 ? { channels, ...size!, order: "flat" } : undefined;
  }
  if (shape.length === 2) {
    return { channels: 1, height: known(shape[0]), width: known(shape[1]), order: "hw" };
  }
  if (shape.length !== 3) return undefined;
  const [first, , last] = shape;
  const isLast = layout === undefined ? isChannels(last) && !isChannels(first) : layout === "nhwc";
  const channels = isLast ? last : first;
  if (typeof channels === "number" && !isChannels(channels)) return undefined;
  const [height, width] = isLast ? [shape[0], shape[1]] : [shape[1], shape[2]];
  return {
    channels: channels === 1 ? 1 : 3,
    height: known(height),
    width: known(width),
    order: isLast ? "hwc" : "chw",
  };
}
