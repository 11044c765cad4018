// What a data set is once it is read: rows of features with the number of a class, or with a value. Knows no file
// format and no network.

import type { ColumnCode } from "./encoding.js";

/** Rows of the same length, in C order. What is stored may be shared between threads. */
export interface Table {
  readonly rows: number;
  /** NaN where a value is missing. */
  readonly features: Uint8Array | Float32Array;
  /** The number of a row's class; of a regression its value, in its own unit. */
  readonly labels: Uint16Array | Float64Array;
}

/** What a regression predicts. */
export interface Target {
  /** Of its column. */
  readonly name: string;
}

export interface Dataset {
  /** "optdigits", "mnist", "fashion-mnist", or the file or folder it was read from. */
  readonly name: string;
  /** One sentence: what it is, from whom, under which licence. */
  readonly description: string;
  readonly featureCount: number;
  /** Names of the classes; labels are indices into it. None where values are predicted. */
  readonly classes: readonly string[];
  /** There where values are predicted. */
  readonly target?: Target;
  readonly image?: { readonly height: number; readonly width: number };
  /** From stored values to inputs: times a number, or each column to mean 0 and variance 1 over the training rows. */
  readonly scaling: number | "standardise";
  /** What the columns of a table became, in the order of the features; absent where they are not a table's. */
  readonly columns?: readonly ColumnCode[];
  /** What the rows of the pool are called, and the column that says so; absent where nobody named one. */
  readonly ids?: { readonly name: string; readonly texts: readonly string[] };
  /** Sentences about the data that a reader has to know. */
  readonly notes?: readonly string[];
  /** Rows to train on; where there is no `test`, to be split into training and test rows. */
  readonly pool: Table;
  readonly test?: Table;
  /** Training rows where the user asks for no number: all where there is a `test`. */
  readonly defaultTrainRows: number;
}

/**
 * A copy of the data whose arrays every thread reads without a copy of its own. What rows are called is left out: no
 * number depends on it, and threads would copy it.
 *
 * @example
 * ```ts
 * import { shareDataset } from "@hadamask/experiments/settings";
 * const features = Float32Array.from({ length: 400 }, (_, i) => Math.sin(12.9898 * i));
 * const labels = Uint16Array.from({ length: 200 }, (_, i) => (features[2 * i]! > 0 ? 1 : 0));
 * const pool = { rows: 200, features, labels };
 * const about = { name: "halves", description: "Points in two halves.", classes: ["left", "right"] };
 * const data = { ...about, featureCount: 2, scaling: 1, pool, defaultTrainRows: 30 };
 * console.log(shareDataset(data).pool.features.buffer instanceof SharedArrayBuffer); // true
 * ```
 */
export function shareDataset({ ids: _, ...data }: Dataset): Dataset {
  const pool = shareTable(data.pool);
  return data.test === undefined ? { ...data, pool } : { ...data, pool, test: shareTable(data.test) };
}

function shareTable({ rows, features, labels }: Table): Table {
  const shared = <A extends Uint8Array | Uint16Array | Float32Array | Float64Array>(array: A): A => {
    const Type = array.constructor as new (buffer: SharedArrayBuffer) => A;
    const copy = new Type(new SharedArrayBuffer(array.byteLength));
    copy.set(array);
    return copy;
  };
  return { rows, features: shared(features), labels: shared(labels) };
}
