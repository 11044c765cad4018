// How pictures become numbers: what a user says of size, cut and scaling, and what a model takes. Knows no file.

import { DataError } from "../data-error.js";
import type { Pixels } from "./decode.js";
import { centerCrop, inChannels, type PictureSize, resized, shortSide } from "./resize.js";

/** What is said of pictures. */
export interface PictureOptions {
  /** Resized to this, or so that the shorter side has this length. */
  readonly size?: PictureSize | number | undefined;
  /** The middle that is cut out afterwards. */
  readonly crop?: PictureSize | undefined;
  /** Of pixels in [0, 1], a number for each channel or one for all. */
  readonly mean?: readonly number[] | undefined;
  readonly std?: readonly number[] | undefined;
}

/** What a model takes as a picture. */
export interface PictureTarget {
  readonly channels: 1 | 3;
  /** Sizes that the model fixes. */
  readonly height: number | undefined;
  readonly width: number | undefined;
  /** Shape of one row: channels first or last, no axis of channels, or all numbers in one line. */
  readonly order: "chw" | "hwc" | "hw" | "flat";
  /** Whether it takes whole numbers from 0 to 255. */
  readonly isBytes: boolean;
}

/** From a picture to the numbers of a row. */
export interface PictureMaker {
  readonly options: PictureOptions;
  readonly target: PictureTarget;
  /** Values of the channels by the value of a byte. */
  readonly tables: readonly Float32Array[];
}

/**
 * (v / 255 - mean) / std, every step in float32, as torchvision's ToTensor and Normalize compute it.
 *
 * @throws {Error} Never: what is wrong with the options was said before.
 */
export function pictureMaker(options: PictureOptions, target: PictureTarget): PictureMaker {
  const { mean = [0], std = [1] } = options;
  const of = (values: readonly number[], c: number): number => Math.fround(values[c] ?? values[0]!);
  const isRaw = target.isBytes && options.mean === undefined && options.std === undefined;
  const tables = Array.from({ length: target.channels }, (_, c) =>
    Float32Array.from({ length: 256 }, (__, v) =>
      isRaw ? v : Math.fround(Math.fround(v / 255) - of(mean, c)) / of(std, c),
    ),
  );
  return { options, target, tables };
}

/** The shape of one row that has this size. */
export function rowShapeOf({ channels, order }: PictureTarget, { height, width }: PictureSize): readonly number[] {
  const shapes = {
    chw: [channels, height, width],
    hwc: [height, width, channels],
    hw: [height, width],
    flat: [channels * height * width],
  };
  return shapes[order];
}

/**
 * Colours, size and cut of a picture.
 *
 * @throws {DataError} If it is smaller than the cut, or has another size than the model takes.
 */
export function prepared(path: string, pixels: Pixels, { options, target }: PictureMaker): Pixels {
  const { size, crop } = options;
  const own = inChannels(pixels, target.channels);
  const wanted =
    typeof size === "number" ? shortSide(own, size) : (size ?? (crop === undefined ? fixedSize(target) : undefined));
  const sized = wanted === undefined ? own : resized(own, wanted);
  if (crop === undefined) return expectSize(path, sized, target);
  if (crop.height > sized.height || crop.width > sized.width) {
    const after = size === undefined ? "" : " after --size";
    throw new DataError(
      `${path}: must be at least as large as --crop ${crop.height}x${crop.width}, got ` +
        `${sized.height}x${sized.width}${after}`,
    );
  }
  return expectSize(path, centerCrop(sized, crop), target);
}

function fixedSize({ height, width }: PictureTarget): PictureSize | undefined {
  return height === undefined || width === undefined ? undefined : { height, width };
}

function expectSize(path: string, pixels: Pixels, target: PictureTarget): Pixels {
  const { height = pixels.height, width = pixels.width } = target;
  if (pixels.height === height && pixels.width === width) return pixels;
  throw new DataError(
    `${path}: must be ${height}x${width} as the model takes pictures, got ${pixels.height}x${pixels.width}; ` +
      `pass --crop ${height}x${width}, or --size ${height}x${width}`,
  );
}

/** Writes the numbers of a prepared picture to `out`, from `at` on, in the order of the model's axes. */
export function writeRow(
  { values, height, width, channels }: Pixels,
  maker: PictureMaker,
  out: Float32Array,
  at: number,
): void {
  const { order } = maker.target;
  const area = height * width;
  const isLast = order === "hwc";
  for (let c = 0; c < channels; c++) {
    const table = maker.tables[c]!;
    for (let i = 0; i < area; i++) {
      out[at + (isLast ? i * channels + c : c * area + i)] = table[values[i * channels + c]!]!;
    }
  }
}

/** What was done to the pictures, in words. */
export function pictureNote({ options, target }: PictureMaker, { height, width }: PictureSize): string {
  const { size, crop, mean, std } = options;
  const first =
    typeof size === "number"
      ? `shorter side resized to ${size}`
      : size !== undefined
        ? `resized to ${size.height}x${size.width}`
        : crop === undefined && fixedSize(target) !== undefined
          ? `resized to ${height}x${width}, as the model takes them`
          : "not resized";
  const cut = crop === undefined ? "" : `, the middle ${crop.height}x${crop.width} cut out`;
  const isPlain = mean === undefined && std === undefined;
  const scaled = isPlain
    ? target.isBytes
      ? "values 0 to 255"
      : "values v / 255, from 0 to 1; if training had others, say --mean and --std"
    : `values (v / 255 - mean) / std with mean ${(mean ?? [0]).join(",")} and std ${(std ?? [1]).join(",")}`;
  return `pictures: ${target.channels === 1 ? "grey" : "RGB"}, ${first}${cut}; ${scaled}`;
}
