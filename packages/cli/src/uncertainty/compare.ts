// Predictions by other means of the same rows: an ensemble, fixed masks, and the plain probabilities mended on a part
// of the labelled rows.

import { permutation, UsageError } from "@hadamask/experiments/settings";
import type { Prediction } from "@hadamask/onnx";
import type { Key } from "hadamask";
import {
  applyIsotonic,
  applyPlatt,
  applyTemperature,
  applyVectorScaling,
  fitIsotonic,
  fitPlatt,
  fitTemperature,
  fitVectorScaling,
} from "hadamask/uncertainty";
import { statisticsKind } from "./kind.js";
import { open } from "./open.js";
import { openEnsemble } from "./open-ensemble.js";
import type { Portion } from "./portion.js";
import { type Job, keyFor, type Prepared, predictRows } from "./prepare.js";
import type { UncertaintyRequest } from "./request.js";
import type { Right } from "./right.js";
import { type Calibrator, ensembleName, methodName, NO_DROPOUT, RIVALS } from "./rivals.js";
import { pick } from "./some-rows.js";

/** Answers to the same rows by other means. */
export interface Rival {
  readonly name: string;
  /** As a prediction: of what was mended, its classes' probabilities alone. */
  readonly prediction: Prediction | { readonly kind: "mended"; readonly mean: Float64Array };
}

/** What `--compare` asks for, "all" written out. @throws {UsageError} If it does not go with the answer. */
export function checkCompare({ compare = [] }: UncertaintyRequest, answer: Prepared["answer"]): readonly string[] {
  const isClasses = statisticsKind(answer.kind) === "classes";
  const isTwo = answer.kind === "binary" || answer.dims.reduce((a, b) => a * b, 1) === 2;
  const all = (Object.keys(RIVALS) as Calibrator[]).filter((name) => (name === "platt" ? isTwo : true));
  const names = compare.flatMap((name) => (name === "all" ? [...(isClasses ? all : []), "fixed:8"] : [name]));
  const mending = names.find((name) => Object.hasOwn(RIVALS, name));
  if (mending !== undefined && !isClasses)
    throw new UsageError(
      `uncertainty: --compare ${mending} goes with one class a row, and the model's answers are ${answer.kind}`,
    );
  if (names.includes("platt") && !isTwo)
    throw new UsageError("uncertainty: --compare platt goes with two classes; vector is the same for more");
  return [...new Set(names)];
}

/**
 * Predicts the rows by what else was asked for.
 *
 * @param held The rows that are judged, and mended by each other.
 */
export async function rivalsOf(
  job: Job,
  prepared: Prepared,
  prediction: Prediction,
  { right, portion, names }: { readonly right: Right; readonly portion: Portion; readonly names: readonly string[] },
): Promise<Rival[]> {
  const { request, model, rows, ort } = job;
  const rivals: Rival[] = [];
  const method = methodName(prepared.request);
  if (request.others !== undefined && method !== ensembleName(request.others)) {
    const members = await openEnsemble(model, request, { ort, constant: rows.constant });
    const of = { ...prepared, mc: members, request: { ...request, where: NO_DROPOUT } };
    rivals.push({
      name: ensembleName(request.others),
      prediction: await predictRows(job, of, portion, "predicting with the ensemble"),
    });
    await members.dispose();
  }
  for (const name of names) {
    if (Object.hasOwn(RIVALS, name)) {
      rivals.push(mended(name as Calibrator, prediction, right, prepared.held, keyFor(request, "folds")));
      continue;
    }
    const masks = { fixed: Number(name.slice("fixed:".length)) };
    if (prepared.candidate.where === NO_DROPOUT)
      throw new UsageError(`uncertainty: --compare ${name} needs places for dropout; pass --where and --rate`);
    const own = { ...request, masks, samples: masks.fixed };
    if (methodName(own) === method) continue;
    const mc = await open(model, own, prepared.candidate, {
      ort,
      key: keyFor(request, "masks"),
      constant: rows.constant,
    });
    const of = { ...prepared, mc, request: own };
    rivals.push({
      name: methodName(own),
      prediction: await predictRows({ ...job, request: own }, of, portion, `predicting with ${methodName(own)}`),
    });
    await mc.dispose();
  }
  return rivals;
}

/** Parts that the labelled rows are cut into: each is mended by what the others say. */
const FOLDS = 5;

/** Probabilities without dropout, mended: those of a row by rows that it is not among. */
function mended(name: Calibrator, prediction: Prediction, right: Right, held: Int32Array, key: Key): Rival {
  if (prediction.kind !== "classes" || right.kind !== "classes") throw new Error("checked before");
  const { classes, deterministic } = prediction;
  const mean = deterministic.mean.slice();
  const order = Int32Array.from(permutation(key, held.length), (i) => held[i]!);
  for (let fold = 0; fold < Math.min(FOLDS, held.length); fold++) {
    const own = order.filter((_, i) => i % FOLDS === fold);
    const rest = order.filter((_, i) => i % FOLDS !== fold);
    if (rest.length === 0) continue;
    const repair = fitted(name, pick(deterministic.mean, rest, classes), pick(right.labels, rest, 1), classes);
    const better = repair(pick(deterministic.mean, own, classes));
    own.forEach((row, i) => {
      mean.set(better.subarray(i * classes, (i + 1) * classes), row * classes);
    });
  }
  return { name: RIVALS[name], prediction: { kind: "mended", mean } };
}

function fitted(
  name: Calibrator,
  probabilities: Float64Array,
  labels: Int32Array,
  classes: number,
): (of: Float64Array) => Float64Array {
  if (name === "temperature") {
    const { temperature } = fitTemperature(probabilities, labels);
    return (of) => applyTemperature(of, classes, temperature);
  }
  if (name === "platt") {
    const scaling = fitPlatt(probabilities, labels);
    return (of) => applyPlatt(of, 2, scaling);
  }
  if (name === "vector") {
    // a class that no row has is held by the penalty
    const scaling = fitVectorScaling(probabilities, labels, { penalty: 1 / labels.length });
    return (of) => applyVectorScaling(of, scaling);
  }
  const scaling = fitIsotonic(probabilities, labels);
  return (of) => applyIsotonic(of, classes, scaling);
}
