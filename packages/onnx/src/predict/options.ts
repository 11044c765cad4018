// What can be said to `monteCarlo` and to `predict`.

import type { Key } from "hadamask";
import type { AnswerKind } from "../answers/answer.js";
import type { Placement } from "../places/placement.js";
import type { Ort, SessionOptions } from "./ort.js";
import type { BatchAxis } from "./rows.js";
import type { Progress } from "./sampling.js";
import type { Precision } from "./stopping.js";

/**
 * Which masks a pass has.
 *
 *     "consistent"     one thinned network for all rows of a pass, which costs little
 *     "independent"    each row has masks of its own, so that errors average out over rows
 *     { fixed: 8 }     eight thinned networks, the same for all rows and all data: an ensemble inside one model, as
 *                      Masksembles; as many passes as masks
 *
 * What is said about a single row is the same for the first two.
 */
export type Masks = "consistent" | "independent" | { readonly fixed: number };

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
  /**
   * The output that is the answer. Default: the first that is a tensor of floating-point numbers. Several: the numbers
   * of all of them, one behind the other, as quantiles that have an output each.
   */
  readonly output?: string | readonly string[];
  /**
   * What the answer is. Default "auto": what the graph and the numbers without dropout show; see `Prediction.answer`.
   */
  readonly kind?: AnswerKind | "auto";
  /** Whether a classifier gives probabilities or logits. Default: what its numbers show. */
  readonly scale?: "probabilities" | "logits";
  /** An output that is the variance of the noise in the data, as the model sees it. */
  readonly variance?: string;
  /** The same, where the model puts out its logarithm. */
  readonly logVariance?: string;
  /** Default "consistent". */
  readonly masks?: Masks;
  /** Names of inputs that are the same for all rows. */
  readonly constant?: readonly string[];
  /**
   * The axis of the rows: by the names of inputs and outputs, or for all alike. "none": the input is one row. Default:
   * the axis that is called batch, or else the first; of outputs the one that grows with the rows.
   */
  readonly batchAxis?: BatchAxis;
  /** Sets batch normalisation that is in training mode to inference, with the statistics that the file holds. */
  readonly freeze?: boolean;
  /** The files that the model keeps weights in, by the names it knows them under. */
  readonly externalData?: Readonly<Record<string, Uint8Array>>;
  /** Handed to the runtime: `executionProviders`, `intraOpNumThreads`, … */
  readonly session?: SessionOptions;
  /**
   * Rows times passes in one run, at most. Default 1024, fewer where that would need more than 16 MB of masks. 1: one
   * row a run, also when the model is looked at first, for models whose rows influence each other (dynamically
   * quantised ones).
   */
  readonly batch?: number;
  /**
   * Bytes for the outputs of all passes, which are kept until a row is done, and for a run's inputs. Default 256 MB.
   */
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
  /**
   * Of pixels, tokens and anchors: the right class of every position, rows x positions. Then the prediction holds its
   * probability.
   */
  readonly targets?: ArrayLike<number>;
  /** Quantiles of values. Default [0.025, 0.5, 0.975]. */
  readonly levels?: readonly number[];
  /** Ends it early: the promise is rejected with a `PredictionStopped` that holds what was found. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** What can be said to `passes`. */
export type PassOptions = Pick<PredictOptions, "sampleIds" | "rate" | "signal"> & {
  /** How many passes. Default 100, or all masks where they are fixed. */
  readonly samples?: number;
};
