// What a training shows: plain data, as a worker sends it to its page.

import type { Comparison } from "@hadamask/experiments/settings";
import type { ClassPredictions, FirstLayer } from "@hadamask/experiments/statistics";

export interface RunCurves {
  readonly variant: string;
  readonly seed: number;
  /** Entry e is of epoch e + 1; the others are after `epochs`. */
  readonly trainLoss: readonly number[];
  readonly epochs: readonly number[];
  readonly testNll: readonly number[];
  readonly testError: readonly number[];
}

/** A network that is in training, or has just ended. */
export interface LiveRun extends RunCurves {
  readonly done: number;
  readonly of: number;
  /** Early stopping looks for its number of epochs, on a part of the training rows. */
  readonly isSearching: boolean;
  readonly predictions: ClassPredictions | undefined;
  readonly firstLayer: FirstLayer | undefined;
}

export interface DoneRun extends RunCurves {
  readonly trainError: number;
}

export interface TrainingView {
  readonly variants: readonly string[];
  readonly seeds: readonly number[];
  readonly epochs: number;
  /** The seed that `live` is of. */
  readonly seed: number;
  readonly live: readonly LiveRun[];
  readonly done: readonly DoneRun[];
  /** Once every seed is done. */
  readonly comparison: Comparison | undefined;
}

/** What the page knows of the data. */
export interface DataFacts {
  readonly name: string;
  readonly rows: number;
  readonly features: number;
  readonly classes: readonly string[];
  readonly image: { readonly height: number; readonly width: number } | undefined;
}
