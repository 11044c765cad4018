// Masks: which of up to 32,768 consecutive elements are kept, 1 bit each (mask stream 1, docs/stream.md).
//
// Element by element the stream's rule reads: compare the bits of U with those of T, plane after plane, until they
// differ. Here a plane is drawn for all blocks before the next one is begun. After the first few planes most blocks
// have elements that are decided and few blocks are decided as a whole, so everything is hashed; from then on only
// the blocks that are still open are, from a list that shrinks. A block of 64 needs 7.3 planes on average; groups of
// 256 would need 9.3.
//
// Decorators are AssemblyScript; TypeScript takes none of functions: hence each `@ts-ignore: decorator`.

import { applyBeside } from "./apply";
import { base, CHUNK, COUNTER, MASK0, OPEN0, OPEN1, PACK, WORDS } from "./layout";
import { hash, key0, key1 } from "./threefry";

/** Planes that are hashed for every block. After them 87 % of all blocks are open. */
const FULL_PLANES: i32 = 5;

/** What a pass over a plane does besides deciding. */
const FIRST: i32 = 0, PLAIN: i32 = 1, PACKING: i32 = 2, LISTED: i32 = 3;

let threshold: u64 = 0;
/** Planes down to the threshold's last 1: an element that equals it so far can no longer fall below. */
let planes: i32 = 0;

/** `T` is a whole number in (0, 2^53). */
export function setThreshold(T: f64): void {
  threshold = <u64>T;
  planes = 53 - <i32>ctz(threshold);
}

/** How many planes `draw` hashes for every block. */
export function fullPlanes(): i32 {
  return min(planes, FULL_PLANES);
}

// Left-packing shuffles: for each set of lanes, those lanes' bytes first.
for (let set: usize = 0; set < 16; set++) {
  let to = base + PACK + 16 * set;
  for (let lane: u32 = 0; lane < 4; lane++) {
    if (((<u32>set >> lane) & 1) == 0) continue;
    store<u32>(to, 0x03020100 + 0x04040404 * lane);
    to += 4;
  }
}

/**
 * Writes the masks of `blocks` blocks from number hi * 2^32 + lo on to `mask`, 64 bits each. Bits past them, up to a
 * whole chunk, are undefined. No block may lie past a multiple of 2^32.
 */
export function draw(mask: usize, hi: u32, lo: u32, blocks: usize): void {
  const counter = lo + key1;
  let count = (blocks + CHUNK - 1) & ~(CHUNK - 1);
  listCounters(counter, count);
  firstPlane(mask, hi, count);
  for (let i = blocks; i < count; i++) close(i);
  const full = fullPlanes();
  let k = 1;
  for (; k < full; k++) plainPlane(mask, k, hi, count);
  if (k == planes) return;
  for (count = packingPlane(mask, k++, hi, count); count > 0 && k < planes; k++) {
    const padded = (count + CHUNK - 1) & ~(CHUNK - 1);
    for (let i = count; i < padded; i++) {
      store<u32>(base + 4 * i, counter, COUNTER);
      close(i);
    }
    count = listedPlane(mask, k, hi, padded, counter);
  }
}

function listCounters(counter: u32, count: usize): void {
  let lanes = i32x4.add(i32x4.splat(counter), i32x4(0, 1, 2, 3));
  for (let at = base, end = base + 4 * count; at < end; at += 16) {
    v128.store(at, lanes, COUNTER);
    lanes = i32x4.add(lanes, i32x4.splat(4));
  }
}

function close(i: usize): void {
  store<u32>(base + 4 * i, 0, OPEN0);
  store<u32>(base + 4 * i, 0, OPEN1);
}

// One function for each kind of pass, so that the choice is made outside the loops.
function firstPlane(mask: usize, hi: u32, count: usize): void { plane(FIRST, mask, 0, hi, count, 0); }
function plainPlane(mask: usize, k: i32, hi: u32, count: usize): void { plane(PLAIN, mask, k, hi, count, 0); }
function packingPlane(mask: usize, k: i32, hi: u32, count: usize): usize {
  return plane(PACKING, mask, k, hi, count, 0);
}
function listedPlane(mask: usize, k: i32, hi: u32, count: usize, counter: u32): usize {
  return plane(LISTED, mask, k, hi, count, counter);
}

/** Compares plane `k` of the `count` listed blocks; returns how many stay listed (PACKING, LISTED). */
// @ts-ignore: decorator
@inline function plane(kind: i32, mask: usize, k: i32, hi: u32, count: usize, counter: u32): usize {
  const first = i32x4.splat(key0 + (0x80000000 | (k << 16) | hi));
  const isOne = ((threshold >> (52 - k)) & 1) != 0;
  let to = base;
  for (let at = base, end = base + 4 * count; at < end; at += 4 * CHUNK) {
    hash(at + COUNTER, first);
    applyBeside();
    for (let chain: usize = 0; chain < 4; chain++) {
      const lanes = at + 16 * chain, words = base + 32 * chain;
      const word0 = v128.load(words, WORDS), word1 = v128.load(words, WORDS + 16);
      let open0 = kind == FIRST ? i32x4.splat(-1) : v128.load(lanes, OPEN0);
      let open1 = kind == FIRST ? i32x4.splat(-1) : v128.load(lanes, OPEN1);
      if (isOne) {
        // 0 where T has 1: below T, kept.
        const kept0 = v128.andnot(open0, word0), kept1 = v128.andnot(open1, word1);
        const kept01 = v128.shuffle<i32>(kept0, kept1, 0, 4, 1, 5);
        const kept23 = v128.shuffle<i32>(kept0, kept1, 2, 6, 3, 7);
        if (kind == LISTED) keepListed(mask, lanes, counter, kept01, kept23);
        else keepInOrder(kind == FIRST, mask + 2 * (lanes - base), kept01, kept23);
        open0 = v128.and(open0, word0);
        open1 = v128.and(open1, word1);
      } else {
        // 1 where T has 0: above T, dropped.
        if (kind == FIRST) keepInOrder(true, mask + 2 * (lanes - base), i32x4.splat(0), i32x4.splat(0));
        open0 = v128.andnot(open0, word0);
        open1 = v128.andnot(open1, word1);
      }
      if (kind == FIRST || kind == PLAIN) {
        v128.store(lanes, open0, OPEN0);
        v128.store(lanes, open1, OPEN1);
      } else {
        // Never past what is still to be read: `to` is at most `lanes`.
        const isOpen = i32x4.bitmask(i32x4.ne(v128.or(open0, open1), i32x4.splat(0)));
        const pack = v128.load(base + 16 * isOpen, PACK);
        v128.store(to, i8x16.swizzle(v128.load(lanes, COUNTER), pack), COUNTER);
        v128.store(to, i8x16.swizzle(open0, pack), OPEN0);
        v128.store(to, i8x16.swizzle(open1, pack), OPEN1);
        to += 4 * popcnt(isOpen);
      }
    }
  }
  return (to - base) / 4;
}

/** Sets (or, the first time, writes) the bits of four blocks in a row. */
// @ts-ignore: decorator
@inline function keepInOrder(isFirst: bool, at: usize, kept01: v128, kept23: v128): void {
  v128.store(at, isFirst ? kept01 : v128.or(v128.load(at), kept01));
  v128.store(at, isFirst ? kept23 : v128.or(v128.load(at, 16), kept23), 16);
}

/** Sets the bits of four blocks wherever they are. Padding has no bits; it stands for the first block. */
// @ts-ignore: decorator
@inline function keepListed(mask: usize, lanes: usize, counter: u32, kept01: v128, kept23: v128): void {
  keepBlock(mask, load<u32>(lanes, COUNTER) - counter, i64x2.extract_lane(kept01, 0));
  keepBlock(mask, load<u32>(lanes, COUNTER + 4) - counter, i64x2.extract_lane(kept01, 1));
  keepBlock(mask, load<u32>(lanes, COUNTER + 8) - counter, i64x2.extract_lane(kept23, 0));
  keepBlock(mask, load<u32>(lanes, COUNTER + 12) - counter, i64x2.extract_lane(kept23, 1));
}

// @ts-ignore: decorator
@inline function keepBlock(mask: usize, block: usize, bits: i64): void {
  store<i64>(mask + 8 * block, load<i64>(mask + 8 * block) | bits);
}

/** Moves a mask by `shift` < 64 bits towards its beginning; `words` 64-bit words are written, one more is read. */
export function shiftMask(mask: usize, shift: u64, words: usize): void {
  if (shift == 0) return;
  for (const end = mask + 8 * words; mask < end; mask += 8) {
    store<u64>(mask, (load<u64>(mask) >> shift) | (load<u64>(mask, 8) << (64 - shift)));
  }
}

/**
 * Draws the mask of `n` <= 32,768 - shift elements that begin `shift` bits into block hi * 2^32 + lo.
 * Returns where it lies: element j is bit j, bits past `n` up to a whole 32-bit word are 0.
 */
export function mask(hi: u32, lo: u32, shift: u32, n: usize): usize {
  const at = base + MASK0;
  const blocks = (shift + <u32>n + 63) / 64;
  // The high word changes at the next multiple of 2^32 blocks.
  const before = <u32>min<u64>(0x100000000 - <u64>lo, blocks);
  draw(at, hi, lo, before);
  if (before < blocks) draw(at + 8 * before, hi + 1, 0, blocks - before);
  shiftMask(at, shift, (n + 63) / 64);
  if (n % 32 != 0) {
    const last = at + 4 * (n / 32);
    store<u32>(last, load<u32>(last) & ((1 << (<u32>n % 32)) - 1));
  }
  return at;
}
