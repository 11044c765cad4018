// How the values that are predicted are spread: what errors are held against.

import type { Dataset } from "../data/dataset.js";
import type { TargetSummary } from "../result.js";
import { meanOf } from "./estimate.js";

/**
 * Mean and deviation of the values of all rows; undefined where classes are predicted.
 *
 * @example
 * ```ts
 * import { targetSummary } from "@hadamask/experiments/statistics";
 * const pool = { rows: 4, features: new Float32Array(4), labels: Float64Array.of(1, 2, 3, 4) };
 * const about = { name: "four", description: "Four values.", classes: [], target: { name: "y" } };
 * const data = { ...about, featureCount: 1, scaling: 1, pool, defaultTrainRows: 3 };
 * console.log(targetSummary(data)); // { name: 'y', mean: 2.5, deviation: 1.118033988749895 }
 * ```
 */
export function targetSummary({ target, pool }: Dataset): TargetSummary | undefined {
  if (target === undefined) return undefined;
  const values = Array.from<number>(pool.labels);
  const mean = meanOf(values);
  return { ...target, mean, deviation: Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2))) };
}
