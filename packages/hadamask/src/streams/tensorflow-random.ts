// TensorFlow's random numbers on the CPU: Philox under a key and a counter, and the words as uniforms. Pure functions
// and one counter; the streams on them: tensorflow.ts, keras.ts.

import type { Dtype } from "../random/source.js";
import type { FloatArray, PackedMask } from "../types.js";
import { fastPhilox } from "./fast.js";
import { philox4x32, type Words4 } from "./philox4x32.js";
import { floatArray, inverted, notBelow } from "./stream.js";

/**
 * The key under which TensorFlow scrambles the two seeds of a stateless call (core/kernels/stateless_random_ops.cc).
 */
const SCRAMBLE = [0x3ec8f720, 0x02461e29] as const;

/** Where a TensorFlow generator stands: a key of two words, and a counter of four, the least significant first. */
export interface PhiloxAt {
  readonly key: readonly [number, number];
  readonly counter: Words4;
}

/** The low and high words of a number taken as 64-bit two's complement. */
const halves = (value: bigint): [number, number] => [Number(value & 0xffffffffn), Number((value >> 32n) & 0xffffffffn)];

/** Where `tf.random.stateless_*(seed=(s0, s1))` begins: one block on the seeds gives the key and half the counter. */
export function statelessStart(s0: bigint, s1: bigint): PhiloxAt {
  const mix = new Uint32Array(4);
  philox4x32(mix, [...halves(s0), ...halves(s1)], SCRAMBLE);
  return { key: [mix[0]!, mix[1]!], counter: [0, 0, mix[2]!, mix[3]!] };
}

/** Where a stateful kernel with the attributes `seed` and `seed2` begins. */
export function statefulStart(seed: bigint, seed2: bigint): PhiloxAt {
  return { key: halves(seed), counter: [0, 0, ...halves(seed2)] };
}

/** The place `blocks` further on. */
export function advance(at: PhiloxAt, blocks: number): PhiloxAt {
  const counter: [number, number, number, number] = [...at.counter];
  let carry = blocks;
  for (let i = 0; i < 4 && carry > 0; i++) {
    const sum = counter[i]! + carry;
    counter[i] = sum % 2 ** 32;
    carry = Math.floor(sum / 2 ** 32);
  }
  return { key: at.key, counter };
}

/**
 * Uniforms of n elements. The plain kernels take the LOW bits of a word: 23 for float32, 52 of two words for float64.
 * Code compiled by XLA takes the same words' HIGH bits, and of a pair the second word as the high half.
 */
export function philoxUniform(start: PhiloxAt, n: number, dtype: Dtype, xla: boolean): FloatArray {
  const out = floatArray(n, dtype);
  const perBlock = dtype === "float32" ? 4 : 2;
  const counter = Uint32Array.from(start.counter);
  const words = new Uint32Array(4);
  for (let i = 0; i < n; i += perBlock) {
    philox4x32(words, counter, start.key);
    countUp(counter);
    for (let j = 0; j < perBlock && i + j < n; j++) {
      out[i + j] = dtype === "float32" ? single(words[j]!, xla) : double(words[2 * j]!, words[2 * j + 1]!, xla);
    }
  }
  return out;
}

/** One more, with carry. The words are read back: `++counter[k]` itself would be 2^32, not 0. */
function countUp(counter: Uint32Array): void {
  for (let k = 0; k < counter.length; k++) {
    counter[k]! += 1;
    if (counter[k] !== 0) return;
  }
}

const single = (word: number, xla: boolean): number => (xla ? word >>> 9 : word & 0x7fffff) * 2 ** -23;

function double(first: number, second: number, xla: boolean): number {
  if (xla) return (second * 2 ** 20 + (first >>> 12)) * 2 ** -52;
  return ((first & 0xfffff) * 2 ** 32 + second) * 2 ** -52;
}

/** `tf.nn.dropout`'s decisions: kept if the uniform is not below the rate, which is rounded to the element type. */
export function philoxKeep(start: PhiloxAt, n: number, rate: number, dtype: Dtype, xla: boolean): PackedMask {
  if (dtype === "float64") return notBelow(philoxUniform(start, n, dtype, xla), rate);
  // u = U / 2^23, so u < r if and only if U < ceil(r * 2^23).
  const T = Math.ceil(Math.fround(rate) * 2 ** 23);
  const dropped = fastPhilox(n, T, xla ? 9 : 0, start.counter, start.key);
  return dropped === undefined ? keepPlain(start, n, rate, xla) : inverted(dropped, n);
}

/** {@link philoxKeep} in float32 without WASM. */
export function keepPlain(start: PhiloxAt, n: number, rate: number, xla: boolean): PackedMask {
  return notBelow(philoxUniform(start, n, "float32", xla), Math.fround(rate));
}
