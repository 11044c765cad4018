// Who is random in a run, and which rows of which passes are in it.

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
