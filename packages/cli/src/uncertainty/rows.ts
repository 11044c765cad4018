// Which rows a model is least certain of.

import type { UncertaintyResult } from "./request.js";

/**
 * The `n` least certain rows, the least certain first: by predictive entropy, or by the variance of the first value.
 */
export function leastCertain({ prediction }: Pick<UncertaintyResult, "prediction">, n: number): number[] {
  const doubt =
    prediction.kind === "classes" ? prediction.predictiveEntropy : everyNth(prediction.variance, prediction.values);
  return Array.from(doubt.keys())
    .sort((a, b) => doubt[b]! - doubt[a]! || a - b)
    .slice(0, n);
}

const everyNth = (values: Float64Array, n: number): Float64Array => values.filter((_, i) => i % n === 0);
