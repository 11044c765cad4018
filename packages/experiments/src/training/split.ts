// One seed's training and test rows, as the network sees them. Knows no network.

import type { Dataset, Table } from "../data/dataset.js";
import type { Design } from "../result.js";
import { chooseRows } from "./design.js";

/** Some rows of a table, numbered from 0; inputs are scaled as they are read. */
export interface Rows {
  readonly count: number;
  readonly featureCount: number;
  /** Writes the inputs of `rows` (numbers in 0 … count - 1) one after the other into `out`. */
  readInputs(rows: ArrayLike<number>, out: Float32Array): void;
  /** The number of its class, or its value. */
  label(row: number): number;
}

export interface Split {
  readonly train: Rows;
  readonly test: Rows;
  readonly scaling: Scaling;
  /** Of the values that are predicted; absent where classes are. */
  readonly targetScaling?: TargetScaling;
  /** Which rows of the pool are the test rows; undefined where the data come with test rows of their own. */
  readonly heldOut: Uint32Array | undefined;
}

/**
 * The rows of one seed. The inputs of both parts are scaled by what the training rows say.
 *
 * @param trainRows At least 1, at most what the design has.
 * @example
 * ```ts
 * import { splitRows } from "@hadamask/experiments";
 * const features = Float32Array.from({ length: 400 }, (_, i) => Math.sin(12.9898 * i));
 * const labels = Uint16Array.from({ length: 200 }, (_, i) => (features[2 * i]! > 0 ? 1 : 0));
 * const pool = { rows: 200, features, labels };
 * const about = { name: "halves", description: "Points in two halves.", classes: ["left", "right"] };
 * const data = { ...about, featureCount: 2, scaling: 1, pool, defaultTrainRows: 30 };
 * const { train, test } = splitRows(data, { design: "disjoint", trainRows: 30 }, 0);
 * console.log(train.count, test.count); // 30 60
 * ```
 */
export function splitRows(data: Dataset, { design, trainRows }: SplitSettings, seed: number): Split {
  const chosen = chooseRows(data, design, trainRows, seed);
  const scaling = scalingOf(data, chosen.train);
  const rows = (table: Table, indices: Uint32Array): Rows => viewRows(table, indices, data.featureCount, scaling);
  const test =
    chosen.test === undefined
      ? rows(
          data.test!,
          Uint32Array.from({ length: data.test!.rows }, (_, i) => i),
        )
      : rows(data.pool, chosen.test);
  return {
    train: rows(data.pool, chosen.train),
    test,
    scaling,
    ...(data.target && { targetScaling: targetScalingOf(data.pool.labels, chosen.train) }),
    heldOut: chosen.test,
  };
}

/** What decides on the rows of a seed. */
export interface SplitSettings {
  readonly design: Design;
  readonly trainRows: number;
}

/** Rows `start` to `end` of some rows, as rows of their own. */
export const partOf = (rows: Rows, start: number, end: number): Rows => ({
  count: end - start,
  featureCount: rows.featureCount,
  readInputs: (chosen, out) =>
    rows.readInputs(
      Array.from(chosen, (row) => start + row),
      out,
    ),
  label: (row) => rows.label(start + row),
});

/** Input = (stored value - shift) * factor, column by column; a missing one is 0, the mean of the training rows. */
export interface Scaling {
  readonly shift: Float64Array;
  readonly factor: Float64Array;
}

/** What a network predicts = (value - shift) / scale. */
export interface TargetScaling {
  readonly shift: number;
  readonly scale: number;
}

function scalingOf(data: Dataset, trainIndices: Uint32Array): Scaling {
  const d = data.featureCount;
  const shift = new Float64Array(d);
  if (data.scaling !== "standardise") return { shift, factor: new Float64Array(d).fill(data.scaling) };
  const { features } = data.pool;
  const known = knownValues(data, trainIndices);
  const squares = new Float64Array(d);
  for (const row of trainIndices) {
    for (let c = 0; c < d; c++) {
      const value = features[row * d + c]!;
      if (!Number.isNaN(value)) shift[c]! += value / known[c]!;
    }
  }
  for (const row of trainIndices) {
    for (let c = 0; c < d; c++) {
      const value = features[row * d + c]!;
      if (!Number.isNaN(value)) squares[c]! += (value - shift[c]!) ** 2 / known[c]!;
    }
  }
  // A column that is constant in the training rows says nothing: it becomes 0.
  return { shift, factor: squares.map((variance) => (variance > 0 ? 1 / Math.sqrt(variance) : 0)) };
}

/** How many training rows have a value, column by column. */
function knownValues({ pool: { features }, featureCount: d }: Dataset, trainIndices: Uint32Array): Float64Array {
  const known = new Float64Array(d);
  for (const row of trainIndices) for (let c = 0; c < d; c++) if (!Number.isNaN(features[row * d + c]!)) known[c]!++;
  return known;
}

/** Mean and standard deviation over the training rows; values that are all the same are only shifted. */
function targetScalingOf(values: ArrayLike<number>, trainIndices: Uint32Array): TargetScaling {
  const n = trainIndices.length;
  const shift = trainIndices.reduce((sum, row) => sum + values[row]!, 0) / n;
  const variance = trainIndices.reduce((sum, row) => sum + (values[row]! - shift) ** 2, 0) / n;
  return { shift, scale: variance > 0 ? Math.sqrt(variance) : 1 };
}

function viewRows(table: Table, indices: Uint32Array, d: number, { shift, factor }: Scaling): Rows {
  const { features, labels } = table;
  return {
    count: indices.length,
    featureCount: d,
    readInputs(rows, out) {
      for (let r = 0; r < rows.length; r++) {
        const from = indices[rows[r]!]! * d;
        const to = r * d;
        for (let c = 0; c < d; c++) {
          const input = (features[from + c]! - shift[c]!) * factor[c]!;
          out[to + c] = Number.isNaN(input) ? 0 : input;
        }
      }
    },
    label: (row) => labels[indices[row]!]!,
  };
}
