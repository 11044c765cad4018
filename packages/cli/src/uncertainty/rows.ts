// Which rows a model is least certain of.

import type { Prediction } from "@hadamask/onnx";
import { valueDoubt } from "hadamask/uncertainty";

/** What rows are ranked by, in words. */
export function rankedBy(prediction: Prediction): string {
  if (prediction.kind === "classes") return "predictive entropy";
  if (prediction.kind === "labels") return "predictive entropy, summed over the labels";
  if (prediction.kind === "positions") return "predictive entropy, mean over the positions";
  return prediction.values === 1 ? "variance" : "the sum of the variances, each divided by its mean over the rows";
}

/** How unsure each row is. NaN for rows that were not reached. */
function doubtOf(prediction: Prediction): ArrayLike<number> {
  if (prediction.kind === "classes") return prediction.predictiveEntropy;
  if (prediction.kind === "labels") return prediction.sum.predictiveEntropy;
  if (prediction.kind === "positions")
    return prediction.maps.map((map) => map?.score.predictiveEntropy.mean ?? Number.NaN);
  return prediction.values === 1 ? prediction.variance : valueDoubt(prediction);
}

/** The `n` least certain rows, the least certain first. */
export function leastCertain({ prediction }: { readonly prediction: Prediction }, n: number): number[] {
  const doubt = doubtOf(prediction);
  return Array.from({ length: doubt.length }, (_, row) => row)
    .sort((a, b) => doubt[b]! - doubt[a]! || a - b)
    .slice(0, n);
}
