// Answers mended on the labelled rows: probabilities of the model without dropout, and the deviations of values. Those
// of a row are mended by rows that it is not among.

import { permutation } from "@hadamask/experiments/settings";
import type { Prediction, ValuePrediction } from "@hadamask/onnx";
import type { Key } from "hadamask";
import {
  applyIsotonic,
  applyPlatt,
  applyTemperature,
  applyVectorScaling,
  fitIsotonic,
  fitPlatt,
  fitTemperature,
  fitVarianceScaling,
  fitVectorScaling,
} from "hadamask/uncertainty";
import type { Right } from "./right.js";
import type { Calibrator } from "./rivals.js";
import { pick } from "./some-rows.js";

/** Probabilities of classes, and nothing else of a prediction. */
export interface Mended {
  readonly kind: "mended";
  readonly mean: Float64Array;
}

/** Parts that the labelled rows are cut into: each is mended by what the others say. */
const FOLDS = 5;

/** @param held The rows that are judged. */
export function mended(
  name: Calibrator,
  prediction: Prediction,
  right: Right,
  held: Int32Array,
  key: Key,
): Prediction | Mended {
  const parts = partsOf(held, key);
  if (prediction.kind === "classes" && right.kind === "classes") {
    const { classes, deterministic } = prediction;
    const mean = deterministic.mean.slice();
    mend(mean, classes, parts, (rest) =>
      fitted(name, pick(deterministic.mean, rest, classes), pick(right.labels, rest, 1), classes),
    );
    return { kind: "mended", mean };
  }
  if (prediction.kind === "labels" && right.kind === "labels") {
    const { labels, deterministic } = prediction;
    const mean = deterministic.mean.slice();
    for (let l = 0; l < labels; l++) {
      const column = columnOf(deterministic.mean, labels, l);
      const present = columnOf(right.labels, labels, l);
      mend(column, 1, parts, (rest) => fitted(name, pick(column, rest, 1), pick(present, rest, 1), 1));
      column.forEach((p, row) => {
        mean[row * labels + l] = p;
      });
    }
    return { ...prediction, mean };
  }
  if (prediction.kind === "values" && right.kind === "values") return scaledValues(prediction, right.values, parts);
  throw new Error("checked before");
}

interface Part {
  readonly own: Int32Array;
  readonly rest: Int32Array;
}

function partsOf(held: Int32Array, key: Key): Part[] {
  const order = Int32Array.from(permutation(key, held.length), (i) => held[i]!);
  return Array.from({ length: Math.min(FOLDS, held.length) }, (_, fold) => ({
    own: order.filter((_, i) => i % FOLDS === fold),
    rest: order.filter((_, i) => i % FOLDS !== fold),
  })).filter(({ rest }) => rest.length > 0);
}

type Repair = (of: Float64Array) => Float64Array;

/** Puts the mended numbers of each part in place. All parts are fitted first: they are each other's rows. */
function mend(values: Float64Array, size: number, parts: readonly Part[], fit: (rest: Int32Array) => Repair): void {
  const better = parts.map(({ own, rest }) => fit(rest)(pick(values, own, size)));
  parts.forEach(({ own }, part) => {
    own.forEach((row, i) => {
      values.set(better[part]!.subarray(i * size, (i + 1) * size), row * size);
    });
  });
}

const columnOf = <A extends Float64Array | Int32Array>(values: A, columns: number, column: number): A =>
  values.filter((_, i) => i % columns === column) as A;

/** The means of the passes with their variances times the square of a factor, one for each value. */
function scaledValues(prediction: ValuePrediction, right: Float64Array, parts: readonly Part[]): ValuePrediction {
  const { values, mean } = prediction;
  const before = prediction.total ?? prediction.variance;
  const variance = before.slice();
  for (let v = 0; v < values; v++) {
    const [means, own, targets] = [mean, before, right].map((of) => columnOf(of, values, v)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    mend(own, 1, parts, (rest) => {
      // a variance of 0 stays 0, whatever the factor
      const fit = rest.filter((row) => own[row]! > 0);
      if (fit.every((row) => means[row] === targets[row])) return (of) => of;
      const { factor } = fitVarianceScaling(pick(means, fit, 1), pick(own, fit, 1), pick(targets, fit, 1));
      return (of) => of.map((value) => value * factor ** 2);
    });
    own.forEach((value, row) => {
      variance[row * values + v] = value;
    });
  }
  return { ...prediction, variance, ...(prediction.total === undefined ? {} : { total: variance }) };
}

function fitted(name: Calibrator, probabilities: Float64Array, labels: Int32Array, classes: number): Repair {
  if (name === "temperature") {
    const { temperature } = fitTemperature(probabilities, labels);
    return (of) => applyTemperature(of, classes, temperature);
  }
  if (name === "platt") {
    const scaling = fitPlatt(probabilities, labels);
    return (of) => applyPlatt(of, classes as 1 | 2, scaling);
  }
  if (name === "vector") {
    // a class that no row has is held by the penalty
    const scaling = fitVectorScaling(probabilities, labels, { penalty: 1 / labels.length });
    return (of) => applyVectorScaling(of, scaling);
  }
  const scaling = fitIsotonic(probabilities, labels);
  return (of) => applyIsotonic(of, classes, scaling);
}
