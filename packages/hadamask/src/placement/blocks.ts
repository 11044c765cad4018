// Blocks that are dropped around seeds: how many blocks reach each place of a map, and how often seeds must fall so
// that a given share of the map is dropped. Knows no randomness and no layer.

import { sizeOf } from "../check.js";
import type { Shape } from "./shape.js";

/** Where blocks may lie: wholly inside the map, or anywhere that they meet it, cut off at its edges. */
export type BlockPlacement = "inside" | "cut";

/** A map and the blocks that may cover it, axis by axis. */
export interface BlockGrid {
  readonly map: Shape;
  /** Lengths of a block, at most those of the map where it has to lie inside. */
  readonly block: Shape;
  readonly placement: BlockPlacement;
  /** Where a block can be, as counts along each axis: one decision each. */
  readonly seeds: Shape;
}

/** The grid of blocks of `blockSize` over a map; blocks larger than the map are cut to its size. */
export function blockGrid(map: Shape, blockSize: Shape, placement: BlockPlacement): BlockGrid {
  const block = map.map((length, axis) => Math.min(blockSize[axis]!, length));
  const seeds = map.map((length, axis) => {
    if (length === 0) return 0;
    return placement === "inside" ? length - block[axis]! + 1 : length + block[axis]! - 1;
  });
  return { map, block, placement, seeds };
}

/** The places that a block at seed `s` covers along an axis: [begin, end). */
function extent(grid: BlockGrid, axis: number, s: number): readonly [number, number] {
  const begin = grid.placement === "inside" ? s : s - grid.block[axis]! + 1;
  return [Math.max(0, begin), Math.min(grid.map[axis]!, begin + grid.block[axis]!)];
}

/** How many blocks cover each place of an axis. */
function coversAlong(grid: BlockGrid, axis: number): Float64Array {
  const covers = new Float64Array(grid.map[axis]!);
  for (let s = 0; s < grid.seeds[axis]!; s++) {
    const [begin, end] = extent(grid, axis, s);
    for (let i = begin; i < end; i++) covers[i]! += 1;
  }
  return covers;
}

/** How many blocks cover each place of the map, in C order. */
export function blockCovers(grid: BlockGrid): Float64Array {
  let covers = Float64Array.of(1);
  grid.map.forEach((length, axis) => {
    const along = coversAlong(grid, axis);
    const next = new Float64Array(covers.length * length);
    for (let i = 0; i < next.length; i++) next[i] = covers[Math.floor(i / length)]! * along[i % length]!;
    covers = next;
  });
  return covers;
}

/**
 * How dense seeds have to be so that on average `keep` of the map is kept: t, where a seed has no block with
 * probability e^(-t).
 *
 *     a place that c blocks cover is kept with probability e^(-c t)
 *     mean over the map of e^(-c t) = keep, solved for t
 *
 * Numerics. Newton's method on ln(mean of e^(-c t)) = ln keep. The left side is convex and falls, so from t = 0 every
 *   step stays on the left of the solution and no step can overshoot. Rates near 0 and near 1 keep their digits.
 *   Infinite where keep is 0.
 */
export function seedDensity(covers: Float64Array, keep: number): number {
  if (keep === 0) return Number.POSITIVE_INFINITY;
  if (keep === 1 || covers.length === 0) return 0;
  const goal = keep > 0.5 ? Math.log1p(-(1 - keep)) : Math.log(keep);
  let t = 0;
  for (let round = 0; round < 100; round++) {
    const { value, slope } = logMean(covers, t);
    const step = (value - goal) / -slope;
    t += step;
    if (!(Math.abs(step) > 1e-15 * t)) break;
  }
  return t;
}

/** ln(mean of e^(-c t)) and its derivative. Near 0 by way of e^(-c t) - 1, so that small rates keep their digits. */
function logMean(covers: Float64Array, t: number): { value: number; slope: number } {
  let [missing, weights, weighted] = [0, 0, 0];
  for (const c of covers) {
    const power = Math.exp(-c * t);
    missing -= Math.expm1(-c * t);
    weights += power;
    weighted += c * power;
  }
  const n = covers.length;
  const value = weights > 0.5 * n ? Math.log1p(-missing / n) : Math.log(weights / n);
  return { value, slope: -weighted / weights };
}

/** The probability of each place to be dropped: 1 - e^(-c t). */
export function blockRates(covers: Float64Array, density: number): Float64Array {
  return covers.map((c) => -Math.expm1(-c * density));
}

/** Marks what the blocks of one map cover: `isSeeded(s)` says which of the seeds, in C order, have a block. */
export function markBlocks(grid: BlockGrid, isSeeded: (seed: number) => boolean, dropped: Uint8Array): void {
  const count = sizeOf(grid.seeds);
  for (let seed = 0; seed < count; seed++) if (isSeeded(seed)) markBlock(grid, seed, dropped);
}

/** Marks the places of one block. */
function markBlock(grid: BlockGrid, seed: number, dropped: Uint8Array): void {
  const extents: (readonly [number, number])[] = [];
  let rest = seed;
  for (let axis = grid.map.length - 1; axis >= 0; axis--) {
    extents[axis] = extent(grid, axis, rest % grid.seeds[axis]!);
    rest = Math.floor(rest / grid.seeds[axis]!);
  }
  const mark = (axis: number, start: number): void => {
    const [begin, end] = extents[axis]!;
    if (axis === grid.map.length - 1) {
      dropped.fill(1, start * grid.map[axis]! + begin, start * grid.map[axis]! + end);
      return;
    }
    for (let i = begin; i < end; i++) mark(axis + 1, start * grid.map[axis]! + i);
  };
  mark(0, 0);
}
