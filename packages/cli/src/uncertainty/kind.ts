// Whether a model's answer are probabilities, logits or values: what --softmax says, or what can be seen.

import type { MonteCarlo, MonteCarloOptions, OutputInfo, ValuePrediction } from "@hadamask/onnx";
import type { ModelRows } from "./model.js";

/** What the command tells apart. */
export type AnswerKind = "probabilities" | "logits" | "values";

/** What the model's last operator and the shape of its output suggest. */
export function guessKind({ maker, shape }: Pick<OutputInfo, "maker" | "shape">): AnswerKind {
  if (maker === "Softmax" || maker === "Sigmoid") return "probabilities";
  if (maker === "LogSoftmax" || shape === undefined) return "logits";
  return shape.length !== 2 || shape[1] === 1 ? "values" : "logits";
}

/** The same, as the library takes it. */
export const optionsOf = (kind: AnswerKind): Pick<MonteCarloOptions, "kind" | "scale"> =>
  kind === "values" ? { kind } : { kind: "classes", scale: kind };

/** How far from 1 the sum of float32 probabilities may be. */
const SLACK = 1e-3;

/**
 * What the answer is.
 *
 * @param guess What the model's last operator suggests.
 * @param openAsValues Opens the model with its answer taken as values; only called where the answers have to be
 *   looked at.
 */
export async function answerKind(
  softmax: "auto" | "on" | "off",
  guess: AnswerKind,
  openAsValues: () => Promise<MonteCarlo>,
  rows: ModelRows,
): Promise<AnswerKind> {
  if (softmax === "on") return "logits";
  if (guess === "probabilities" || (softmax === "auto" && guess !== "logits")) return guess;
  const asValues = await openAsValues();
  const isDistribution = await looksLikeProbabilities(asValues, rows);
  await asValues.dispose();
  if (isDistribution) return "probabilities";
  return softmax === "off" ? "values" : "logits";
}

/** Looks at the answers to the first rows, without dropout. */
async function looksLikeProbabilities(asValues: MonteCarlo, rows: ModelRows): Promise<boolean> {
  const few = Math.min(rows.rows, 16);
  const size = rows.values.length / rows.rows;
  const inputs = rows.inputs(rows.values.subarray(0, few * size));
  const { deterministic, values } = (await asValues.predict(inputs, { samples: 2, levels: [] })) as ValuePrediction;
  const { mean } = deterministic;
  if (!mean.every((value) => value >= 0 && value <= 1 + SLACK)) return false;
  if (values === 1) return true;
  return Array.from({ length: few }, (_, row) => mean.subarray(row * values, (row + 1) * values)).every(
    (p) => Math.abs(p.reduce((sum, value) => sum + value, 0) - 1) <= SLACK,
  );
}
