// What a sweep measures, of classes or of values: how each score is called in tables, in CSV and over figures.
// Knows no table and no figure.

import { inUnit, type SweepConfig, type SweepResult, type TargetSummary } from "@hadamask/experiments/settings";

export interface Score {
  readonly name: "nll" | "testError" | "ece" | "mae" | "coverage";
  /** In a CSV: "testError". Its name with "validation" before it is the score of validation rows. */
  readonly column: string;
  /** In a heading: "Test error, %". */
  readonly heading: string;
  /** Over a figure: "Test error". */
  readonly title: string;
  /** Which values are good, in a sentence. */
  readonly goal: string;
  /** From what is stored to what is shown. */
  readonly factor: number;
  /** A value as it is stored, as it is shown: without its unit. @param target What it is of, where values are. */
  show(value: number, target: TargetSummary | undefined): string;
}

const decimals =
  (count: number, factor = 1) =>
  (value: number): string =>
    (value * factor).toFixed(count);

const own = (value: number, target: TargetSummary | undefined): string => inUnit(target!.deviation)(value);

const LESS = "Less is better.";
const PERCENT = { factor: 100, show: decimals(2, 100) } as const;
const NLL: Score = {
  ...{ name: "nll", column: "nll", heading: "Test NLL, nats", title: "Negative log-likelihood", goal: LESS },
  ...{ factor: 1, show: decimals(4) },
};
const CLASS_SCORES: readonly Score[] = [
  NLL,
  { name: "testError", column: "testError", heading: "Test error, %", title: "Test error", goal: LESS, ...PERCENT },
  { name: "ece", column: "ece", heading: "Calibration error, %", title: "Calibration error", goal: LESS, ...PERCENT },
];
const VALUE_SCORES: readonly Score[] = [
  NLL,
  {
    ...{ name: "testError", column: "rmse", heading: "Test RMSE", title: "Test RMSE", goal: LESS },
    ...{ factor: 1, show: own },
  },
  {
    ...{ name: "coverage", column: "coverage", heading: "In 95 % intervals, %", title: "Coverage of 95 % intervals" },
    ...{ goal: "95 % is right: less is too sure, more is too cautious.", ...PERCENT },
  },
  {
    ...{ name: "mae", column: "mae", heading: "Test MAE", title: "Mean absolute error", goal: LESS },
    ...{ factor: 1, show: own },
  },
  {
    ...{ name: "ece", column: "coverageGap", heading: "Calibration error of intervals, %", goal: LESS },
    ...{ title: "Calibration error of intervals", ...PERCENT },
  },
];

type Predicted = Pick<SweepResult, "data">;

export const predictsValues = ({ data }: Predicted): boolean => data.some(({ target }) => target !== undefined);

/** All of them; the first is what validation chooses by. */
export const scoresOf = (result: Predicted): readonly Score[] => (predictsValues(result) ? VALUE_SCORES : CLASS_SCORES);

/** Those that tables and figures show; the others are in the CSV and JSON. */
export const shownScores = (result: Predicted): readonly Score[] =>
  scoresOf(result).filter(({ name }) => name !== "ece" && name !== "mae");

/** What a configuration predicts, where it predicts values. */
export const targetOf = ({ data }: Predicted, config: Pick<SweepConfig, "data">): TargetSummary | undefined =>
  data.find(({ name }) => name === config.data)?.target;
