// Dense products in SIMD, on float64. A few rows of the weights at a time are met by all rows of x while they are in
// the cache; the mask of those weights is drawn anew for each row of x, so that never more than a piece of one mask
// exists.

import type { FloatArray } from "../types.js";
import { alloc, free, homeOf } from "./arena.js";
import type { DrawnDense } from "./dense-plain.js";
import { PIECE, type SimdInstance } from "./simd-instance.js";

/** Weights at a time. */
const CHUNK = 16_384;

/** Wider matrices have rows that one drawing does not hold, wherever it begins in its first block. */
export const MOST_OUTPUTS: number = PIECE - 63;

/** Some rows of the weights in the memory of the kernel. */
interface Chunk {
  readonly first: number;
  readonly rows: number;
  /** Address of the weights. */
  readonly w: number;
}

/** Arrays of one call, side by side in the memory of the kernel, for as long as it takes. */
class Workspace {
  readonly #whole: Float64Array;
  #used = 0;

  constructor(lengths: readonly number[]) {
    this.#whole = alloc(
      lengths.reduce((sum, n) => sum + n, 0),
      "float64",
    );
  }

  /** The next array, filled with `values` or zeros. */
  take(n: number, values?: FloatArray): Float64Array {
    const array = this.#whole.subarray(this.#used, this.#used + n);
    this.#used += n;
    if (values !== undefined) array.set(values);
    return array;
  }

  get instance(): SimdInstance {
    return homeOf(this.#whole)!;
  }

  release(): void {
    free(this.#whole);
  }
}

/** Calls `visit` with all rows of `weights`, some at a time, in order. */
function forEachChunk(
  weights: FloatArray,
  inputs: number,
  outputs: number,
  place: Float64Array,
  visit: (chunk: Chunk) => void,
): void {
  const rows = chunkRows(inputs, outputs);
  for (let first = 0; first < inputs; first += rows) {
    const count = Math.min(rows, inputs - first);
    place.set(weights.subarray(first * outputs, (first + count) * outputs));
    visit({ first, rows: count, w: place.byteOffset });
  }
}

function chunkRows(inputs: number, outputs: number): number {
  return Math.min(inputs, Math.max(1, Math.floor(CHUNK / outputs)));
}

/** Draws the mask of a chunk for one row of x; returns where its bits are. */
function drawChunk({ run }: SimdInstance, { masks, outputs, T }: DrawnDense, s: number, chunk: Chunk): number {
  const { key, offset } = masks[s]!;
  const first = offset + chunk.first * outputs;
  const block = Math.floor(first / 64);
  run.prepare(key[0], key[1], T);
  return run.mask(Math.floor(block / 2 ** 32), block % 2 ** 32, first % 64, chunk.rows * outputs);
}

/** Adds x W to `out` [rows, outputs]. */
export function addProduct(
  out: Float64Array,
  x: FloatArray,
  weights: FloatArray,
  inputs: number,
  outputs: number,
): void {
  product(out, x, weights, inputs, outputs, ({ run }, sums, values, chunk) => {
    run.addProducts(sums, values, chunk.w, chunk.rows, outputs);
  });
}

/** Adds x_s (M_s * W) to row s of `out`. */
export function addDrawnProducts(out: Float64Array, dense: DrawnDense): void {
  const { x, weights, inputs, outputs } = dense;
  product(out, x, weights, inputs, outputs, (instance, sums, values, chunk, s) => {
    const bits = drawChunk(instance, dense, s, chunk);
    instance.run.addMaskedProducts(sums, values, chunk.w, chunk.rows, outputs, bits);
  });
}

/**
 * `add` adds the products of a chunk and the part of row s of x that it meets to the sums of that row; all by
 * address.
 */
function product(
  out: Float64Array,
  x: FloatArray,
  weights: FloatArray,
  inputs: number,
  outputs: number,
  add: (instance: SimdInstance, sums: number, x: number, chunk: Chunk, s: number) => void,
): void {
  const space = new Workspace([chunkRows(inputs, outputs) * outputs, x.length, out.length]);
  const place = space.take(chunkRows(inputs, outputs) * outputs);
  const values = space.take(x.length, x);
  const sums = space.take(out.length, out);
  const rows = x.length / inputs;
  forEachChunk(weights, inputs, outputs, place, (chunk) => {
    for (let s = 0; s < rows; s++) {
      const from = values.byteOffset + 8 * (s * inputs + chunk.first);
      add(space.instance, sums.byteOffset + 8 * s * outputs, from, chunk, s);
    }
  });
  out.set(sums);
  space.release();
}

/**
 * Adds the sum over the rows of x_s' dy_s to `dW`, and dy_s W' to row s of `dx`; with a mask on W, where there is
 * one.
 */
export function addGradients(
  dW: Float64Array,
  dx: Float64Array,
  dy: FloatArray,
  dense: Omit<DrawnDense, "masks" | "T"> & Partial<DrawnDense>,
): void {
  const { x, weights, inputs, outputs, masks } = dense;
  const size = chunkRows(inputs, outputs) * outputs;
  const space = new Workspace([size, size, x.length, dy.length, dx.length]);
  const [place, gradient] = [space.take(size), space.take(size)];
  const [values, deltas, sums] = [space.take(x.length, x), space.take(dy.length, dy), space.take(dx.length, dx)];
  const { run } = space.instance;
  forEachChunk(weights, inputs, outputs, place, (chunk) => {
    const { first, rows, w } = chunk;
    const part = dW.subarray(first * outputs, (first + rows) * outputs);
    gradient.set(part);
    for (let s = 0; s < x.length / inputs; s++) {
      const at = 8 * (s * inputs + first);
      const [xs, dxs, dys] = [values.byteOffset + at, sums.byteOffset + at, deltas.byteOffset + 8 * s * outputs];
      if (masks === undefined) run.addPlainGradients(gradient.byteOffset, dxs, xs, dys, w, rows, outputs);
      else {
        const bits = drawChunk(space.instance, dense as DrawnDense, s, chunk);
        run.addMaskedGradients(gradient.byteOffset, dxs, xs, dys, w, rows, outputs, bits);
      }
    }
    part.set(gradient.subarray(0, part.length));
  });
  dx.set(sums);
  space.release();
}
