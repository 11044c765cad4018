// What `hadamask uncertainty` is asked to do, and what it found, as plain data.

import type { ClassPrediction, Inspection, RowPrediction } from "@hadamask/onnx";
import type { Auroc, Choice, RiskCoverage, Scores, Trial } from "hadamask/uncertainty";
import type { ColumnsAsked } from "../data/columns.js";
import type { Totals } from "./totals.js";

export interface UncertaintyRequest {
  readonly model: string;
  readonly data: string;
  /** A file, or a column of the data. */
  readonly labels?: string | undefined;
  /** What else the columns of a table are. */
  readonly table?: Omit<ColumnsAsked, "label"> | undefined;
  readonly samples: number | "auto";
  /** undefined: the rates of the Dropout nodes. */
  readonly rate?: number | "choose" | undefined;
  readonly where?: string | undefined;
  readonly seed: bigint;
  readonly batch?: number | undefined;
  readonly softmax: "auto" | "on" | "off";
  readonly masks: "consistent" | "independent";
  /** "8x8": how the values of a row form a picture. */
  readonly image?: ImageShape | undefined;
  /** What to hold the rows against: "rotated", "noise", or a file of the same kind as the data. */
  readonly strange?: readonly string[] | undefined;
  readonly output?: string | undefined;
  readonly variance?: string | undefined;
  readonly logVariance?: string | undefined;
  /** Whether rows are read, predicted and written piece by piece, however few they are. */
  readonly stream?: boolean | undefined;
  /** Whether a report is going to be written, which shows all rows. */
  readonly report?: boolean | undefined;
}

export interface ImageShape {
  readonly height: number;
  readonly width: number;
}

/** Where and how much: a candidate of --rate choose. */
export interface Setting {
  /** For people: "Dropout nodes", "after Relu", "after Relu, the last only". */
  readonly where: string;
  /** undefined: the rates of the Dropout nodes. */
  readonly rate: number | undefined;
}

/** A place of the model with dropout in it. */
export interface SiteSummary {
  readonly kind: string;
  readonly name: string;
  readonly rate: number;
}

/** How rows that are not like the data stand out, by two scores. */
export interface StrangeRows {
  readonly name: string;
  readonly rows: number;
  readonly mutualInformation: Auroc;
  readonly predictiveEntropy: Auroc;
  readonly prediction: ClassPrediction;
}

/** What labelled rows say about a classifier. */
export interface ClassJudgement {
  /** How many rows it is from: all, or those that were not used to choose. */
  readonly rows: number;
  readonly plain: Scores;
  readonly monteCarlo: Scores;
  /** Monte-Carlo against plain, row by row. */
  readonly difference: Trial<string>;
  readonly sentence: string;
  /** Error rate by refusing the least certain: by predictive entropy, and by the plain answer's confidence. */
  readonly byEntropy: RiskCoverage;
  readonly byConfidence: RiskCoverage;
}

/** What labelled rows say about a regression. */
export interface ValueJudgement {
  readonly rows: number;
  readonly plainError: number;
  readonly error: number;
  /** Share of right values within mean ± 1.96 standard deviations (of the total variance). */
  readonly coverage: number;
}

export interface UncertaintyResult {
  readonly request: UncertaintyRequest;
  readonly inspection: Inspection;
  readonly sites: readonly SiteSummary[];
  /** Of all rows; of the least certain ones where the data were read piece by piece. */
  readonly prediction: RowPrediction;
  /** Which rows of the data these are, from 0. */
  readonly numbers: readonly number[];
  /** What these are called, where the data say. */
  readonly ids: readonly string[] | undefined;
  /** What there is to say of all rows. */
  readonly totals: Totals;
  readonly classNames: readonly string[];
  /** The right class of each row, where it is known. */
  readonly labels: Int32Array | undefined;
  readonly image: ImageShape | undefined;
  /** Values of a row, for pictures. */
  readonly pixels: (row: number) => ArrayLike<number>;
  readonly classes: ClassJudgement | undefined;
  readonly values: ValueJudgement | undefined;
  readonly choice: Choice<Setting> | undefined;
  readonly strange: readonly StrangeRows[];
  /** Whole sentences: what came of it. */
  readonly findings: readonly string[];
}
