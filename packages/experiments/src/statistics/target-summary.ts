// How the values that are predicted are spread: what errors are held against.

import type { Dataset } from "../data/dataset.js";
import type { TargetSummary } from "../result.js";

/** Of all rows; undefined where classes are predicted. */
export function targetSummary({ target, pool }: Dataset): TargetSummary | undefined {
  if (target === undefined) return undefined;
  const values = Array.from<number>(pool.labels);
  const mean = meanOf(values);
  return { ...target, mean, deviation: Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2))) };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
