// Who is random in a run, and which rows of which passes are in it; by which ids rows draw.

import type { Key } from "hadamask";

/** Rows of one run, pass after pass: slot i is row `rows[i % count]` of pass `firstPass + floor(i / count)`. */
export interface Slots {
  readonly rows: Int32Array;
  /** Rows of one pass. */
  readonly count: number;
  readonly firstPass: number;
}

/** Who is random in a run. */
export interface Draw {
  /** The key of each site. */
  readonly keys: readonly Key[];
  /** "independent": each row by its id; "consistent": all rows of a pass alike. */
  readonly masks: "independent" | "consistent";
  readonly sampleIds: ArrayLike<number>;
  /** In place of the rates of the sites. */
  readonly rate: number | undefined;
}

/** One id a row: as given, or the rows' numbers from `first` on. */
export function checkIds(
  where: string,
  given: ArrayLike<number> | undefined,
  rows: number,
  first: number,
): Float64Array {
  if (given === undefined) return Float64Array.from({ length: rows }, (_, row) => first + row);
  if (given.length !== rows)
    throw new RangeError(`${where}: sampleIds must have ${rows} entries, one a row, got ${given.length}`);
  const ids = Float64Array.from(given);
  const odd = ids.findIndex((id) => !(Number.isSafeInteger(id) && id >= 0));
  if (odd >= 0)
    throw new RangeError(`${where}: sampleIds[${odd}] must be a whole number in [0, 2^53), got ${ids[odd]}`);
  return ids;
}
