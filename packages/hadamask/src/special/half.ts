// Half precision (IEEE 754 binary16) as bits: for engines where `Float16Array` is missing. Knows no randomness.

import { checkLength, isNumbers, typeError } from "../check.js";

const WORD = new Uint32Array(1);
const FLOAT = new Float32Array(WORD.buffer);

/**
 * The numbers that bits of half precision stand for; exact.
 *
 * @example
 * ```ts
 * import { fromFloat16 } from "hadamask";
 * console.log(fromFloat16(Uint16Array.of(0x3c00, 0xc000, 0x7bff))); // Float32Array(3) [ 1, -2, 65504 ]
 * ```
 * @throws {TypeError} If `bits` or `out` is another kind of array. @throws {RangeError} If they differ in length.
 */
export function fromFloat16(bits: Uint16Array, out?: Float32Array): Float32Array {
  if (!(bits instanceof Uint16Array)) throw typeError("fromFloat16", "bits", "a Uint16Array", bits);
  return numbersOf(bits, outputFor("fromFloat16", Float32Array, bits, out));
}

function numbersOf(bits: Uint16Array, out: Float32Array): Float32Array {
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i]!;
    const exponent = (half >>> 10) & 31;
    const fraction = half & 1023;
    if (exponent > 0 && exponent < 31) {
      WORD[0] = ((half & 0x8000) << 16) | ((exponent + 112) << 23) | (fraction << 13);
      out[i] = FLOAT[0]!;
      continue;
    }
    const size = exponent === 0 ? fraction * 2 ** -24 : fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
    out[i] = half & 0x8000 ? -size : size;
  }
  return out;
}

/**
 * The bits of numbers in half precision, each rounded once: to the nearest, ties to even, infinite from 65520 on.
 *
 * @example
 * ```ts
 * import { toFloat16 } from "hadamask";
 * console.log(toFloat16([1, -2, 0.1])); // Uint16Array(3) [ 15360, 49152, 11878 ]
 * ```
 * @throws {TypeError} If `values` is not an array of numbers, or `out` another kind of array.
 * @throws {RangeError} If they differ in length.
 */
export function toFloat16(values: ArrayLike<number>, out?: Uint16Array): Uint16Array {
  if (!isNumbers(values)) throw typeError("toFloat16", "values", "an array of numbers", values);
  return bitsOfAll(values, outputFor("toFloat16", Uint16Array, values, out));
}

function outputFor<T extends Float32Array | Uint16Array>(
  where: string,
  Type: new (length: number) => T,
  input: ArrayLike<number>,
  out: T | undefined,
): T {
  if (out === undefined) return new Type(input.length);
  if (!(out instanceof Type)) throw typeError(where, "out", `a ${Type.name}`, out);
  checkLength(where, "out", out.length, input.length, "like the input");
  return out;
}

function bitsOfAll(values: ArrayLike<number>, out: Uint16Array): Uint16Array {
  const isSingle = values instanceof Float32Array;
  for (let i = 0; i < values.length; i++) out[i] = isSingle ? ofSingle(values[i]!) : bitsOf(values[i]!);
  return out;
}

/** The largest finite float16. */
export const HALF_MAX = 65504;

/** `value` rounded once to float16, ties to even. */
export const roundToHalf = (value: number): number => numbersOf(Uint16Array.of(bitsOf(value)), new Float32Array(1))[0]!;

/** {@link bitsOf} for a float32, by its bits where it is a normal number on both sides. */
function ofSingle(value: number): number {
  FLOAT[0] = value;
  const word = WORD[0]!;
  const exponent = (word >>> 23) & 255;
  if (exponent < 113 || exponent > 142) return bitsOf(value);
  const half = ((exponent - 112) << 10) | ((word >>> 13) & 1023);
  const rest = word & 0x1fff;
  const isUp = rest > 0x1000 || (rest === 0x1000 && (half & 1) === 1);
  return ((word >>> 16) & 0x8000) | (half + (isUp ? 1 : 0)); // a carry goes into the exponent, as it should
}

function bitsOf(value: number): number {
  const size = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  if (size === 0) return sign;
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const steps = size / 2 ** (exponent - 10);
  const below = Math.floor(steps);
  const rest = steps - below;
  const isUp = rest > 0.5 || (rest === 0.5 && below % 2 === 1);
  return sign | ((exponent + 14) * 1024 + below + (isUp ? 1 : 0));
}
