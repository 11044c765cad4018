// What a promise is made from, as plain data.

import type { Prediction } from "@hadamask/onnx";
import type { Key } from "hadamask";
import type { ClassScore, IntervalScore } from "hadamask/uncertainty";
import type { Right } from "./right.js";

/** Predicted rows with their right answers. */
export interface Labelled {
  readonly prediction: Prediction;
  readonly right: Right;
}

export interface ConformalJob {
  readonly level: number;
  readonly score: ClassScore | IntervalScore | undefined;
  readonly perClass: boolean | undefined;
  readonly prediction: Prediction;
  /** Right answers of the rows, where there are any. */
  readonly right: Right | undefined;
  /** Rows to calibrate with, or to judge by. */
  readonly held: Int32Array;
  /** Other rows to calibrate with, or the share of the held rows. */
  readonly calibrate: Labelled | number;
  /** Levels that the values of a row are quantiles of. */
  readonly quantiles: readonly number[] | undefined;
  /** Which rows calibrate. */
  readonly key: Key;
  /** Where the chance at the edge of a set is drawn from. */
  readonly edges: Key;
}

/** Which rows calibrate, which are judged, and which count for the mean size. */
export interface ConformalRows {
  readonly from: Labelled;
  readonly used: Int32Array;
  readonly judged: Int32Array | undefined;
  readonly rest: Int32Array;
}
