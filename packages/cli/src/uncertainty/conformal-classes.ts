// Sets of classes, and answers to labels, with a promise.

import type { ClassPrediction, LabelPrediction } from "@hadamask/onnx";
import { type ClassSets, type ConformalClasses, conformalClasses, setCoverage } from "hadamask/uncertainty";
import type { ConformalEach, ConformalParts } from "./conformal-found.js";
import type { ConformalJob, ConformalRows } from "./conformal-job.js";
import { fieldOf } from "./fields.js";
import { pick } from "./some-rows.js";

const SCORES = {
  lac: "one less the probability of the right class (LAC)",
  aps: "the probability of all that is likelier than the right class (APS)",
  raps: "the probability of all that is likelier than the right class, and a price for large sets (RAPS)",
} as const;

/** Some of the sets, in the order of the rows. */
function some({ classes, contains, sizes }: ClassSets, rows: Int32Array): ClassSets {
  const own = new Uint8Array(rows.length * classes);
  rows.forEach((row, i) => {
    own.set(contains.subarray(row * classes, (row + 1) * classes), i * classes);
  });
  const picked = pick(sizes, rows, 1);
  return {
    rows: rows.length,
    classes,
    contains: own,
    sizes: picked,
    meanSize: picked.reduce((a, b) => a + b, 0) / rows.length,
  };
}

export function promisedClasses(job: ConformalJob, { from, used, judged, rest }: ConformalRows): ConformalParts {
  const { level, edges, right } = job;
  const perClass = job.perClass ?? false;
  const score = (job.score ?? "lac") as keyof typeof SCORES;
  const [source, prediction] = [from.prediction, job.prediction] as ClassPrediction[] as [
    ClassPrediction,
    ClassPrediction,
  ];
  const labelsOf = (of: typeof right): Int32Array => (of as { readonly labels: Int32Array }).labels;
  const { classes } = prediction;
  const made: ConformalClasses = conformalClasses(
    pick(source.mean, used, classes),
    pick(labelsOf(from.right), used, 1),
    { level, score, perClass, ...(score === "lac" ? {} : { key: edges }) },
  );
  // all at once: the chance at the edge of a set goes by the row's number
  const sets = made.sets(prediction.mean);
  const { meanSize } = some(sets, rest);
  const labels = right === undefined ? undefined : labelsOf(right);
  const covers = (rows: Int32Array) =>
    labels && rows.length > 0 ? setCoverage(some(sets, rows), pick(labels, rows, 1)) : undefined;
  const each: ConformalEach[] = made.promises.map((promise, c) => ({
    promise,
    meanSize,
    coverage: judged && covers(perClass ? judged.filter((row) => labels![row] === c) : judged),
  }));
  return {
    score: SCORES[score],
    perClass,
    each,
    ...(perClass && judged ? { overall: covers(judged) } : {}),
    fields: [fieldOf("setSize", sets.sizes, 1), fieldOf("inSet", Int32Array.from(sets.contains), classes)],
  };
}

/**
 * Each label by itself, as two classes: an answer is "there", "not there", or both. `mayBeThere` and `mayBeAbsent` say
 * which.
 */
export function promisedLabels(job: ConformalJob, { from, used, judged, rest }: ConformalRows): ConformalParts {
  const { level, right } = job;
  const [source, prediction] = [from.prediction, job.prediction] as LabelPrediction[] as [
    LabelPrediction,
    LabelPrediction,
  ];
  const { labels: count, rows } = prediction;
  const column = <A extends Float64Array | Int32Array>(values: A, l: number): A =>
    values.filter((_, i) => i % count === l) as A;
  const presence = (of: typeof right): Int32Array => (of as { readonly labels: Int32Array }).labels;
  const [there, absent] = [new Int32Array(rows * count), new Int32Array(rows * count)];
  const each = Array.from({ length: count }, (_, l): ConformalEach => {
    const { promises, sets } = conformalClasses(
      pick(column(source.mean, l), used, 1),
      pick(column(presence(from.right), l), used, 1),
      { level },
    );
    const all = sets(column(prediction.mean, l));
    for (let row = 0; row < rows; row++) {
      absent[row * count + l] = all.contains[2 * row]!;
      there[row * count + l] = all.contains[2 * row + 1]!;
    }
    const coverage =
      right === undefined || judged === undefined
        ? undefined
        : setCoverage(some(all, judged), pick(column(presence(right), l), judged, 1));
    return { promise: promises[0]!, meanSize: some(all, rest).meanSize, coverage };
  });
  return {
    score: SCORES.lac,
    each,
    fields: [fieldOf("mayBeThere", there, count), fieldOf("mayBeAbsent", absent, count)],
  };
}
