// What can be held beside Monte-Carlo dropout, by name, and what came of it, as plain data. Knows no model.

import type { Masks } from "@hadamask/onnx";
import type { Choice, PositionScores, RegressionScores, Scores } from "hadamask/uncertainty";

/**
 * Ways to mend plain probabilities, and deviations of values, by what `--compare` calls them; besides these there is
 * "fixed:8".
 */
export const RIVALS = {
  temperature: "temperature scaling",
  platt: "Platt scaling",
  vector: "vector scaling",
  isotonic: "isotonic calibration",
  variance: "variance scaling",
} as const;

export type Calibrator = keyof typeof RIVALS;

/** The scores of one of them, by the kind of answer. */
export interface RivalScores {
  readonly name: string;
  readonly classes?: Scores;
  /** Mean negative log-likelihood of a label. */
  readonly labels?: { readonly nll: number };
  readonly positions?: PositionScores;
  readonly values?: readonly RegressionScores[];
  /** Against the answer without dropout, for all that were compared at once. Of classes only. */
  readonly choice?: Choice<string>;
}

/** What of a request says how predictions are made. */
interface Method {
  readonly masks: Masks;
  readonly others?: readonly string[] | undefined;
  readonly where?: string | undefined;
}

/** What the prediction is from, in words. */
export function methodName({ masks, others, where }: Method): string {
  if (where === NO_DROPOUT) return ensembleName(others);
  return typeof masks === "object" ? `${masks.fixed} fixed masks` : "Monte-Carlo dropout";
}

export const ensembleName = (others: Method["others"]): string => `ensemble of ${1 + (others?.length ?? 0)} models`;

/** What `--where` says where nothing is dropped, and the models alone are compared. */
export const NO_DROPOUT = "none";
