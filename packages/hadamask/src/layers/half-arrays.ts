// Arrays in half precision: bits, or the engine's own `Float16Array`. Knows no layer.

import { typeError } from "../check.js";

/** `Float16Array`, where the engine has it: named here by what it says of itself. */
export interface Float16ArrayLike extends ArrayLike<number> {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly [Symbol.toStringTag]: "Float16Array";
}

/** Half precision: its bits, or the engine's own array. */
export type HalfArray = Uint16Array | Float16ArrayLike;

const isNative = (array: unknown): array is Float16ArrayLike =>
  Object.prototype.toString.call(array) === "[object Float16Array]";

/** The bits behind an array, in its own memory. */
export function halfBits(where: string, name: string, array: unknown): Uint16Array {
  if (isNative(array)) return new Uint16Array(array.buffer, array.byteOffset, array.length);
  if (array instanceof Uint16Array) return array;
  throw typeError(where, name, "a Uint16Array of bits or a Float16Array", array);
}

/** Bits as an array of the kind that `input` is, in their own memory. */
export function halfLike<X extends HalfArray>(input: X, bits: Uint16Array): X {
  if (!isNative(input)) return bits as X;
  const Native = (input as object).constructor as new (buffer: ArrayBufferLike) => X;
  return new Native(bits.buffer);
}
