// What a prediction ends with that its signal stopped.

import type { Prediction } from "./prediction.js";

/** A prediction that was stopped by its signal. `cause` is the reason that the signal gives. */
export class PredictionStopped extends Error {
  override readonly name = "AbortError";
  /** Rows that were finished, and rows with at least two passes; the others have 0 samples and NaN. */
  readonly partial: Prediction;

  constructor(where: string, partial: Prediction, reason: unknown) {
    const done = partial.samples.reduce((count, samples) => count + (samples > 0 ? 1 : 0), 0);
    super(`${where}: stopped with ${done} of ${partial.rows} rows; they are in partial`, { cause: reason });
    this.partial = partial;
  }
}
