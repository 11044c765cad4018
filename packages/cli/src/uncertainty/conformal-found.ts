// What came of conformal prediction, as plain data.

import type { ConformalCoverage, ConformalPromise } from "hadamask/uncertainty";
import type { Field } from "./fields.js";

/** What came of it. */
export interface ConformalFound {
  readonly level: number;
  readonly kind: "classes" | "values";
  /** In words: how the scores of rows are made. */
  readonly score: string;
  /** One for each value of a row, or one for the sets. */
  readonly each: readonly ConformalEach[];
  /** Columns of the rows' file. */
  readonly fields: readonly Field[];
}

export interface ConformalEach {
  readonly promise: ConformalPromise;
  /** Mean number of classes in a set, or width of an interval, over the rows that are not calibrated with. */
  readonly meanSize: number;
  /** On labelled rows that had no part in it; undefined if there are none. */
  readonly coverage: ConformalCoverage | undefined;
}
