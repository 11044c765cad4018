// Argument checks: the one place that words errors. Knows no layer and no kernel.
//
// A message reads `<function>: <argument> must be <rule>, got <value>[; <what to do>]`. TypeError: wrong kind.
// RangeError: right kind, wrong value. Conditions are written positively, so that NaN fails them.

import type { FloatArray, FloatInput, Key, Mode, RateOption, Scaling } from "./types.js";

/** The largest count of elements, steps or ids, plus one: integers up to here are exact in a double. */
export const INDEX_LIMIT: number = 2 ** 53;

/** What all typed arrays are made on. */
const TYPED_ARRAY = Object.getPrototypeOf(Float32Array) as Float32ArrayConstructor;

/** Lengths that are shown of a shape. */
const MOST_LENGTHS = 16;

/** How a shape is shown in a message. */
export const shownShape = (shape: readonly unknown[]): string =>
  shape.length > MOST_LENGTHS
    ? `[${shape.slice(0, MOST_LENGTHS).join(",")},…] of ${shape.length}`
    : `[${shape.join(",")}]`;

/** How a value is shown in a message: type and length, never contents. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) {
    const length = (value as { length?: number }).length;
    const realm = value instanceof Object ? "" : ", from another realm (a frame or a vm context)";
    return length === undefined ? value.constructor.name : `${value.constructor.name} of ${length}${realm}`;
  }
  if (value instanceof TYPED_ARRAY) return `an object like a ${value.constructor.name} (a Proxy?)`;
  if (typeof value === "object") return value.constructor?.name ?? "object";
  if (typeof value === "function") return "a function";
  return String(value);
}

export function typeError(where: string, what: string, rule: string, value: unknown, advice?: string): TypeError {
  return new TypeError(`${where}: ${what} must be ${rule}, got ${describe(value)}${advice ? `; ${advice}` : ""}`);
}

export function rangeError(where: string, what: string, rule: string, value: unknown, advice?: string): RangeError {
  return new RangeError(`${where}: ${what} must be ${rule}, got ${describe(value)}${advice ? `; ${advice}` : ""}`);
}

/** Checks a probability; a value between 2 and 100 is taken for a percentage and the message says so. */
export function checkProbability(where: string, name: string, value: unknown): number {
  if (typeof value !== "number") throw typeError(where, name, "a number in [0, 1]", value);
  if (!(value >= 0 && value <= 1)) {
    const advice = value >= 2 && value <= 100 ? `pass ${value / 100} for ${value} %` : undefined;
    throw rangeError(where, name, "in [0, 1]", value, advice);
  }
  return value;
}

/** Both probabilities: the one that was given, to the bit, and the other as 1 minus it. */
export interface Rates {
  readonly rate: number;
  readonly keep: number;
  /** The one that was given, by its name: 1 - (1 - 0.1) is not 0.1. */
  readonly given: RateOption;
}

interface GivenRates {
  readonly rate?: unknown;
  readonly keep?: unknown;
}

/** Checks `{ rate }` or `{ keep }`: exactly one of them. */
export function checkRates(where: string, options: GivenRates): Rates {
  const { rate, keep } = options ?? {};
  if (rate === undefined && keep === undefined) {
    throw new TypeError(`${where}: rate is missing; pass { rate } (probability of dropping) or { keep } (1 - rate)`);
  }
  if (rate !== undefined && keep !== undefined) {
    throw new TypeError(`${where}: pass either rate or keep, not both; keep is 1 - rate`);
  }
  if (keep === undefined) {
    const checked = checkProbability(where, "rate", rate);
    return { rate: checked, keep: 1 - checked, given: { rate: checked } };
  }
  const checked = checkProbability(where, "keep", keep);
  return { rate: 1 - checked, keep: checked, given: { keep: checked } };
}

/** Turns `{ rate }` or `{ keep }` into the probability of keeping. */
export const checkKeep = (where: string, options: GivenRates): number => checkRates(where, options).keep;

const isWord = (value: unknown): boolean =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 32;

export function checkKey(where: string, value: unknown, name = "key"): Key {
  if (value === undefined) {
    throw new TypeError(`${where}: ${name} is missing; pass one made with key(seed), for instance key(42)`);
  }
  if (!Array.isArray(value) || value.length !== 2 || !isWord(value[0]) || !isWord(value[1])) {
    throw typeError(where, name, "a key of two 32-bit words", value, "make one with key(seed)");
  }
  return value as unknown as Key;
}

/** Checks a whole number in [0, limit). */
export function checkIndex(where: string, name: string, value: unknown, limit: number = INDEX_LIMIT): number {
  if (typeof value !== "number") throw typeError(where, name, "a whole number", value);
  if (!(Number.isInteger(value) && value >= 0 && value < limit)) {
    const bound = limit === INDEX_LIMIT ? "2^53" : String(limit);
    throw rangeError(where, name, `a whole number in [0, ${bound})`, value);
  }
  return value;
}

/** Checks where in the stream an array of `n` elements begins. */
export function checkOffset(where: string, offset: number | undefined, n: number): number {
  if (offset === undefined) return 0;
  checkIndex(where, "offset", offset);
  // Not offset + n: past 2^53 that sum may round back to it.
  if (!(offset <= INDEX_LIMIT - n)) throw rangeError(where, "offset", `at most 2^53 - ${n} for ${n} elements`, offset);
  return offset;
}

/** Ids of samples give each row draws of its own under a key; a mask or a foreign stream has no such draws. */
export function checkIdsHaveKey(
  where: string,
  options: { readonly sampleIds?: unknown; readonly mask?: unknown },
  stream?: unknown,
): void {
  if (options.sampleIds === undefined || (options.mask === undefined && stream === undefined)) return;
  const other = options.mask === undefined ? "stream" : "mask";
  throw new TypeError(`${where}: sampleIds goes with key; a ${other} has no draws by id`);
}

/** Checks a count: a whole number in [1, most]. */
export function checkCount(where: string, name: string, value: unknown, most: number = INDEX_LIMIT - 1): number {
  if (typeof value !== "number") throw typeError(where, name, "a whole number", value);
  if (!(Number.isInteger(value) && value >= 1 && value <= most)) {
    const bound = most === INDEX_LIMIT - 1 ? "2^53)" : `${most}]`;
    throw rangeError(where, name, `a whole number in [1, ${bound}`, value);
  }
  return value;
}

export function checkMode(where: string, value: unknown): Mode {
  if (value === "train" || value === "eval" || value === "sample") return value;
  throw rangeError(where, "mode", '"train", "eval" or "sample"', value);
}

export function checkScaling(where: string, value: unknown): Scaling {
  if (value === "inverted" || value === "classic") return value;
  throw rangeError(where, "scaling", '"inverted" or "classic"', value);
}

/** Not what only looks like one: a `Proxy`, or an object made on the prototype. */
export const isFloatArray = (value: unknown): value is FloatArray =>
  (value instanceof Float32Array || value instanceof Float64Array) && ArrayBuffer.isView(value);

/** Typed arrays pass as they are; a plain array of numbers is copied into a `Float64Array`. */
export function toFloatArray(where: string, name: string, value: FloatInput): FloatArray {
  if (isFloatArray(value)) {
    checkAttached(where, name, value);
    return value;
  }
  if (!Array.isArray(value)) {
    const isHalf = /Float16Array|Uint16Array/.test(Object.prototype.toString.call(value));
    const advice = isHalf ? "for half precision see forwardFloat16, backwardFloat16 and dropoutFloat16" : undefined;
    throw typeError(where, name, "a Float32Array, a Float64Array or an array of numbers", value, advice);
  }
  for (let i = 0; i < value.length; i++) {
    if (typeof value[i] !== "number") throw typeError(where, `${name}[${i}]`, "a number", value[i]);
  }
  return Float64Array.from(value);
}

/**
 * Returns `out`, or a new array like `x` where none is given. `out` has to fit `x` in type and length, and to be `x`
 * itself or apart from it: a partial overlap would be read after it was written.
 */
export function outputFor(where: string, x: FloatArray, out: FloatArray | undefined): FloatArray {
  if (out === undefined) return zerosLike(x);
  if (out === x) return out;
  checkOutput(where, x, out, x.length, "like the input");
  if (out.byteOffset !== x.byteOffset && !isApart(x, out) && isOneMemory(out, x)) {
    throw new RangeError(`${where}: out must be the input itself or not overlap it, got a partial overlap`);
  }
  return out;
}

/** `n` elements of the type of `x`, in memory of their own: `out` if it is given and fits. */
export function outputApart(where: string, x: FloatArray, n: number, out: FloatArray | undefined): FloatArray {
  if (out === undefined) return zerosLike(x, n);
  checkOutput(where, x, out, n, "for this input");
  if (!isApart(x, out) && isOneMemory(out, x)) {
    throw new RangeError(`${where}: out must not overlap the input, which has another length`);
  }
  return out;
}

function checkOutput(where: string, x: FloatArray, out: FloatArray, n: number, like: string): void {
  const type = x instanceof Float32Array ? Float32Array : Float64Array;
  if (!(out instanceof type && ArrayBuffer.isView(out)))
    throw typeError(where, "out", `a ${type.name} like the input`, out);
  checkAttached(where, "out", out);
  checkLength(where, "out", out.length, n, like);
}

/** Whether two arrays of one memory have no byte in common. */
const isApart = (x: FloatArray, out: FloatArray): boolean =>
  out.byteOffset >= x.byteOffset + x.byteLength || x.byteOffset >= out.byteOffset + out.byteLength;

/**
 * Whether the buffers of `out` and `x` are one memory. Two `SharedArrayBuffer` objects may be: `postMessage` makes a
 * new object over the same bytes, and so does a WASM memory that grows. Only a write tells; it goes to `out`, which is
 * the caller's to be written, and is taken back.
 */
function isOneMemory(out: FloatArray, x: FloatArray): boolean {
  if (out.buffer === x.buffer) return true;
  if (typeof SharedArrayBuffer === "undefined" || out.length === 0) return false;
  if (!(out.buffer instanceof SharedArrayBuffer && x.buffer instanceof SharedArrayBuffer)) return false;
  if (out.byteOffset >= x.buffer.byteLength) return false;
  const written = new Uint8Array(out.buffer, out.byteOffset, 1);
  const seen = new Uint8Array(x.buffer, out.byteOffset, 1);
  const before = written[0]!;
  if (seen[0] !== before) return false;
  written[0] = before ^ 0xff;
  const isSeen = seen[0] === (before ^ 0xff);
  written[0] = before;
  return isSeen;
}

/**
 * An array whose buffer went to a worker, or whose memory grew or shrank, has length 0: nothing would be done, and no
 * error.
 */
function checkAttached(where: string, name: string, array: FloatArray): void {
  if (array.length > 0 || hasMemory(array)) return;
  throw new TypeError(
    `${where}: ${name} must be an array with its memory, got one whose buffer was transferred or made smaller`,
  );
}

/** Methods of an array refuse to run where its memory is gone, or no longer reaches it. */
function hasMemory(array: FloatArray): boolean {
  try {
    array.indexOf(0);
    return true;
  } catch {
    return false;
  }
}

/** Zeros in a new array of the type of `model`: as many as it has, or `n`. */
export function zerosLike(model: FloatArray, n: number = model.length): FloatArray {
  return model instanceof Float32Array ? new Float32Array(n) : new Float64Array(n);
}

/** A copy of `values` in a new array of the type of `model`. */
export function copyLike(model: FloatArray, values: ArrayLike<number>): FloatArray {
  return model instanceof Float32Array ? Float32Array.from(values) : Float64Array.from(values);
}

/** How many elements an array of this shape has: the product of the lengths. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

export function checkLength(where: string, name: string, length: number, expected: number, like: string): void {
  if (length !== expected) {
    const elements = expected === 1 ? "1 element" : `${expected} elements`;
    throw new RangeError(`${where}: ${name} must have ${elements} ${like}, got ${length}`);
  }
}

/** Whether a value is a plain array of numbers, or a typed one (not of 64-bit integers). */
export const isNumbers = (values: unknown): values is ArrayLike<number> =>
  Array.isArray(values)
    ? values.every((value) => typeof value === "number")
    : ArrayBuffer.isView(values) &&
      !(values instanceof DataView || values instanceof BigInt64Array || values instanceof BigUint64Array);

/** Checks a number of any size, NaN among them. */
export function checkNumber(where: string, name: string, value: unknown): number {
  if (typeof value !== "number") throw typeError(where, name, "a number", value);
  return value;
}

/** Checks a finite number. */
export function checkFinite(where: string, name: string, value: unknown): number {
  if (typeof value !== "number") throw typeError(where, name, "a finite number", value);
  if (!Number.isFinite(value)) throw rangeError(where, name, "a finite number", value);
  return value;
}

/** Checks a finite number above `low` (or at least `low`, with `isAtLeast`). */
export function checkAbove(where: string, name: string, value: unknown, low: number, isAtLeast = false): number {
  const rule = `a finite number ${isAtLeast ? "at least" : "above"} ${low}`;
  if (typeof value !== "number") throw typeError(where, name, rule, value);
  if (!(Number.isFinite(value) && (isAtLeast ? value >= low : value > low))) throw rangeError(where, name, rule, value);
  return value;
}
