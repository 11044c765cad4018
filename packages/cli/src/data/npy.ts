// NumPy's .npy format, versions 1 to 3: arrays of numbers in C order.

import { DataError } from "./data-error.js";
import { sizeOf } from "./size.js";

/** An array of numbers with its shape. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Uint8Array;
}

/** Whether a file begins as .npy files do. */
export const isNpy = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x93 && new TextDecoder().decode(bytes.subarray(1, 6)) === "NUMPY";

/**
 * Readers of one value by NumPy's name of the type, and its size in bytes. Integers of 64 bits become the nearest
 * number.
 */
const TYPES: Readonly<Record<string, readonly [number, (view: DataView, at: number, isLittle: boolean) => number]>> = {
  b1: [1, (view, at) => view.getUint8(at)],
  u1: [1, (view, at) => view.getUint8(at)],
  i1: [1, (view, at) => view.getInt8(at)],
  u2: [2, (view, at, isLittle) => view.getUint16(at, isLittle)],
  i2: [2, (view, at, isLittle) => view.getInt16(at, isLittle)],
  u4: [4, (view, at, isLittle) => view.getUint32(at, isLittle)],
  i4: [4, (view, at, isLittle) => view.getInt32(at, isLittle)],
  u8: [8, (view, at, isLittle) => Number(view.getBigUint64(at, isLittle))],
  i8: [8, (view, at, isLittle) => Number(view.getBigInt64(at, isLittle))],
  f4: [4, (view, at, isLittle) => view.getFloat32(at, isLittle)],
  f8: [8, (view, at, isLittle) => view.getFloat64(at, isLittle)],
};

/** Where the values of a file are, and how to read some of them. */
export interface ArrayLayout {
  readonly shape: readonly number[];
  /** Byte of the first value. */
  readonly start: number;
  /** Bytes of a value. */
  readonly itemSize: number;
  /** Values from the bytes of whole values. */
  read(bytes: Uint8Array): Float32Array | Float64Array | Uint8Array;
}

/**
 * Reads the header of an .npy file.
 *
 * @param head The beginning of the file, with the whole header in it.
 * @param size Bytes of the whole file.
 * @throws {DataError} If the header cannot be read, the type is not numeric, the order is Fortran's, or the
 *   length does not fit.
 * @see NumPy, "NEP 1: a simple file format for NumPy arrays".
 */
export function npyLayout(path: string, head: Uint8Array, size: number): ArrayLayout {
  const { header, start } = readHeader(path, head);
  const descr = /'descr':\s*'([<>|=]?)([a-z]\d+)'/.exec(header);
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header);
  if (shape === null) throw new DataError(`${path}: has a header without a shape`);
  if (/'fortran_order':\s*True/.test(header)) {
    throw new DataError(`${path}: is in Fortran order; save it with numpy.ascontiguousarray`);
  }
  if (!/'fortran_order':\s*False/.test(header)) throw new DataError(`${path}: has a header without the order`);
  const name = descr?.[2] ?? "";
  const type = TYPES[name];
  if (type === undefined)
    throw new DataError(
      `${path}: must hold numbers, got type ${typeIn(header)}` +
        (name === "f2" ? '; save it with .astype("float32")' : ""),
    );
  const sizes = shape[1]!
    .split(",")
    .map((text) => text.trim())
    .filter((text, i, all) => text !== "" || i < all.length - 1) // (4,) has one size
    .map((text) => (/^-?\d+$/.test(text) ? Number(text) : Number.NaN));
  const [itemSize, readOne] = type;
  if (!sizes.every((axis) => Number.isSafeInteger(axis) && axis >= 0))
    throw new DataError(`${path}: its shape must be of whole numbers, got (${shape[1]!.trim()})`);
  const expected = sizeOf(sizes) * itemSize;
  if (size - start !== expected) {
    throw new DataError(
      `${path}: shape (${sizes.join(", ")}) needs ${expected} bytes of values, got ${Math.max(0, size - start)}`,
    );
  }
  const isLittle = descr![1] !== ">";
  const read = (bytes: Uint8Array): Float32Array | Float64Array | Uint8Array => {
    const n = bytes.length / itemSize;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const values =
      name === "f4" ? new Float32Array(n) : name === "u1" || name === "b1" ? new Uint8Array(n) : new Float64Array(n);
    for (let i = 0; i < n; i++) values[i] = readOne(view, i * itemSize, isLittle);
    return values;
  };
  return { shape: sizes, start, itemSize, read };
}

/** Reads the content of an .npy file. @throws {DataError} As {@link npyLayout}. */
export function readNpy(path: string, bytes: Uint8Array): NpyArray {
  const { shape, start, read } = npyLayout(path, bytes, bytes.length);
  return { shape, values: read(bytes.subarray(start)) };
}

function readHeader(path: string, bytes: Uint8Array): { header: string; start: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw new DataError(`${path}: ends in its header`);
  if (!(bytes[6]! >= 1 && bytes[6]! <= 3))
    throw new DataError(`${path}: must be of version 1, 2 or 3 of .npy, got ${bytes[6]}`);
  const isShort = bytes[6] === 1; // version 1 has a length of two bytes, later ones of four
  const prefix = isShort ? 10 : 12;
  if (bytes.length < prefix) throw new DataError(`${path}: ends in its header`);
  const length = isShort ? view.getUint16(8, true) : view.getUint32(8, true);
  if (bytes.length < prefix + length) throw new DataError(`${path}: ends in its header`);
  return { header: new TextDecoder().decode(bytes.subarray(prefix, prefix + length)), start: prefix + length };
}

const typeIn = (header: string): string => /'descr':\s*('[^']*'|\[[^\]]*\])/.exec(header)?.[1] ?? "unknown";
