// Where arrays lie in buffers: what callers give, checked, and cut into bindings that a device accepts. Knows no
// program.

import { describe, rangeError, typeError } from "../check.js";
import { type GpuArray, type GpuBinding, type GpuBuffer, type GpuSlice, USAGE } from "./device.js";
import { type Access, type ElementType, elementsPerWord, unitElements, unitWords } from "./wgsl/elements.js";

/** Offsets of bindings are multiples of this (the largest `minStorageBufferOffsetAlignment` that a device may ask). */
const ALIGNMENT = 256;

/** An array in a buffer. */
export interface Region {
  readonly buffer: GpuBuffer;
  /** Bytes from the start of the buffer. */
  readonly byteOffset: number;
}

export const bytesPerElement = (dtype: ElementType): number => 4 / elementsPerWord(dtype);

const isBuffer = (value: unknown): value is GpuBuffer =>
  typeof value === "object" && value !== null && "usage" in value && "size" in value;

/** Checks that `value` is, or names, a buffer with room for `byteLength` bytes that programs may use. */
export function checkRegion(where: string, name: string, value: GpuArray, byteLength: number): Region {
  const slice: Partial<GpuSlice> = isBuffer(value) ? { buffer: value } : (value ?? {});
  const { buffer, offset = 0 } = slice;
  if (!isBuffer(buffer)) throw typeError(where, name, "a GPUBuffer or { buffer, offset }", value);
  if (typeof offset !== "number") throw typeError(where, `${name}.offset`, "a number of bytes", offset);
  if (!(Number.isInteger(offset) && offset >= 0 && offset % 4 === 0)) {
    throw rangeError(where, `${name}.offset`, "a multiple of 4 bytes, 0 or more", offset);
  }
  if ((buffer.usage & USAGE.storage) === 0) {
    throw new TypeError(
      `${where}: ${name} must have usage GPUBufferUsage.STORAGE, got usage ${buffer.usage}; ` +
        "create the buffer with it",
    );
  }
  if (buffer.mapState !== undefined && buffer.mapState !== "unmapped") {
    throw new TypeError(`${where}: ${name} must be unmapped, got ${describe(buffer.mapState)}; call unmap() first`);
  }
  const needed = offset + Math.ceil(byteLength / 4) * 4;
  if (!(needed <= buffer.size)) {
    throw new RangeError(`${where}: ${name} must be a buffer of at least ${needed} bytes, got ${buffer.size}`);
  }
  return { buffer, byteOffset: offset };
}

/** Refuses an output that lies across its input: one would be read after it was written. */
export function checkApart(where: string, x: Region, out: Region, byteLength: number): void {
  if (x.buffer !== out.buffer || x.byteOffset === out.byteOffset) return;
  if (!(Math.abs(x.byteOffset - out.byteOffset) >= byteLength)) {
    throw new RangeError(`${where}: out must be the input itself or not overlap it, got a partial overlap`);
  }
}

/** `region` from `bytes` on. */
export const advanced = ({ buffer, byteOffset }: Region, bytes: number): Region => ({
  buffer,
  byteOffset: byteOffset + bytes,
});

/** The bytes from `start` to `end` as a binding, and how many words of it lie before `start`. */
function bindingOf(buffer: GpuBuffer, start: number, end: number): { binding: GpuBinding; wordsBefore: number } {
  const offset = Math.floor(start / ALIGNMENT) * ALIGNMENT;
  const size = Math.ceil(end / 4) * 4 - offset;
  return { binding: { buffer, offset, size }, wordsBefore: (start - offset) / 4 };
}

/** The binding of one region. */
export const bindRegion = ({ buffer, byteOffset }: Region, byteLength: number): ReturnType<typeof bindingOf> =>
  bindingOf(buffer, byteOffset, byteOffset + byteLength);

/** How a program reads and writes a pair of arrays: its code, its bindings, and the first units in them. */
export interface Bound {
  readonly access: Access;
  readonly x: GpuBinding | undefined;
  readonly out: GpuBinding;
  readonly xStart: number;
  readonly outStart: number;
}

/** Bytes of a binding that are left for an array, wherever it begins. */
export const bindingRoom = (limit: number): number => limit - ALIGNMENT;

/**
 * Binds `n` elements. `rowLength` is that of one row: units of four words have to fit into it. Two ranges of one
 * buffer become one binding, for a buffer cannot be read and written under two in one dispatch.
 */
export function bind(
  where: string,
  { x, out, n, dtype }: { x: Region | undefined; out: Region; n: number; dtype: ElementType },
  rowLength: number,
  limit: number,
): Bound {
  const bytes = n * bytesPerElement(dtype);
  const starts = x === undefined ? [out.byteOffset] : [out.byteOffset, x.byteOffset];
  const wide: Access = { dtype, isWide: true, input: "none" };
  const isWide = rowLength % unitElements(wide) === 0 && starts.every((start) => start % 16 === 0);
  const units = (words: number): number => words / unitWords(isWide);
  if (x === undefined || x.buffer !== out.buffer) {
    const own = bindRegion(out, bytes);
    const other = x === undefined ? undefined : bindRegion(x, bytes);
    return {
      access: { dtype, isWide, input: x === undefined ? "none" : "apart" },
      x: other?.binding,
      out: own.binding,
      xStart: units(other?.wordsBefore ?? 0),
      outStart: units(own.wordsBefore),
    };
  }
  const start = Math.min(...starts);
  const { binding, wordsBefore } = bindingOf(out.buffer, start, Math.max(...starts) + bytes);
  if (!(binding.size <= limit)) {
    throw new RangeError(
      `${where}: out and the input must lie within ${limit} bytes of one buffer, got ${binding.size}; ` +
        "put them into buffers of their own",
    );
  }
  return {
    access: { dtype, isWide, input: "same" },
    x: undefined,
    out: binding,
    xStart: units(wordsBefore + (x.byteOffset - start) / 4),
    outStart: units(wordsBefore + (out.byteOffset - start) / 4),
  };
}
