// What right answers say about a prediction: scores of classes, of labels, of positions, and errors of values.

import type { ClassPrediction, LabelPrediction, PositionPrediction, ValuePrediction } from "@hadamask/onnx";
import type { Key } from "hadamask";
import {
  chooseByLikelihood,
  exactShare,
  type PositionScores,
  positionScores,
  regressionScores,
  riskCoverage,
  scores,
} from "hadamask/uncertainty";
import type { ClassJudgement, LabelJudgement, PositionJudgement, ValueJudgement } from "./request.js";
import { pick } from "./some-rows.js";

/** What of a classifier's prediction is judged. */
export type JudgedClasses = Pick<
  ClassPrediction,
  "rows" | "classes" | "mean" | "predicted" | "predictiveEntropy" | "deterministic"
>;

/** What of labels is judged. */
export type JudgedLabels = Pick<LabelPrediction, "rows" | "labels" | "mean" | "deterministic">;

/** What of a regression's prediction is judged. */
export type JudgedValues = Pick<ValuePrediction, "rows" | "values" | "mean" | "variance" | "total" | "deterministic">;

/** Judges the given rows of a classifier's prediction. */
export async function judgeClasses(
  prediction: JudgedClasses,
  labels: Int32Array,
  rows: Int32Array,
  key: Key,
  method: string,
): Promise<ClassJudgement> {
  const { classes, deterministic, predictiveEntropy } = prediction;
  const right = pick(labels, rows, 1);
  const plain = pick(deterministic.mean, rows, classes);
  const mean = pick(prediction.mean, rows, classes);
  const wrong = Float64Array.from(rows, (row) => (prediction.predicted[row] === labels[row] ? 0 : 1));
  const plainWrong = Float64Array.from(rows, (row) => (deterministic.predicted[row] === labels[row] ? 0 : 1));
  const doubt = Float64Array.from(rows, (_, i) => -largest(plain, i * classes, classes));
  const { best, sentence } = await chooseByLikelihood(["Monte-Carlo"], {
    labels: right,
    baseline: plain,
    predict: () => mean,
  });
  return {
    rows: rows.length,
    plain: scores(plain, right, { key }),
    monteCarlo: scores(mean, right, { key }),
    difference: best,
    sentence: sentence.replace("Monte-Carlo dropout", capital(method)).replace("without dropout", without(method)),
    byEntropy: riskCoverage(pick(predictiveEntropy, rows, 1), wrong),
    byConfidence: riskCoverage(doubt, plainWrong),
  };
}

/** What an ensemble is held against. */
const without = (method: string): string =>
  method.startsWith("ensemble") ? "of the first model by itself" : "without dropout";

const capital = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`;

/** Each label is judged by itself, as two classes. */
export function judgeLabels(prediction: JudgedLabels, present: Int32Array, key: Key): LabelJudgement {
  const { rows, labels, mean, deterministic } = prediction;
  const column = <A extends Float64Array | Int32Array>(values: A, l: number): A =>
    values.filter((_, i) => i % labels === l) as A;
  return {
    rows,
    labels: Array.from({ length: labels }, (_, l) => {
      const right = column(present, l);
      return {
        there: right.reduce((sum, value) => sum + value, 0),
        plain: scores(twoClasses(column(deterministic.mean, l)), right, { key }),
        monteCarlo: scores(twoClasses(column(mean, l)), right, { key }),
      };
    }),
  };
}

/** Not there, there. */
const twoClasses = (p: Float64Array): Float64Array =>
  Float64Array.from({ length: 2 * p.length }, (_, i) => (i % 2 === 0 ? 1 - p[i >> 1]! : p[i >> 1]!));

/** How often the class of a position is right, and whether entropies are higher where it is wrong. */
export function judgePositions(prediction: PositionPrediction, right: Int32Array): PositionJudgement {
  const { rows, maps, deterministic, targetProbability } = prediction;
  const perRow = right.length / rows;
  const predicted = new Int32Array(right.length);
  const maxProbability = new Float32Array(right.length);
  const [sums, counts] = [
    [0, 0],
    [0, 0],
  ];
  maps.forEach((map, row) => {
    predicted.set(map!.predicted, row * perRow);
    maxProbability.set(map!.maxProbability, row * perRow);
    for (let i = 0; i < perRow; i++) {
      const isRight = map!.predicted[i] === right[row * perRow + i] ? 1 : 0;
      counts[isRight]!++;
      sums[isRight]! += map!.predictiveEntropy[i]!;
    }
  });
  const scoresOf = (of: Parameters<typeof positionScores>[0]): PositionScores => positionScores(of, right, { rows });
  return {
    rows,
    positions: perRow,
    plain: scoresOf({ ...deterministic, targetProbability: deterministic.targetProbability! }),
    monteCarlo: scoresOf({ predicted, maxProbability, targetProbability: targetProbability! }),
    entropyWhereRight: sums[1]! / counts[1]!,
    entropyWhereWrong: sums[0]! / counts[0]!,
  };
}

/** Scores of every value. The right values are numbers, rows x values. */
export function judgeValues(prediction: JudgedValues, right: Float64Array): ValueJudgement {
  const { rows, values, deterministic } = prediction;
  const plainError = (v: number): number => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += (right[row * values + v]! - deterministic.mean[row * values + v]!) ** 2;
    return Math.sqrt(sum / rows);
  };
  const each = regressionScores(prediction, right);
  return { rows, values: each.map((own, v) => ({ plainError: plainError(v), ...own })) };
}

/** Where the outputs are quantiles of one value: how often it lies between the lowest and the highest. */
export function judgeQuantiles(
  { rows, values, mean }: JudgedValues,
  right: Float64Array,
  levels: readonly number[],
): { readonly promised: number; readonly share: number; readonly interval: readonly [number, number] } {
  const lowest = levels.indexOf(Math.min(...levels));
  const highest = levels.indexOf(Math.max(...levels));
  let inside = 0;
  for (let row = 0; row < rows; row++) {
    const value = right[row]!;
    if (value >= mean[row * values + lowest]! && value <= mean[row * values + highest]!) inside++;
  }
  const promised = levels[highest]! - levels[lowest]!;
  return { promised, share: inside / rows, interval: exactShare(inside, rows, 0.95) };
}

function largest(values: ArrayLike<number>, from: number, n: number): number {
  let most = values[from]!;
  for (let i = from + 1; i < from + n; i++) most = Math.max(most, values[i]!);
  return most;
}
