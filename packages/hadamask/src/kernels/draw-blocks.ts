// The masks of whole blocks (64 elements), for the scalar kernel: mask stream 1, plane after plane.

import { hashBlocks } from "../random/plane-words.js";
import type { Key, PackedMask } from "../types.js";

/** The most blocks that one call draws: 8192 elements, whose state fits the fastest cache. */
export const BLOCKS = 128;

// State of the blocks that still have undecided elements: where they belong, their counters, and those elements as
// bits.
const blocks = new Uint32Array(BLOCKS);
const counters = new Uint32Array(BLOCKS);
const open = new Uint32Array(2 * BLOCKS);
const words = new Uint32Array(2 * BLOCKS);

/**
 * Writes the masks of `count` blocks from number `first` on into `out`, two words each. A plane is drawn for all
 * blocks that are still open before the next one is begun; a block of 64 elements stays open for 7.3 planes on
 * average.
 *
 * The bits of T are read from two words, `high` for planes 0 to 31 and `low` for 32 to 52.
 */
export function drawBlocks(out: PackedMask, count: number, key: Key, T: number, first: number): void {
  const high = Math.floor(T / 2 ** 21);
  const low = (T % 2 ** 21) * 2 ** 11;
  const planes = low === 0 ? lastOne(high) : 32 + lastOne(low);
  const hi = 0x80000000 | Math.floor(first / 2 ** 32);
  const lo = first % 2 ** 32;
  for (let b = 0; b < count; b++) {
    blocks[b] = b;
    counters[b] = lo + b;
  }
  open.fill(0xffffffff, 0, 2 * count);
  out.fill(0, 0, 2 * count);
  let left = count;
  for (let k = 0; k < planes && left > 0; k++) {
    const isOne = ((k < 32 ? high >>> (31 - k) : low >>> (63 - k)) & 1) === 1;
    hashBlocks(words, 0, counters, left, key, hi | (k << 16));
    left = isOne ? decideOne(out, left) : decideZero(left);
  }
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
