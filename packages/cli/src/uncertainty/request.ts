// What `hadamask uncertainty` is asked to do, and what it found, as plain data.

import type { Answer, AnswerKind, BatchAxis, ClassPrediction, Inspection, Masks, Prediction } from "@hadamask/onnx";
import type {
  Auroc,
  Choice,
  ClassScore,
  Crossings,
  IntervalScore,
  PositionScores,
  RegressionScores,
  RiskCoverage,
  Scores,
  Trial,
} from "hadamask/uncertainty";
import type { ColumnsAsked } from "../data/columns.js";
import type { PictureOptions } from "../data/pictures/settings.js";
import type { ConformalFound } from "./conformal-found.js";
import type { RivalScores } from "./rivals.js";
import type { Totals } from "./totals.js";

export interface UncertaintyRequest extends PictureOptions {
  readonly model: string;
  /** Further models that are an ensemble with the first. */
  readonly others?: readonly string[] | undefined;
  readonly data: string;
  /** The input that the data are for. Default: the first that has no file and no constant. */
  readonly mainInput?: string | undefined;
  /** Files of further inputs. */
  readonly inputs?: readonly NamedText[] | undefined;
  /** Inputs that are the same for all rows: a number, or a file. */
  readonly constants?: readonly NamedText[] | undefined;
  /** Where the model has its rows: an axis of all inputs and outputs, or of some by name. */
  readonly batchAxis?: BatchAxis | undefined;
  /** How the axes of pictures in the data lie. */
  readonly layout?: "nchw" | "nhwc" | undefined;
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
  readonly kind: AnswerKind | "auto";
  readonly scale?: "probabilities" | "logits" | undefined;
  /** What the model's classes or labels are called. */
  readonly classes?: readonly string[] | undefined;
  /** The levels that the values of a row are quantiles of. */
  readonly quantiles?: readonly number[] | undefined;
  /** Whether batch normalisation in training mode is set to inference. */
  readonly freeze?: boolean | undefined;
  readonly masks: Masks;
  /** "8x8": how the values of a row form a picture. */
  readonly image?: ImageShape | undefined;
  /** What to hold the rows against: "rotated", "noise", or a file of the same kind as the data. */
  readonly strange?: readonly string[] | undefined;
  /** The answer; of several the numbers together, or an answer and its variance. */
  readonly output?: readonly string[] | undefined;
  readonly variance?: string | undefined;
  readonly logVariance?: string | undefined;
  /** How many of the sets or intervals are to hold the right answer. */
  readonly conformal?: number | undefined;
  /** How they are cut. */
  readonly score?: ClassScore | IntervalScore | undefined;
  /** Whether the promise holds for each class by itself. */
  readonly perClass?: boolean | undefined;
  /** What else is held beside dropout: "temperature", "fixed:8" and so on. */
  readonly compare?: readonly string[] | undefined;
  /** What these are calibrated with: a share of the labelled rows, or a file and the column of its right answers. */
  readonly calibrate?: number | { readonly file: string; readonly labels: string } | undefined;
  /** Where the single passes go. */
  readonly passes?: string | undefined;
  /** Whether rows are read, predicted and written piece by piece, however few they are. */
  readonly stream?: boolean | undefined;
  /** Whether a report is going to be written, which shows all rows. */
  readonly report?: boolean | undefined;
}

/** "name=text" of an option. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
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

/** What labelled rows say about labels that do not exclude each other. */
export interface LabelJudgement {
  readonly rows: number;
  readonly labels: readonly {
    /** Rows that have it. */
    readonly there: number;
    readonly plain: Scores;
    readonly monteCarlo: Scores;
  }[];
}

/** What labelled rows say about the classes of positions. */
export interface PositionJudgement {
  readonly rows: number;
  readonly positions: number;
  readonly plain: PositionScores;
  readonly monteCarlo: PositionScores;
  /** Mean predictive entropy of the positions whose class is right, or wrong; NaN if there are none. */
  readonly entropyWhereRight: number;
  readonly entropyWhereWrong: number;
}

/** What labelled rows say about a regression: each value separately. */
export interface ValueJudgement {
  readonly rows: number;
  /** `coverage`: of mean ± 1.96 standard deviations (of the total variance). */
  readonly values: readonly (RegressionScores & { readonly plainError: number })[];
}

/** What there is to say of values that are quantiles. */
export interface QuantileJudgement {
  readonly levels: readonly number[];
  readonly rows: number;
  /** Of the mean over passes, and without dropout. */
  readonly crossings: Crossings;
  readonly plainCrossings: Crossings;
  /** How often the right value lies between the lowest and the highest; undefined without right values. */
  readonly inside:
    | { readonly promised: number; readonly share: number; readonly interval: readonly [number, number] }
    | undefined;
}

export interface UncertaintyResult {
  readonly request: UncertaintyRequest;
  readonly inspection: Inspection;
  readonly sites: readonly SiteSummary[];
  /** Of all rows; of the least certain ones where the data were read piece by piece. */
  readonly prediction: Prediction;
  /** What the output is taken for. */
  readonly answer: Answer;
  /** Whole sentences of the library: what will not do what one may expect. */
  readonly warnings: readonly string[];
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
  /** Where the colours of a picture lie. */
  readonly channels: "first" | "last";
  /** Values of a row, for pictures. */
  readonly pixels: (row: number) => ArrayLike<number>;
  readonly classes: ClassJudgement | undefined;
  readonly labelScores: LabelJudgement | undefined;
  readonly positions: PositionJudgement | undefined;
  readonly values: ValueJudgement | undefined;
  readonly quantiles: QuantileJudgement | undefined;
  readonly conformal: ConformalFound | undefined;
  readonly choice: Choice<Setting> | undefined;
  /** What else was held beside it. */
  readonly rivals: readonly RivalScores[];
  /** What was done to make rows of the data, in words. */
  readonly dataNote: string | undefined;
  readonly strange: readonly StrangeRows[];
  /** Whole sentences: what came of it. */
  readonly findings: readonly string[];
}
