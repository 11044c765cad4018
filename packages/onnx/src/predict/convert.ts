// Values of inputs as the runtime takes them, and values of outputs as numbers.

import { fromFloat16, toFloat16 } from "hadamask";
import { describe, shown } from "../check.js";
import { ARRAYS, type OrtTensor, type TensorData } from "./ort.js";

/** Float16Array, where JavaScript has it. */
type HalfArray = ArrayLike<number> & ArrayBufferView;

const isHalfArray = (value: unknown): value is HalfArray =>
  ArrayBuffer.isView(value) && value.constructor.name === "Float16Array";

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === "number");

const isFloats = (value: unknown): value is ArrayLike<number> =>
  value instanceof Float32Array || value instanceof Float64Array || isHalfArray(value);

/**
 * Values in the array class of a type. Floats become each other; plain numbers become any type; float16 also comes as
 * its 16 bits. Whole numbers of one type are not taken for those of another.
 */
export function convertInput(where: string, name: string, type: string, raw: unknown): TensorData {
  if (type === "string" && Array.isArray(raw)) return raw as string[];
  if (!Object.hasOwn(ARRAYS, type)) {
    throw new TypeError(`${where}: ${shown(name)} must have a type that can be fed, got ${type}`);
  }
  const Target = ARRAYS[type]!;
  if (type === "float16") {
    if (raw instanceof Uint16Array) return raw;
    if (isHalfArray(raw)) return new Uint16Array(raw.buffer, raw.byteOffset, raw.length);
    if (isNumbers(raw) || isFloats(raw)) return toFloat16(raw);
  } else if (raw instanceof Target) return raw;
  else if (Target === BigInt64Array || Target === BigUint64Array) {
    if (isNumbers(raw))
      return (Target as BigInt64ArrayConstructor).from(raw.map((value) => wholeOf(where, name, value)));
  } else if (isNumbers(raw) || ((type === "float32" || type === "float64") && isFloats(raw))) {
    return (Target as Float32ArrayConstructor).from(raw);
  }
  throw new TypeError(`${where}: ${shown(name)} must be ${type} (${Target.name}), got ${describe(raw)}`);
}

function wholeOf(where: string, name: string, value: number): bigint {
  if (Number.isInteger(value)) return BigInt(value);
  throw new RangeError(`${where}: ${shown(name)} must be whole numbers, got ${value}`);
}

/** Numbers of an output as floats. float16 comes as its bits, or as a Float16Array where JavaScript has it. */
export function floatsOf({ type, data }: OrtTensor): Float32Array | Float64Array {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (type === "float16" && data instanceof Uint16Array) return fromFloat16(data);
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}
