// What can be said to `monteCarlo` and to `predict`.

import type { Key } from "hadamask";
import type { Placement } from "../places/placement.js";
import type { AnswerKind } from "./answers.js";
import type { Ort, SessionOptions } from "./ort.js";
import type { Progress } from "./sampling.js";
import type { Precision } from "./stopping.js";

/**
 * Where dropout goes: one placement written out, several in `placements`, or the Dropout nodes of the model if
 * nothing is said.
 */
export interface MonteCarloOptions extends Placement {
  /** The module `onnxruntime-node` or `onnxruntime-web`. */
  readonly ort: Ort;
  /** Where all masks come from. Without one a fresh random key is taken; `key` of the result shows it. */
  readonly key?: Key;
  readonly placements?: readonly Placement[];
  /** The output that is the answer. Default: the first. */
  readonly output?: string;
  /** What the answer is. Default: by the model's last operator, see `MonteCarlo.kind`. */
  readonly kind?: AnswerKind;
  /** An output that is the variance of the noise in the data, as the model sees it. */
  readonly variance?: string;
  /** The same, where the model puts out its logarithm. */
  readonly logVariance?: string;
  /**
   * "consistent" (default): one thinned network for all rows of a pass, which costs little; "independent": each row
   * has masks of its own, so that errors average out over rows. What is said about a single row is the same for both.
   */
  readonly masks?: "independent" | "consistent";
  /** Names of inputs that are the same for all rows. */
  readonly constant?: readonly string[];
  /** The files that the model keeps weights in, by the names it knows them under. */
  readonly externalData?: Readonly<Record<string, Uint8Array>>;
  /** Handed to the runtime: `executionProviders`, `intraOpNumThreads`, … */
  readonly session?: SessionOptions;
  /** Rows times passes in one run, at most. Default 1024, fewer where that would need more than 16 MB of masks. */
  readonly batch?: number;
  /** Bytes for the outputs of all passes, which are kept until a row is done. Default 256 MB. */
  readonly memory?: number;
}

export interface PredictOptions {
  /** How many passes, at least 2 (default 100), or "auto": each row until its standard error is small enough. */
  readonly samples?: number | "auto";
  /** With "auto": what has to be known how well. Default for classifiers: every probability to 0.01. */
  readonly precision?: Precision;
  /** With "auto": where every row stops. Default 1000. */
  readonly maxSamples?: number;
  /** One id a row: its masks depend on it and not on its place. Default: the number of the row. */
  readonly sampleIds?: ArrayLike<number>;
  /** In place of the rates of all sites. */
  readonly rate?: number;
  /** Quantiles of values. Default [0.025, 0.5, 0.975]. */
  readonly levels?: readonly number[];
  /** Ends it early: the promise is rejected with a `PredictionStopped` that holds what was found. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}
