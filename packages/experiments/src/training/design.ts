// Which rows a seed trains on and which it is tested on. What the intervals of a comparison can say depends on it: see
// statistics/.

import { foldIn, key } from "hadamask";
import { permutation, runKeys } from "../chance.js";
import type { Dataset } from "../data/dataset.js";
import type { Design } from "../result.js";

/** Share of the rows that all seeds are tested on, where each seed has training rows of its own. */
const TEST_SHARE = 0.3;

/** Parts of the data where training rows overlap: each is the test rows of one seed in five. */
const FOLDS = 5;

/** Any fixed number: the order of the rows is the same in every comparison of the same data. */
const ORDER = key(1797);

/** Test rows of the design "disjoint". */
const sharedTestRows = (rows: number): number => Math.max(1, Math.floor(TEST_SHARE * rows));

/** The most training rows that so many seeds can have without sharing one. */
const mostDisjoint = (rows: number, seeds: number): number => Math.floor((rows - sharedTestRows(rows)) / seeds);

/** The most training rows of a table that comes without test rows. */
export const mostTrainRows = (rows: number): number => rows - Math.ceil(rows / FOLDS);

/**
 * - "given": the data come with test rows, the same for all; each seed draws its training rows.
 * - "disjoint": one part of the rows is for testing, the same for all; of the rest each seed has rows of its own.
 * - "folds": too many training rows for that. Each seed is tested on a fifth of the rows, five seeds on all of them,
 *   and trained on some of the others; their training rows overlap.
 */
export function designFor(data: Dataset, trainRows: number, seeds: readonly number[]): Design {
  if (data.test !== undefined) return "given";
  return trainRows <= mostDisjoint(data.pool.rows, Math.max(...seeds) + 1) ? "disjoint" : "folds";
}

/**
 * How many rows a seed is tested on.
 *
 * @example
 * ```ts
 * import { testRowCount } from "@hadamask/experiments/settings";
 * const features = Float32Array.from({ length: 400 }, (_, i) => Math.sin(12.9898 * i));
 * const labels = Uint16Array.from({ length: 200 }, (_, i) => (features[2 * i]! > 0 ? 1 : 0));
 * const pool = { rows: 200, features, labels };
 * const about = { name: "halves", description: "Points in two halves.", classes: ["left", "right"] };
 * const data = { ...about, featureCount: 2, scaling: 1, pool, defaultTrainRows: 30 };
 * console.log(testRowCount(data, "folds", 0)); // 40
 * ```
 */
export function testRowCount(data: Dataset, design: Design, seed: number): number {
  const { rows } = data.pool;
  if (design === "given") return data.test!.rows;
  if (design === "disjoint") return sharedTestRows(rows);
  const [start, end] = foldOf(rows, seed);
  return end - start;
}

/** Where the fold that a seed is tested on begins and ends. */
function foldOf(rows: number, seed: number): [number, number] {
  const fold = seed % FOLDS;
  return [fold, fold + 1].map((f) => Math.floor((rows * f) / FOLDS)) as [number, number];
}

/** Rows of the pool by their numbers. `test` is undefined where the data come with test rows. */
export interface ChosenRows {
  readonly train: Uint32Array;
  readonly test: Uint32Array | undefined;
}

/**
 * @example
 * ```ts
 * import { chooseRows } from "@hadamask/experiments/settings";
 * const features = Float32Array.from({ length: 400 }, (_, i) => Math.sin(12.9898 * i));
 * const labels = Uint16Array.from({ length: 200 }, (_, i) => (features[2 * i]! > 0 ? 1 : 0));
 * const pool = { rows: 200, features, labels };
 * const about = { name: "halves", description: "Points in two halves.", classes: ["left", "right"] };
 * const data = { ...about, featureCount: 2, scaling: 1, pool, defaultTrainRows: 30 };
 * const { train, test } = chooseRows(data, "disjoint", 30, 0);
 * console.log(train.length, test?.length); // 30 60
 * ```
 */
export function chooseRows(data: Dataset, design: Design, trainRows: number, seed: number): ChosenRows {
  const { rows } = data.pool;
  if (design === "given") return { train: permutation(runKeys(seed).split, rows).slice(0, trainRows), test: undefined };
  if (design === "disjoint") {
    const order = permutation(foldIn(ORDER, 0), rows);
    const start = sharedTestRows(rows) + seed * trainRows;
    return { train: order.slice(start, start + trainRows), test: order.slice(0, sharedTestRows(rows)) };
  }
  const order = permutation(foldIn(ORDER, 1 + Math.floor(seed / FOLDS)), rows);
  const [start, end] = foldOf(rows, seed);
  return {
    test: order.slice(start, end),
    train: Uint32Array.from({ length: trainRows }, (_, i) => order[(end + i) % rows]!),
  };
}
