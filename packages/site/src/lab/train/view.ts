// What a training shows: plain data, as a worker sends it to its page.

import type { Comparison, Curves } from "@hadamask/experiments/settings";
import type { ClassPredictions, FirstLayer } from "@hadamask/experiments/statistics";

/** A network that is in training, or has just ended. */
export interface LiveRun extends Curves {
  readonly done: number;
  readonly of: number;
  /** Early stopping looks for its number of epochs, on a part of the training rows. */
  readonly isSearching: boolean;
  readonly predictions: ClassPredictions | undefined;
  readonly firstLayer: FirstLayer | undefined;
}

export interface DoneRun extends Curves {
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
