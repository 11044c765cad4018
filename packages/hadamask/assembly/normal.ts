// Standard normal numbers of mask stream 1, and products with them: the sequence of operations of
// src/random/normal.ts, two at a time. Every operation is one of IEEE 754 in float64, so the results are the same to
// the last bit.
//
// Decorators are AssemblyScript; TypeScript takes none of functions: hence each `@ts-ignore: decorator`.

import { base, CONSTANTS, COUNTER, NOISE, NORMALS, PACK, S, U, WORDS, X } from "./layout";
import { hash, key0, key1 } from "./threefry";

/** Normals made at once. */
const BATCH: usize = 256;

/** In place of a plane's number: continuous noise. */
const NOISE_PLANE: u32 = 64;

/** Below it, in units of 2^-31, lie the tails: 1.6 % of all, done one at a time. */
const TAIL: i32 = 1 << 25;

// The constants of the loops below, twice each: as constants of the code they would be made anew, by four instructions,
// wherever they are used.
constant(0, 0.016889443430057584);
constant(1, 14.742265098937889);
constant(2, 4.486270755030274);
constant(3, 0.005275934313104646);
constant(4, 2.954032218605109);
constant(5, 15.305428410907068);
constant(6, 0.36046927653184624);
constant(7, 12.607351439755028);
constant(8, 1.6226401819695098);
constant(9, 0.0011394081692564625);
constant(10, 7.196108689066233);
constant(11, 7.68784282540762);
constant(12, 0.10130934829384773);
constant(13, 0.5);
constant(14, 1.0 / 2147483648.0);
constant(15, 1);
constant(16, 2);
constant(17, -0.0);

/** Where the two parameters of the multipliers are. */
const MEAN: usize = 18, DEVIATION: usize = 19;

function constant(i: usize, value: f64): void {
  v128.store(base + 16 * i, f64x2.splat(value), CONSTANTS);
}

// @ts-ignore: decorator
@inline function c(i: usize): v128 {
  return v128.load(base + 16 * i, CONSTANTS);
}

// @ts-ignore: decorator
@inline function mul(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

// @ts-ignore: decorator
@inline function add(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

// @ts-ignore: decorator
@inline function sub(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}

/**
 * Writes mean + deviation * z for BATCH elements, from block hi * 2^32 + lo on, to NORMALS.
 *
 * In steps for the whole batch: from a word to its normal some 30 operations wait for one another, and a processor
 * does not see enough elements ahead to fill that time.
 */
function batch(hi: u32, lo: u32): void {
  drawWords(hi, lo);
  numerators();
  multipliers();
  tails();
}

/** The noise words, in the order of the elements. */
function drawWords(hi: u32, lo: u32): void {
  const scratch = base;
  const first = i32x4.splat(key0 + (0x80000000 | (NOISE_PLANE << 16) | hi));
  let counter = i32x4.add(i32x4.splat(lo + key1), i32x4(0, 1, 2, 3));
  for (let at = scratch, end = at + 4 * BATCH; at < end; at += 128) {
    for (let chain: usize = 0; chain < 64; chain += 16) {
      v128.store(scratch + chain, counter, COUNTER);
      counter = i32x4.add(counter, i32x4.splat(4));
    }
    hash(scratch + COUNTER, first);
    for (let chain: usize = 0; chain < 128; chain += 32) {
      const word0 = v128.load(scratch + chain, WORDS), word1 = v128.load(scratch + chain, WORDS + 16);
      v128.store(at + chain, v128.shuffle<i32>(word0, word1, 0, 4, 1, 5), NOISE);
      v128.store(at + chain, v128.shuffle<i32>(word0, word1, 2, 6, 3, 7), NOISE + 16);
    }
  }
}

// With k the low 31 bits of a word: v = (k + 1/2) / 2^31, s = v (2 - v), x = sqrt(s), and then |z| = (1 - v) P(x) /
// Q(x). S, X and U hold s, x and (1 - v) P(x) of the batch.

function numerators(): void {
  const scratch = base;
  const p0 = c(0), p1 = c(1), p2 = c(2), p3 = c(3), p4 = c(4), p5 = c(5), p6 = c(6);
  const half = c(13), unit = c(14), one = c(15), two = c(16), low31 = i32x4.splat(0x7fffffff);
  for (let at: usize = 0; at < 8 * BATCH; at += 16) {
    const k = v128.and(v128.load64_zero(scratch + at / 2, NOISE), low31);
    const v = mul(add(f64x2.convert_low_i32x4_s(k), half), unit);
    const s = mul(v, sub(two, v));
    const x = f64x2.sqrt(s);
    const even = add(mul(add(mul(add(mul(p0, s), p1), s), p2), s), p3);
    const odd = add(mul(add(mul(p4, s), p5), s), p6);
    v128.store(scratch + at, s, S);
    v128.store(scratch + at, x, X);
    v128.store(scratch + at, mul(sub(one, v), add(even, mul(x, odd))), U);
  }
}

/** The quotients, with the sign that is the top bit of the word, times the deviation, plus the mean. */
function multipliers(): void {
  const scratch = base;
  const q0 = c(7), q1 = c(8), q2 = c(9), q3 = c(10), q4 = c(11), q5 = c(12);
  const mean = c(MEAN), deviation = c(DEVIATION), signBit = c(17);
  for (let at: usize = 0; at < 8 * BATCH; at += 16) {
    const s = v128.load(scratch + at, S), x = v128.load(scratch + at, X);
    const even = add(mul(add(mul(add(s, q0), s), q1), s), q2);
    const odd = add(mul(add(mul(q3, s), q4), s), q5);
    const z = f64x2.div(v128.load(scratch + at, U), add(even, mul(x, odd)));
    const word = v128.load64_zero(scratch + at / 2, NOISE);
    const sign = v128.and(v128.shuffle<i32>(word, word, 0, 0, 1, 1), signBit);
    v128.store(scratch + at, add(mean, mul(deviation, v128.xor(z, sign))), NORMALS);
  }
}

/**
 * Does those with v < 2^-6 again. They are listed first, without a branch for each, which would be guessed wrong (S
 * is free by now, and takes the list: two numbers each, the word and where it belongs).
 */
function tails(): void {
  const scratch = base;
  const low31 = i32x4.splat(0x7fffffff), limit = i32x4.splat(TAIL), four = i32x4.splat(4);
  let places = i32x4(0, 1, 2, 3);
  let to = scratch;
  for (let at = scratch, end = at + 4 * BATCH; at < end; at += 16) {
    const words = v128.load(at, NOISE);
    const isTail = i32x4.bitmask(i32x4.lt_s(v128.and(words, low31), limit));
    const pack = v128.load(scratch + 16 * isTail, PACK);
    v128.store(to, i8x16.swizzle(words, pack), S);
    v128.store(to, i8x16.swizzle(places, pack), X);
    to += 4 * popcnt(isTail);
    places = i32x4.add(places, four);
  }
  const mean = load<f64>(scratch + 16 * MEAN, CONSTANTS), deviation = load<f64>(scratch + 16 * DEVIATION, CONSTANTS);
  for (let at = scratch; at < to; at += 4) {
    const word = load<i32>(at, S);
    const z = tail(word & 0x7fffffff);
    store<f64>(scratch + 8 * load<u32>(at, X), mean + deviation * (word < 0 ? -z : z), NORMALS);
  }
}

/** |z| = P(x) / Q(x), x = v^(1/16). */
function tail(k: i32): f64 {
  const v = (<f64>k + 0.5) * (1.0 / 2147483648.0);
  const y = sqrt(sqrt(sqrt(v)));
  const x = sqrt(y);
  const p =
    ((136.40919201873209 * y - 57.456838187320784) * y - 78.03063557603777) * y -
    1.0065569007647261 +
    x * (((-21.512838517005694 * y - 201.02297030709425) * y + 254.63052439987987) * y - 32.0120367980854);
  const q =
    ((7.332357084551008 * y + 28.383762078320085) * y - 16.62960083352644) * y -
    0.0781116015551062 +
    x * (((y - 35.021235350772514) * y + 18.04029289084426) * y - 3.4701677595965883);
  return p / q;
}

/**
 * `out = x * (mean + deviation * z)`, the product formed in float64 and rounded once; or, without x, out = mean +
 * deviation * z. Element 0 is the word `skip` (0 or 1) of block hi * 2^32 + lo of the noise plane.
 */
// @ts-ignore: decorator
@inline export function fill<F>(
  hasInput: bool, x: usize, out: usize, n: usize, hi: u32, lo: u32, skip: usize, mean: f64, deviation: f64,
): void {
  constant(MEAN, mean);
  constant(DEVIATION, deviation);
  while (n > 0) {
    // Up to the next multiple of 2^32 blocks, where the high word changes.
    const before = 2 * (0x100000000 - <u64>lo) - skip;
    const count = min<usize>(n, <usize>min<u64>(before, BATCH - skip));
    batch(hi, lo);
    write<F>(hasInput, x, out, base + NORMALS + 8 * skip, count);
    x += count * sizeof<F>();
    out += count * sizeof<F>();
    n -= count;
    skip = 0;
    lo += <u32>(BATCH / 2);
    if (count == before) {
      lo = 0;
      hi++;
    }
  }
}

/** `count` products with the multipliers from `normals` on, or those themselves. */
// @ts-ignore: decorator
@inline function write<F>(hasInput: bool, x: usize, out: usize, normals: usize, count: usize): void {
  const end = out + count * sizeof<F>();
  for (const last = out + (count & ~3) * sizeof<F>(); out < last; out += 4 * sizeof<F>()) {
    let low = v128.load(normals), high = v128.load(normals, 16);
    if (sizeof<F>() == 4) {
      if (hasInput) {
        const four = v128.load(x);
        low = f64x2.mul(f64x2.promote_low_f32x4(four), low);
        high = f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<i32>(four, four, 2, 3, 2, 3)), high);
      }
      v128.store(out, v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5));
    } else {
      v128.store(out, hasInput ? f64x2.mul(v128.load(x), low) : low);
      v128.store(out, hasInput ? f64x2.mul(v128.load(x, 16), high) : high, 16);
    }
    x += 4 * sizeof<F>();
    normals += 32;
  }
  for (; out < end; out += sizeof<F>()) {
    const normal = load<f64>(normals);
    store<F>(out, <F>(hasInput ? <f64>load<F>(x) * normal : normal));
    x += sizeof<F>();
    normals += 8;
  }
}
