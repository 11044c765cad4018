// What right answers say of everything that was compared.

import type { Key } from "hadamask";
import { type Choice, chooseByLikelihood, scores } from "hadamask/uncertainty";
import type { Rival } from "./compare.js";
import { judgeLabels, judgePositions, judgeValues } from "./judge.js";
import type { Right } from "./right.js";
import type { RivalScores } from "./rivals.js";
import { pick } from "./some-rows.js";

/**
 * The scores of the rivals, and of the prediction itself as the first of them. Of classes all are held against the
 * answer without dropout at once.
 *
 * @param plain Probabilities without dropout; of classes only.
 * @param held The rows that are judged.
 */
export async function judgeRivals(
  rivals: readonly Rival[],
  right: Right,
  { plain, held, key }: { readonly plain: Float64Array | undefined; readonly held: Int32Array; readonly key: Key },
): Promise<RivalScores[]> {
  if (right.kind !== "classes") return rivals.map((rival) => scoresOf(rival, right, key));
  const labels = pick(right.labels, held, 1);
  const of = (mean: Float64Array): Float64Array => pick(mean, held, mean.length / right.labels.length);
  const means = new Map(rivals.map(({ name, prediction }) => [name, of((prediction as { mean: Float64Array }).mean)]));
  const choice: Choice<string> = await chooseByLikelihood([...means.keys()], {
    labels,
    baseline: of(plain!),
    predict: (name) => means.get(name)!,
  });
  return rivals.map(({ name }) => ({ name, classes: scores(means.get(name)!, labels, { key }), choice }));
}

function scoresOf({ name, prediction }: Rival, right: Right, key: Key): RivalScores {
  if (right.kind === "labels" && prediction.kind === "labels") {
    const { labels } = judgeLabels(prediction, right.labels, key);
    return {
      name,
      labels: { nll: labels.reduce((sum, { monteCarlo }) => sum + monteCarlo.nll.value, 0) / labels.length },
    };
  }
  if (right.kind === "positions" && prediction.kind === "positions")
    return { name, positions: judgePositions(prediction, right.labels).monteCarlo };
  if (right.kind === "values" && prediction.kind === "values")
    return { name, values: judgeValues(prediction, right.values).values };
  throw new Error("answers of one kind");
}
