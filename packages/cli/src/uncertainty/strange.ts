// Rows that are not like the data, to see whether the model knows that it does not know them.

import { UsageError } from "@hadamask/experiments/settings";
import { foldIn, type Key, uniform } from "hadamask";
import type { RowData } from "../data/row-source.js";
import type { ModelRows } from "./model-rows.js";
import type { ImageShape } from "./request.js";

/** Values of all rows, under a name. */
export interface StrangeSet {
  readonly name: string;
  readonly values: Float32Array;
}

/** What is known of the data. */
export interface StrangeContext {
  readonly image: ImageShape | undefined;
  readonly channels: "first" | "last";
  readonly from: Key;
  /** Reads a file of the same kind as the data. */
  readonly read: (path: string) => RowData;
}

/** What is made without being asked for, where rows are pictures. */
export const USUAL = ["rotated", "noise"] as const;

/**
 * Makes or reads the rows.
 *
 * @throws {UsageError} If something cannot be made of rows like these.
 */
export function strangeRows(
  what: string,
  rows: ModelRows,
  { image, channels, from, read }: StrangeContext,
): StrangeSet {
  if (what === "noise") return { name: "noise", values: noise(rows, from) };
  if (what === "rotated") {
    if (image === undefined)
      throw new UsageError("uncertainty: --strange rotated goes with pictures; say their size with --image 28x28");
    const turn = image.height === image.width ? "rotated by 90°" : "rotated by 180°";
    return { name: turn, values: rotated(rows, image, channels) };
  }
  const { values, dims } = read(what);
  const size = rows.values.length / rows.rows;
  if (values.length / dims[0]! !== size) {
    throw new UsageError(
      `uncertainty: --strange ${what} must have ${size} values a row like the data, got ${values.length / dims[0]!}`,
    );
  }
  return { name: what, values: Float32Array.from(values) };
}

/** Each value is taken from the same place of a row drawn at random: every pixel is plausible, no picture is. */
function noise({ rows, values }: ModelRows, from: Key): Float32Array {
  const size = values.length / rows;
  const draws = uniform(values.length, { key: foldIn(from, 1) });
  return Float32Array.from(draws, (u, i) => values[Math.floor(u * rows) * size + (i % size)]!);
}

/**
 * Every picture turned a quarter to the left; others than squares by a half. Its channels are pictures one after the
 * other, or numbers of a pixel.
 */
function rotated(
  { rows, values }: ModelRows,
  { height, width }: ImageShape,
  channels: StrangeContext["channels"],
): Float32Array {
  const size = values.length / rows;
  const area = height * width;
  const isSquare = height === width;
  // numbers that lie together and move together
  const unit = channels === "last" ? size / area : 1;
  return Float32Array.from({ length: values.length }, (_, i) => {
    const inPicture = Math.floor((i % size) / unit) % area;
    const [y, x] = [Math.floor(inPicture / width), inPicture % width];
    const source = isSquare ? x * width + (width - 1 - y) : area - 1 - inPicture;
    return values[i + (source - inPicture) * unit]!;
  });
}
