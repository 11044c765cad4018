// Predictions by other means of the same rows: an ensemble, fixed masks, and the plain probabilities mended on a part
// of the labelled rows.

import { UsageError } from "@hadamask/experiments/settings";
import type { Prediction } from "@hadamask/onnx";
import { type StatisticsKind, statisticsKind } from "./kind.js";
import { type Mended, mended } from "./mend.js";
import { open } from "./open.js";
import { openEnsemble } from "./open-ensemble.js";
import type { Portion } from "./portion.js";
import { type Job, keyFor, type Prepared, predictRows } from "./prepare.js";
import type { UncertaintyRequest } from "./request.js";
import type { Right } from "./right.js";
import { type Calibrator, ensembleName, methodName, NO_DROPOUT, RIVALS } from "./rivals.js";

/** Answers to the same rows by other means. */
export interface Rival {
  readonly name: string;
  /** As a prediction: of what was mended, its classes' probabilities alone. */
  readonly prediction: Prediction | Mended;
}

/** What can be mended of answers. Labels are mended one by one, as two classes each. */
const MENDS: Readonly<Record<StatisticsKind, readonly Calibrator[]>> = {
  classes: ["temperature", "platt", "vector", "isotonic"],
  labels: ["temperature", "platt", "isotonic"],
  values: ["variance"],
  positions: [],
};

/** What `--compare` asks for, "all" written out. @throws {UsageError} If it does not go with the answer. */
export function checkCompare(
  { compare = [], quantiles }: UncertaintyRequest,
  answer: Prepared["answer"],
): readonly string[] {
  const kind = statisticsKind(answer.kind);
  const mends = quantiles === undefined ? MENDS[kind] : [];
  const isTwo = answer.kind === "binary" || answer.dims.reduce((a, b) => a * b, 1) === 2;
  const all = mends.filter((name) => name !== "platt" || kind === "labels" || isTwo);
  const names = compare.flatMap((name) => (name === "all" ? [...all, "fixed:8"] : [name]));
  const odd = names.find((name) => Object.hasOwn(RIVALS, name) && !mends.includes(name as Calibrator));
  if (odd !== undefined) {
    const fitting = mends.length === 0 ? "" : `; of these ${mends.join(", ")}`;
    throw new UsageError(
      `uncertainty: --compare ${odd} must go with the answers, and the model's answers are ${answer.kind}${fitting}`,
    );
  }
  if (names.includes("platt") && kind === "classes" && !isTwo)
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
      const found = mended(name as Calibrator, prediction, right, prepared.held, keyFor(request, "folds"));
      rivals.push({ name: RIVALS[name as Calibrator], prediction: found });
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
