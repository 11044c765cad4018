// A finished sweep as plain data: what `hadamask sweep --json` prints, and what its report draws. Holds nothing that
// differs between two machines: no time, no host. Knows no engine, no file and no figure.

import type { ModelKind } from "./kinds.js";
import type { DataSummary, Design, Difference, Measure, ModelSummary } from "./result.js";

/** What one network was trained with, besides its variant and seed. */
export interface SweepSettings {
  /** The name of the data. */
  readonly data: string;
  readonly model: ModelKind;
  readonly hidden: readonly number[];
  readonly activation: ModelSummary["activation"];
  /** Training rows, those for validation among them. */
  readonly trainRows: number;
  readonly learningRate: number;
  readonly inputRate: number;
  readonly batchSize: number;
  readonly epochs: number;
}

/** A score of each seed, and their mean. */
export interface Scores {
  readonly mean: number;
  readonly perSeed: readonly number[];
}

/** One point of the grid: settings and variant, over all seeds. */
export interface SweepConfig extends SweepSettings {
  /** As in `--variants`: "bernoulli:0.5". */
  readonly variant: string;
  /** "bernoulli". */
  readonly kind: string;
  /** What the variant takes: 0.5. Absent where it takes nothing. */
  readonly rate?: number;
  readonly title: string;
  readonly design: Design;
  /** Of the rows that were held back; absent where none were. */
  readonly validation?: { readonly nll: Scores; readonly error: Scores };
  /** All as in a comparison: where values are predicted, `error` and `testError` are root mean square errors. */
  readonly nll: Measure;
  readonly testError: Measure;
  readonly ece: Measure;
  /** Of values. */
  readonly mae?: Measure;
  readonly coverage?: Measure;
}

/** A run that has no numbers, and why. */
export interface SweepFailure extends SweepSettings {
  readonly variant: string;
  readonly seed: number;
  readonly reason: string;
}

/** Of one kind of variant on one task (data and number of training rows): what validation chose. */
export interface Choice {
  readonly data: string;
  readonly trainRows: number;
  readonly kind: string;
  /** Index of the chosen one in `configs`. */
  readonly config: number;
  /** How many there were to choose from. */
  readonly of: number;
  /** Chosen minus the chosen of the first kind, on the same seeds and test rows; absent for the first kind itself. */
  readonly against?: { readonly kind: string; readonly nll: Difference; readonly testError: Difference };
}

export type SweepData = Pick<
  DataSummary,
  "name" | "description" | "rows" | "features" | "classes" | "target" | "notes"
>;

export interface SweepResult {
  /** The command that gives these numbers again, on any number of machines. */
  readonly command: string;
  /** "hadamask", "@jax-js/jax". */
  readonly versions: Readonly<Record<string, string>>;
  /** All with classes, or all with values. */
  readonly data: readonly SweepData[];
  /** Of values; absent where classes are predicted. */
  readonly noise?: NonNullable<ModelSummary["noise"]>;
  readonly seeds: readonly number[];
  /** Share of the training rows that was held back; 0 where nothing could be chosen. */
  readonly validation: number;
  /** The settings that take more than one value, in the order of the grid; "rate" and "variant" may be among them. */
  readonly swept: readonly (keyof SweepSettings | "variant" | "rate")[];
  /** Those that have a number for every seed. */
  readonly configs: readonly SweepConfig[];
  /** Empty where nothing was held back for validation. */
  readonly choices: readonly Choice[];
  readonly failures: readonly SweepFailure[];
}
