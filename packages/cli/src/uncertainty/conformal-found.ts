// What came of conformal prediction, as plain data.

import type { ConformalCoverage, ConformalPromise } from "hadamask/uncertainty";
import type { Field } from "./fields.js";

/** What came of it. */
export interface ConformalFound extends ConformalParts {
  readonly level: number;
  readonly kind: "classes" | "labels" | "values";
}

export interface ConformalParts {
  /** In words: how the scores of rows are made. */
  readonly score: string;
  /** One for the sets, or one for each value of a row, each label, or each class that has a promise of its own. */
  readonly each: readonly ConformalEach[];
  /** Whether each class has a promise of its own. */
  readonly perClass?: boolean;
  /** Of all rows, where each class has its own. */
  readonly overall?: ConformalCoverage | undefined;
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
