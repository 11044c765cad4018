// Dense products in float64, plain or with a mask on every weight: a few rows of a matrix at a time, the mask of
// those rows beside them. Sums are added in the order that src/kernels/dense.ts states, so that results agree with it
// to the last bit.
//
// A weight that is dropped must count for nothing, even where it or its factor is infinite: so it is the product that
// is masked. Eight bits of mask choose four vectors of ones and zeros from a table; to make them by comparing would
// take three operations each, as many as the product and the sum.
//
// Decorators are AssemblyScript; TypeScript takes none of functions: hence each `@ts-ignore: decorator`.

import { base, LANES, PARTIAL, ROWS } from "./layout";

for (let byte: u32 = 0; byte < 256; byte++) {
  for (let lane: u32 = 0; lane < 8; lane++) {
    store<i64>(base + 64 * byte + 8 * lane, -(<i64>((byte >> lane) & 1)), LANES);
  }
}

/** Where the lanes of the mask byte at `at` are, in the table at `lanes`. */
// @ts-ignore: decorator
@inline function lanesAt(lanes: usize, at: usize): usize {
  return lanes + 64 * <usize>load<u8>(at);
}

// The products of the eight columns of a byte, two at a time.
// @ts-ignore: decorator
@inline function masked0(isMasked: bool, product: v128, lanes: usize): v128 {
  return isMasked ? v128.and(product, v128.load(lanes)) : product;
}
// @ts-ignore: decorator
@inline function masked1(isMasked: bool, product: v128, lanes: usize): v128 {
  return isMasked ? v128.and(product, v128.load(lanes, 16)) : product;
}
// @ts-ignore: decorator
@inline function masked2(isMasked: bool, product: v128, lanes: usize): v128 {
  return isMasked ? v128.and(product, v128.load(lanes, 32)) : product;
}
// @ts-ignore: decorator
@inline function masked3(isMasked: bool, product: v128, lanes: usize): v128 {
  return isMasked ? v128.and(product, v128.load(lanes, 48)) : product;
}

/** Whether bit `j` from address `bits` on is 1. */
// @ts-ignore: decorator
@inline function isKept(bits: usize, j: usize): bool {
  return ((load<u8>(bits + j / 8) >> <u8>(j & 7)) & 1) != 0;
}

/** The mask of `rows` rows with each row beginning at a whole byte; returns where it is. */
export function alignRows(bits: usize, rows: usize, columns: usize): usize {
  if (columns % 8 == 0) return bits;
  const stride = (columns + 7) / 8;
  const to = base + ROWS;
  for (let i: usize = 0, at: usize = 0; i < rows; i++, at += columns) {
    for (let byte: usize = 0; byte < stride; byte++) {
      const bit = at + 8 * byte;
      store<u8>(to + i * stride + byte, <u8>(load<u16>(bits + bit / 8) >> <u16>(bit & 7)));
    }
  }
  return to;
}

/**
 * Adds x_i w_ij to sums_j for `rows` rows i of w, `columns` wide; with a mask, where its bit is 1. Rows of the mask
 * begin at whole bytes. Rows are taken four at a time, so that a sum is read and written once for four products.
 */
// @ts-ignore: decorator
@inline export function addRows(
  isMasked: bool, sums: usize, x: usize, w: usize, rows: usize, columns: usize, bits: usize,
): void {
  const stride = (columns + 7) / 8;
  let i: usize = 0;
  for (; i + 4 <= rows; i += 4) {
    addFourRows(isMasked, sums, x + 8 * i, w + 8 * i * columns, columns, bits + i * stride);
    for (let r = i; r < i + 4; r++) {
      addRow(isMasked, sums, x + 8 * r, w + 8 * r * columns, columns & ~7, columns, bits + r * stride);
    }
  }
  for (; i < rows; i++) addRow(isMasked, sums, x + 8 * i, w + 8 * i * columns, 0, columns, bits + i * stride);
}

/** The columns up to a multiple of eight. */
// @ts-ignore: decorator
@inline function addFourRows(isMasked: bool, sums: usize, x: usize, w: usize, columns: usize, bits0: usize): void {
  const x0 = v128.load64_splat(x), x1 = v128.load64_splat(x, 8);
  const x2 = v128.load64_splat(x, 16), x3 = v128.load64_splat(x, 24);
  const w1 = w + 8 * columns, w2 = w1 + 8 * columns, w3 = w2 + 8 * columns;
  const stride = (columns + 7) / 8;
  const bits1 = bits0 + stride, bits2 = bits1 + stride, bits3 = bits2 + stride;
  const lanes = base + LANES, whole = columns & ~7;
  let m: usize = 0;
  for (let j: usize = 0; j < whole; j += 8) {
    const to = sums + 8 * j, from = 8 * j;
    let s0 = v128.load(to), s1 = v128.load(to, 16), s2 = v128.load(to, 32), s3 = v128.load(to, 48);
    m = isMasked ? lanesAt(lanes, bits0 + j / 8) : 0;
    s0 = f64x2.add(s0, masked0(isMasked, f64x2.mul(x0, v128.load(w + from)), m));
    s1 = f64x2.add(s1, masked1(isMasked, f64x2.mul(x0, v128.load(w + from, 16)), m));
    s2 = f64x2.add(s2, masked2(isMasked, f64x2.mul(x0, v128.load(w + from, 32)), m));
    s3 = f64x2.add(s3, masked3(isMasked, f64x2.mul(x0, v128.load(w + from, 48)), m));
    m = isMasked ? lanesAt(lanes, bits1 + j / 8) : 0;
    s0 = f64x2.add(s0, masked0(isMasked, f64x2.mul(x1, v128.load(w1 + from)), m));
    s1 = f64x2.add(s1, masked1(isMasked, f64x2.mul(x1, v128.load(w1 + from, 16)), m));
    s2 = f64x2.add(s2, masked2(isMasked, f64x2.mul(x1, v128.load(w1 + from, 32)), m));
    s3 = f64x2.add(s3, masked3(isMasked, f64x2.mul(x1, v128.load(w1 + from, 48)), m));
    m = isMasked ? lanesAt(lanes, bits2 + j / 8) : 0;
    s0 = f64x2.add(s0, masked0(isMasked, f64x2.mul(x2, v128.load(w2 + from)), m));
    s1 = f64x2.add(s1, masked1(isMasked, f64x2.mul(x2, v128.load(w2 + from, 16)), m));
    s2 = f64x2.add(s2, masked2(isMasked, f64x2.mul(x2, v128.load(w2 + from, 32)), m));
    s3 = f64x2.add(s3, masked3(isMasked, f64x2.mul(x2, v128.load(w2 + from, 48)), m));
    m = isMasked ? lanesAt(lanes, bits3 + j / 8) : 0;
    s0 = f64x2.add(s0, masked0(isMasked, f64x2.mul(x3, v128.load(w3 + from)), m));
    s1 = f64x2.add(s1, masked1(isMasked, f64x2.mul(x3, v128.load(w3 + from, 16)), m));
    s2 = f64x2.add(s2, masked2(isMasked, f64x2.mul(x3, v128.load(w3 + from, 32)), m));
    s3 = f64x2.add(s3, masked3(isMasked, f64x2.mul(x3, v128.load(w3 + from, 48)), m));
    v128.store(to, s0); v128.store(to, s1, 16); v128.store(to, s2, 32); v128.store(to, s3, 48);
  }
}

/** Columns `from` to `columns` of one row. */
// @ts-ignore: decorator
@inline function addRow(
  isMasked: bool, sums: usize, x: usize, w: usize, from: usize, columns: usize, bits: usize,
): void {
  const value = load<f64>(x);
  for (let j = from; j < columns; j++) {
    if (isMasked && !isKept(bits, j)) continue;
    store<f64>(sums + 8 * j, load<f64>(sums + 8 * j) + value * load<f64>(w + 8 * j));
  }
}

/**
 * For `rows` rows i of w: adds x_i dy_j to dw_ij, and the sum over j of dy_j w_ij to dx_i; with a mask, only where
 * its bit is 1. The sum over j is that of eight partial ones, of j modulo 8: ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 +
 * 7)).
 */
// @ts-ignore: decorator
@inline export function addGradients(
  isMasked: bool, dw: usize, dx: usize, x: usize, dy: usize, w: usize, rows: usize, columns: usize, bits: usize,
): void {
  const lanes = base + LANES, partial = base + PARTIAL;
  const stride = (columns + 7) / 8, whole = columns & ~7;
  for (let i: usize = 0; i < rows; i++) {
    const xi = v128.load64_splat(x);
    let p0 = f64x2.splat(0), p1 = p0, p2 = p0, p3 = p0;
    for (let j: usize = 0; j < whole; j += 8) {
      const m = isMasked ? lanesAt(lanes, bits + j / 8) : 0;
      const from = dy + 8 * j, fromW = w + 8 * j, to = dw + 8 * j;
      const d0 = v128.load(from), d1 = v128.load(from, 16), d2 = v128.load(from, 32), d3 = v128.load(from, 48);
      v128.store(to, f64x2.add(v128.load(to), masked0(isMasked, f64x2.mul(xi, d0), m)));
      v128.store(to, f64x2.add(v128.load(to, 16), masked1(isMasked, f64x2.mul(xi, d1), m)), 16);
      v128.store(to, f64x2.add(v128.load(to, 32), masked2(isMasked, f64x2.mul(xi, d2), m)), 32);
      v128.store(to, f64x2.add(v128.load(to, 48), masked3(isMasked, f64x2.mul(xi, d3), m)), 48);
      p0 = f64x2.add(p0, masked0(isMasked, f64x2.mul(d0, v128.load(fromW)), m));
      p1 = f64x2.add(p1, masked1(isMasked, f64x2.mul(d1, v128.load(fromW, 16)), m));
      p2 = f64x2.add(p2, masked2(isMasked, f64x2.mul(d2, v128.load(fromW, 32)), m));
      p3 = f64x2.add(p3, masked3(isMasked, f64x2.mul(d3, v128.load(fromW, 48)), m));
    }
    v128.store(partial, p0); v128.store(partial, p1, 16); v128.store(partial, p2, 32); v128.store(partial, p3, 48);
    for (let j = whole; j < columns; j++) {
      if (isMasked && !isKept(bits, j)) continue;
      const delta = load<f64>(dy + 8 * j), sum = partial + 8 * (j & 7);
      store<f64>(dw + 8 * j, load<f64>(dw + 8 * j) + load<f64>(x) * delta);
      store<f64>(sum, load<f64>(sum) + delta * load<f64>(w + 8 * j));
    }
    store<f64>(dx, load<f64>(dx) + sumOfEight(partial));
    x += 8;
    dx += 8;
    w += 8 * columns;
    dw += 8 * columns;
    bits += stride;
  }
}

// @ts-ignore: decorator
@inline function sumOfEight(at: usize): f64 {
  return (
    ((load<f64>(at) + load<f64>(at, 32)) + (load<f64>(at, 16) + load<f64>(at, 48))) +
    ((load<f64>(at, 8) + load<f64>(at, 40)) + (load<f64>(at, 24) + load<f64>(at, 56)))
  );
}
