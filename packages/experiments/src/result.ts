// A finished comparison as plain data: what `hadamask train --json` prints, and what the report draws.
// Knows no engine, no file and no figure. Errors are fractions, times are seconds, rates are probabilities of dropping.

import type { ModelKind } from "./kinds.js";

/** A 95 % interval: `[lower, upper]`. */
export type Interval = readonly [number, number];

/**
 * Which rows seeds train on and are tested on: the data's own test rows; one part of the rows for testing and training
 * rows of its own for each seed; or folds, where training rows overlap.
 */
export type Design = "given" | "disjoint" | "folds";

/** What the networks were trained and tested on. */
export interface DataSummary {
  /** "optdigits", "mnist", "fashion-mnist", or the file or folder that was given. */
  readonly name: string;
  /** One sentence for a reader: what it is, from whom, under which licence. */
  readonly description: string;
  readonly trainRows: number;
  readonly testRows: number;
  readonly features: number;
  /** Names of the classes, in the order of their numbers; none where values are predicted. */
  readonly classes: readonly string[];
  /** What is predicted where it is a value. Errors are in its unit. */
  readonly target?: TargetSummary;
  /** What a reader has to know of the data besides. */
  readonly notes?: readonly string[];
  /** How the features form a picture, in C order; absent where they form none. */
  readonly image?: { readonly height: number; readonly width: number };
  /** Rows that training rows are taken from, test rows among them where the data come with none. */
  readonly rows: number;
  readonly split: Design;
}

/** The value that is predicted. */
export interface TargetSummary {
  readonly name: string;
  /** Of all rows. */
  readonly mean: number;
  readonly deviation: number;
}

/** The network and how it was trained; the same for all variants. */
export interface ModelSummary {
  readonly kind: ModelKind;
  /**
   * Units of the hidden layers of an mlp, maps of a cnn, units of the state of a gru or lstm, units in the blocks of
   * a residual.
   */
  readonly hidden: readonly number[];
  readonly activation: "relu" | "tanh" | "selu";
  readonly optimiser: "adam";
  readonly learningRate: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** Norm that the incoming weights of hidden units were kept within; absent where it was not limited. */
  readonly maxNorm?: number;
  readonly seeds: readonly number[];
  /** Of a value: "fixed" noise is trained by squared errors, "learned" noise of each row by a normal likelihood. */
  readonly noise?: "fixed" | "learned";
}

/** A measure over the seeds: its mean, a 95 % interval for what it is on average, and each seed's own value. */
export interface Measure {
  readonly mean: number;
  /** Absent where it is not known, as of one seed. */
  readonly ci95?: Interval;
  readonly perSeed: readonly number[];
}

/** What learned noise became at one place. */
export interface LearnedPlace {
  /** "input", "hidden1", "layer1"; */
  readonly place: string;
  /** What the numbers are: probability of dropping, variance of unit-mean multipliers, or mean of the multiplier. */
  readonly quantity: "rate" | "alpha" | "keep";
  /** Over the units or weights of the place. */
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
}

/** What the noise of a variant learned, over the seeds. */
export interface LearnedSummary {
  /** What it adds to the loss of a training row at the end: penalty / training rows, in nats. */
  readonly penaltyPerRow: { readonly mean: number; readonly perSeed: readonly number[] };
  /** Means over the seeds, but for the ends, which are of all seeds. */
  readonly places: readonly LearnedPlace[];
  /** Share of the weights that are left out at prediction; absent where none can be. */
  readonly prunedShare?: { readonly mean: number; readonly perSeed: readonly number[] };
}

export interface VariantSummary {
  /** As in `--variants`, for instance "none" or "bernoulli:0.5". */
  readonly name: string;
  /** For a reader: "no dropout", "Bernoulli dropout, input 0.1, hidden 0.5". */
  readonly title: string;
  /** Share of wrongly classified test rows. Of values the root mean square error, in their unit. */
  readonly testError: Measure;
  /** Mean negative log-likelihood of the test rows, in nats; of values that of their density, in their unit. */
  readonly nll: Measure;
  /**
   * Expected calibration error: mean gap between confidence and accuracy over equal-width bins. Of values the mean gap
   * between the levels that central intervals promise (0.05 to 0.95) and the shares of values that they hold.
   */
  readonly ece: Measure;
  /** Mean absolute error of values, in their unit. */
  readonly mae?: Measure;
  /** Share of values in their 95 % intervals. */
  readonly coverage?: Measure;
  /**
   * The calibration error that a calibrated model with the same confidences has by chance alone, and in how many seeds
   * the network's is above what chance gives in 95 of 100 cases.
   */
  readonly eceFloor?: { readonly mean: number; readonly perSeed: readonly number[]; readonly above: number };
  /** As `testError`, of the training rows after training, without dropout. */
  readonly trainError: Measure;
  /** Median time of one training epoch, evaluation not counted. */
  readonly secondsPerEpoch: number;
  /** For early stopping: the epochs that each seed was trained for. */
  readonly epochs?: readonly number[];
  /** Absent where the noise learns nothing. */
  readonly learned?: LearnedSummary;
}

/**
 * Mean difference `variant - against` on the same seeds, splits, weights and batches; below 0 the variant is better.
 */
export interface Difference {
  readonly mean: number;
  /** Of this difference alone. Absent where it is not known. */
  readonly ci95?: Interval;
  /** Two-sided, corrected for the number of variants that are held to the first (Holm). Absent where not known. */
  readonly p?: number;
}

export interface PairedSummary {
  readonly variant: string;
  readonly against: string;
  readonly testError: Difference;
  readonly nll: Difference;
  readonly ece: Difference;
  readonly mae?: Difference;
  readonly coverage?: Difference;
}

/** What `--json` prints: one object, nothing else. */
export interface Comparison {
  readonly data: DataSummary;
  readonly model: ModelSummary;
  /** The command that gives these numbers again. */
  readonly command: string;
  /** "hadamask", "@jax-js/jax", "node", "cpu", "platform". */
  readonly versions: Readonly<Record<string, string>>;
  readonly variants: readonly VariantSummary[];
  readonly paired: readonly PairedSummary[];
}

/** Learning curves of one run (one variant, one seed). */
export interface Curves {
  readonly variant: string;
  readonly seed: number;
  /** Mean training loss over the batches of epoch e + 1, with dropout on. */
  readonly trainLoss: readonly number[];
  /** After how many epochs the test rows were asked about. */
  readonly epochs: readonly number[];
  readonly testNll: readonly number[];
  readonly testError: readonly number[];
}

/** One bin of a reliability diagram: predictions with confidence in (lower, upper], all seeds together. */
export interface ReliabilityBin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Mean confidence in the bin; 0 where it is empty. */
  readonly confidence: number;
  /** Share of right predictions in the bin; 0 where it is empty. */
  readonly accuracy: number;
}

export interface Reliability {
  readonly variant: string;
  readonly bins: readonly ReliabilityBin[];
}

/** How predicted values meet those that came, of one variant. */
export interface ValueFit {
  readonly variant: string;
  /** For each promised level, all seeds together: the share of values in their central intervals. */
  readonly coverage: readonly { readonly level: number; readonly held: number }[];
  /** How many values, of all seeds, lie in each twentieth of their predicted law. */
  readonly transforms: readonly number[];
  /** Test rows of the first seed, at most 1,000. */
  readonly points: readonly { readonly value: number; readonly mean: number; readonly deviation: number }[];
}

/**
 * Incoming weights of the first hidden units, of the first seed's network: the same units for every variant, not the
 * prettiest.
 */
export interface FirstLayer {
  readonly variant: string;
  readonly seed: number;
  /** Weights of a unit. */
  readonly features: number;
  /** How they form a picture, in C order; absent where they form none. */
  readonly image?: { readonly height: number; readonly width: number };
  /** One entry per unit: its `features` weights, in the order of its inputs. At most 64 units. */
  readonly units: readonly (readonly number[])[];
}

/**
 * A finished comparison with all that the report draws. Curves are ordered by variant, then seed; the rest by
 * variant.
 */
export interface ComparisonResult {
  readonly comparison: Comparison;
  readonly curves: readonly Curves[];
  /** Of classes; empty where values are predicted. */
  readonly reliability: readonly Reliability[];
  /** Of values. */
  readonly values?: readonly ValueFit[];
  readonly firstLayers: readonly FirstLayer[];
  /**
   * Whole sentences, in order: what happened, and how sure that is. The terminal and the report print the same ones.
   */
  readonly findings: readonly string[];
  /** Time of all runs together, on one core each: with several threads less passes on the clock. */
  readonly seconds: number;
}
