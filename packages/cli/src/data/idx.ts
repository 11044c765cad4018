// IDX, the file format of MNIST and its relatives: a header of big-endian sizes, then unsigned bytes.

import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Table } from "@hadamask/experiments/settings";
import { named, reasonOf } from "../files/reasons.js";
import { DataError } from "./data-error.js";
import type { ArrayLayout } from "./npy.js";
import { readBytes } from "./read.js";
import { sizeOf } from "./size.js";

/** An array of unsigned bytes with its shape. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/** Pictures have three, and nothing that is kept in this format has more than a few. */
const MOST_AXES = 8;

/**
 * Reads the header of an IDX file of unsigned bytes.
 *
 * @param head The beginning of the file, with the whole header in it.
 * @param size Bytes of the whole file.
 * @throws {DataError} If the header is not one, or the values do not fill the shape exactly.
 * @see LeCun, Cortes, Burges: "The MNIST database of handwritten digits", section "File formats".
 */
export function idxLayout(path: string, head: Uint8Array, size: number): ArrayLayout {
  const fail = (byte: number, what: string): never => {
    throw new DataError(`${path}: byte ${byte}: ${what}`);
  };
  const hex = (from: number, to: number) => Buffer.from(head.subarray(from, to)).toString("hex") || "the end";
  if (!(head.length >= 4 && head[0] === 0 && head[1] === 0)) fail(0, `an IDX file begins with 0000, got ${hex(0, 2)}`);
  if (head[2] !== 0x08) fail(2, `the element type must be 08 (unsigned byte), got ${hex(2, 3)}`);
  const axes = head[3]!;
  const start = 4 + 4 * axes;
  if (axes > MOST_AXES) fail(3, `there must be at most ${MOST_AXES} sizes, got ${axes}`);
  if (axes === 0 || head.length < start)
    fail(3, `the header needs ${start} bytes for ${axes} sizes, got ${head.length}`);

  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = sizeOf(shape);
  const found = size - start;
  if (found !== expected) fail(start, `${shape.join(" × ")} values need ${expected} bytes, got ${found}`);
  return { shape, start, itemSize: 1, read: (bytes) => bytes };
}

/** Reads an IDX file, compressed or not. @throws {DataError} As {@link idxLayout}. */
export function readIdx(path: string, bytes = readBytes(path)): IdxArray {
  const { shape, start } = idxLayout(path, bytes, bytes.length);
  return { shape, values: bytes.subarray(start) };
}

/** Training and test tables of a folder, and the size of one picture. */
export interface IdxFolder {
  readonly train: Table;
  readonly test: Table;
  readonly image: { readonly height: number; readonly width: number };
}

/** More make no picture for these networks. */
const MOST_PIXELS = 2 ** 24;

/** The names under which MNIST's relatives keep their four files, with `-` or `.` before "idx", compressed or not. */
const FILES = {
  train: { images: /^train-images[-.]idx3-ubyte(\.gz)?$/, labels: /^train-labels[-.]idx1-ubyte(\.gz)?$/ },
  test: { images: /^(t10k|test)-images[-.]idx3-ubyte(\.gz)?$/, labels: /^(t10k|test)-labels[-.]idx1-ubyte(\.gz)?$/ },
} as const;

/** Whether a folder has at least one file named as one of the four. */
export const isIdxFolder = (folder: string): boolean =>
  namesIn(folder).some((name) =>
    Object.values(FILES).some(({ images, labels }) => images.test(name) || labels.test(name)),
  );

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new DataError(`cannot read ${named(folder)}: ${reasonOf(error)}`, { cause: error });
  }
}

/** @throws {DataError} If one of the four files is missing or broken, or they do not fit each other. */
export function readIdxFolder(folder: string): IdxFolder {
  const names = namesIn(folder).sort();
  const [train, test] = [readPart(folder, names, "train"), readPart(folder, names, "test")];
  const [height, width] = train.shape;
  const size = height! * width!;
  if (size === 0 || size > MOST_PIXELS)
    throw new DataError(`${train.images}: pictures must have 1 to ${MOST_PIXELS} pixels, got ${height} × ${width}`);
  for (const { images, table } of [train, test]) {
    if (table.rows === 0) throw new DataError(`${images}: has no pictures in it`);
  }
  if (train.table.labels.every((label) => label === train.table.labels[0]))
    throw new DataError(`${train.labels}: has one class only, ${train.table.labels[0]}`);
  if (test.shape[0] !== height || test.shape[1] !== width) {
    throw new DataError(
      `${folder}: training pictures are ${height} × ${width}, test pictures ${test.shape.join(" × ")}`,
    );
  }
  return { train: train.table, test: test.table, image: { height: height!, width: width! } };
}

function readPart(folder: string, names: readonly string[], part: keyof typeof FILES) {
  const pathOf = (kind: "images" | "labels", example: string): string => {
    const [name, ...others] = names.filter((candidate) => FILES[part][kind].test(candidate));
    if (name === undefined) throw new DataError(`${folder}: there is no ${example} (nor ${example}.gz) in it`);
    const odd = others.find((other) => !isSameContent(join(folder, name), join(folder, other)));
    if (odd !== undefined)
      throw new DataError(`${folder}: has both ${name} and ${odd}, which differ; take one of them away`);
    return join(folder, name);
  };
  const prefix = part === "train" ? "train" : "t10k";
  const imagesPath = pathOf("images", `${prefix}-images-idx3-ubyte`);
  const labelsPath = pathOf("labels", `${prefix}-labels-idx1-ubyte`);
  const [images, labels] = [readIdx(imagesPath), readIdx(labelsPath)];
  expectAxes(imagesPath, images, 3);
  expectAxes(labelsPath, labels, 1);
  const rows = images.shape[0]!;
  if (labels.shape[0] !== rows) {
    throw new DataError(
      `${labelsPath}: has ${labels.shape[0]} labels for the ${rows} pictures of ${basename(imagesPath)}`,
    );
  }
  const table: Table = { rows, features: images.values, labels: Uint16Array.from(labels.values) };
  return { table, shape: images.shape.slice(1), images: imagesPath, labels: labelsPath };
}

/** Compressed or not. */
const isSameContent = (path: string, other: string): boolean => Buffer.from(readBytes(path)).equals(readBytes(other));

function expectAxes(path: string, { shape }: IdxArray, axes: number): void {
  if (shape.length !== axes)
    throw new DataError(`${path}: byte 3: must have ${axes === 1 ? "1 size" : `${axes} sizes`}, got ${shape.length}`);
}
