// What the module exports. Addresses are bytes; hi and lo are the number of a block (64 elements), high and low words.
//
// The arithmetic is that of the contract in src/kernels/kernel.ts: bits as in mask stream 1, one multiplication, +0
// where an element is dropped.

import { begin, finish } from "./apply";
import { addGradients, addRows, alignRows } from "./dense";
import { base, BLOCKS, MASK0, MASK1, ROWS, SCRATCH } from "./layout";
import { fill } from "./normal";
import { draw, fullPlanes, mask, setThreshold, shiftMask } from "./mask";
import { setKey } from "./threefry";

export { mask };

if (ROWS + 32768 > SCRATCH) unreachable();

/** Sets the key and the threshold (0 < T < 2^53) for the calls that follow. */
export function prepare(key0: u32, key1: u32, T: f64): void {
  setKey(key0, key1);
  setThreshold(T);
}

// The calls that draw all have one signature: input, output, number of elements, block and place of the first one in
// it, and two parameters.

export function dropout32(x: usize, out: usize, n: usize, hi: u32, lo: u32, shift: u32, scale: f64, _: f64): void {
  dropout<f32>(x, out, n, hi, lo, shift, scale);
}

export function dropout64(x: usize, out: usize, n: usize, hi: u32, lo: u32, shift: u32, scale: f64, _: f64): void {
  dropout<f64>(x, out, n, hi, lo, shift, scale);
}

export function normals32(
  _: usize,
  out: usize,
  n: usize,
  hi: u32,
  lo: u32,
  skip: u32,
  mean: f64,
  deviation: f64,
): void {
  fill<f32>(false, 0, out, n, hi, lo, skip, mean, deviation);
}

export function normals64(
  _: usize,
  out: usize,
  n: usize,
  hi: u32,
  lo: u32,
  skip: u32,
  mean: f64,
  deviation: f64,
): void {
  fill<f64>(false, 0, out, n, hi, lo, skip, mean, deviation);
}

export function multiplyByNormals32(
  x: usize,
  out: usize,
  n: usize,
  hi: u32,
  lo: u32,
  skip: u32,
  mean: f64,
  deviation: f64,
): void {
  fill<f32>(true, x, out, n, hi, lo, skip, mean, deviation);
}

export function multiplyByNormals64(
  x: usize,
  out: usize,
  n: usize,
  hi: u32,
  lo: u32,
  skip: u32,
  mean: f64,
  deviation: f64,
): void {
  fill<f64>(true, x, out, n, hi, lo, skip, mean, deviation);
}

export function apply32(x: usize, out: usize, n: usize, bits: usize, scale: f64): void {
  begin<f32>(x, out, n, bits, scale, 0);
  finish();
}

export function apply64(x: usize, out: usize, n: usize, bits: usize, scale: f64): void {
  begin<f64>(x, out, n, bits, scale, 0);
  finish();
}

// Dense products (dense.ts), on float64.

export function addProducts(sums: usize, x: usize, w: usize, rows: usize, columns: usize): void {
  addRows(false, sums, x, w, rows, columns, 0);
}

export function addMaskedProducts(sums: usize, x: usize, w: usize, rows: usize, columns: usize, bits: usize): void {
  addRows(true, sums, x, w, rows, columns, alignRows(bits, rows, columns));
}

export function addPlainGradients(
  dw: usize, dx: usize, x: usize, dy: usize, w: usize, rows: usize, columns: usize,
): void {
  addGradients(false, dw, dx, x, dy, w, rows, columns, 0);
}

export function addMaskedGradients(
  dw: usize, dx: usize, x: usize, dy: usize, w: usize, rows: usize, columns: usize, bits: usize,
): void {
  addGradients(true, dw, dx, x, dy, w, rows, columns, alignRows(bits, rows, columns));
}

/**
 * Element 0 is bit `shift` of block hi * 2^32 + lo. The mask of a piece is drawn while the piece before it is
 * written.
 */
function dropout<F>(x: usize, out: usize, n: usize, hi: u32, lo: u32, shift: u32, scale: f64): void {
  let mask = base + MASK0, other = base + MASK1;
  while (n > 0) {
    // Up to the next multiple of 2^32 blocks, where the high word changes.
    const before = 0x100000000 - <u64>lo;
    const blocks = <usize>min<u64>(before, min<usize>(BLOCKS, (<usize>shift + n + 63) / 64));
    const count = min<usize>(n, 64 * blocks - shift);
    draw(mask, hi, lo, blocks);
    shiftMask(mask, shift, (count + 63) / 64);
    finish();
    begin<F>(x, out, count, mask, scale, fullPlanes() * <i32>(BLOCKS / 16));
    x += count * sizeof<F>();
    out += count * sizeof<F>();
    n -= count;
    shift = 0;
    lo += <u32>blocks;
    if (lo == 0) hi++;
    const free = other;
    other = mask;
    mask = free;
  }
  finish();
}
