// The masks of whole blocks (64 elements), for the scalar kernel: mask stream 1, plane after plane.

import { hashBlocks } from "../random/plane-words.js";
import { hash } from "../random/threefry.js";
import type { Key, PackedMask } from "../types.js";

/** The most blocks that one call draws: 8192 elements, whose state fits the fastest cache. */
export const BLOCKS = 128;

// State of the blocks that still have undecided elements: where they belong, their counters, and those elements as
// bits.
const blocks = new Uint32Array(BLOCKS);
const counters = new Uint32Array(BLOCKS);
const open = new Uint32Array(2 * BLOCKS);
const words = new Uint32Array(2 * BLOCKS);

/** Below so many blocks each is drawn alone. */
const FEW = 4;

/** Planes of a single block that are hashed together: a processor works on several hashes at a time. */
const TOGETHER = 4;

/**
 * The bits of T in two words, `high` for planes 0 to 31 and `low` for 32 to 52, and how many planes it has: an element
 * that equals T down to its last 1 can no longer fall below it.
 */
interface Threshold {
  readonly high: number;
  readonly low: number;
  readonly planes: number;
}

function thresholdOf(T: number): Threshold {
  const high = Math.floor(T / 2 ** 21) | 0;
  const low = ((T % 2 ** 21) * 2 ** 11) | 0;
  return { high, low, planes: low === 0 ? lastOne(high) : 32 + lastOne(low) };
}

const isOneAt = ({ high, low }: Threshold, k: number): boolean =>
  ((k < 32 ? high >>> (31 - k) : low >>> (63 - k)) & 1) === 1;

/** Writes the masks of `count` blocks from number `first` on into `out`, two words each. */
export function drawBlocks(out: PackedMask, count: number, key: Key, T: number, first: number): void {
  const threshold = thresholdOf(T);
  const hi = 0x80000000 | Math.floor(first / 2 ** 32);
  const lo = first % 2 ** 32;
  if (count >= FEW) drawTogether(out, count, key, threshold, hi, lo);
  else for (let b = 0; b < count; b++) drawAlone(out, 2 * b, key[0] | 0, key[1] | 0, threshold, hi, lo + b);
}

/**
 * A plane is drawn for all blocks that are still open before the next one is begun; a block of 64 elements stays open
 * for 7.3 planes on average.
 */
function drawTogether(out: PackedMask, count: number, key: Key, threshold: Threshold, hi: number, lo: number): void {
  for (let b = 0; b < count; b++) {
    blocks[b] = b;
    counters[b] = lo + b;
  }
  open.fill(0xffffffff, 0, 2 * count);
  out.fill(0, 0, 2 * count);
  let left = count;
  for (let k = 0; k < threshold.planes && left > 0; k++) {
    hashBlocks(words, 0, counters, left, key, hi | (k << 16));
    left = isOneAt(threshold, k) ? decideOne(out, left) : decideZero(left);
  }
}

/** Hashes of a row up to which a call of a faster kernel costs more than they do. */
const QUICK = 8;

/** Whether rows of `n` elements are drawn faster here than by a kernel, one call a row. */
export const areQuick = (n: number, T: number): boolean =>
  Math.ceil(n / 64) * Math.min(2 * TOGETHER, thresholdOf(T).planes) <= QUICK;

/**
 * Writes the masks of rows of `n` elements, each from a word of its own on and under a key of its own: row r under
 * `keys[2 r]` and `keys[2 r + 1]`.
 */
export function drawRows(out: PackedMask, n: number, keys: Uint32Array, T: number): void {
  const threshold = thresholdOf(T);
  const perRow = Math.ceil(n / 32);
  const past = n % 32 === 0 ? -1 : 2 ** (n % 32) - 1;
  for (let row = 0, at = 0; at < out.length; row++, at += perRow) {
    const [k0, k1] = [keys[2 * row]! | 0, keys[2 * row + 1]! | 0];
    for (let b = 0; 2 * b + 1 < perRow; b++) drawAlone(out, at + 2 * b, k0, k1, threshold, FIRST_WORD, b);
    if (perRow % 2 === 1) {
      drawAlone(last, 0, k0, k1, threshold, FIRST_WORD, perRow >> 1);
      out[at + perRow - 1] = last[0]!;
    }
    out[at + perRow - 1]! &= past;
  }
}

/** High word of the counters of the first 2^32 blocks: the top bit is that of draws. */
const FIRST_WORD = 0x80000000 | 0;

/** A block of which a row has only the first half. */
const last = new Uint32Array(2);

/** One block, to `out[at]` and `out[at + 1]`. */
function drawAlone(
  out: PackedMask,
  at: number,
  k0: number,
  k1: number,
  threshold: Threshold,
  hi: number,
  lo: number,
): void {
  let [open0, open1, kept0, kept1] = [-1, -1, 0, 0];
  for (let k = 0; k < threshold.planes && (open0 | open1) !== 0; k += TOGETHER) {
    const planes = Math.min(TOGETHER, threshold.planes - k);
    for (let p = 0; p < planes; p++) hash(words, 2 * p, k0, k1, hi | ((k + p) << 16), lo | 0);
    for (let p = 0; p < planes; p++) {
      const [word0, word1] = [words[2 * p]! | 0, words[2 * p + 1]! | 0];
      if (isOneAt(threshold, k + p)) {
        // A 0 is below T, and kept.
        kept0 |= open0 & ~word0;
        kept1 |= open1 & ~word1;
        open0 &= word0;
        open1 &= word1;
      } else {
        open0 &= ~word0;
        open1 &= ~word1;
      }
    }
  }
  out[at] = kept0;
  out[at + 1] = kept1;
}

/** Bits down to the last 1, counted from the most significant. */
function lastOne(word: number): number {
  return Math.clz32(word & -word) + 1;
}

/** A plane where T has 1: a 0 is below T, and kept. Returns how many blocks stay open. */
function decideOne(out: PackedMask, count: number): number {
  let left = 0;
  for (let b = 0; b < count; b++) {
    const block = blocks[b]!;
    const word0 = words[2 * b]!;
    const word1 = words[2 * b + 1]!;
    out[2 * block]! |= open[2 * b]! & ~word0;
    out[2 * block + 1]! |= open[2 * b + 1]! & ~word1;
    left = stayOpen(left, block, counters[b]!, open[2 * b]! & word0, open[2 * b + 1]! & word1);
  }
  return left;
}

/** A plane where T has 0: a 1 is above T, and dropped. */
function decideZero(count: number): number {
  let left = 0;
  for (let b = 0; b < count; b++) {
    const open0 = open[2 * b]! & ~words[2 * b]!;
    left = stayOpen(left, blocks[b]!, counters[b]!, open0, open[2 * b + 1]! & ~words[2 * b + 1]!);
  }
  return left;
}

/** Writes a block to place `left` of the list; the next one overwrites it if nothing of it is open. */
function stayOpen(left: number, block: number, counter: number, open0: number, open1: number): number {
  blocks[left] = block;
  counters[left] = counter;
  open[2 * left] = open0;
  open[2 * left + 1] = open1;
  return (open0 | open1) === 0 ? left : left + 1;
}
