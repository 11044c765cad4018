// How predicted values meet those that came, for pictures.

import type { ValueFit } from "../result.js";
import type { TrainedRun } from "../training/run.js";
import { coverageCurve, LEVELS, levelsOf, transforms } from "../value-metrics.js";
import { valuesOf } from "./value-measures.js";

/** Parts of a histogram of transforms. */
const PARTS = 20;
/** More points are a cloud, and weight in a page. */
const MOST_POINTS = 1000;

/** @param runs Those of one variant, one a seed. */
export function valueFit(runs: readonly TrainedRun[]): ValueFit {
  const seeds = runs.map(valuesOf);
  const coverage = coverageCurve(Float64Array.from(seeds.flatMap((seed) => [...levelsOf(seed)])));
  const counts = Array<number>(PARTS).fill(0);
  for (const seed of seeds) {
    for (const transform of transforms(seed)) counts[Math.min(PARTS - 1, Math.floor(PARTS * transform))]!++;
  }
  const { value, mean, deviation } = seeds[0]!;
  const step = Math.max(1, Math.ceil(value.length / MOST_POINTS));
  return {
    variant: runs[0]!.variant,
    coverage: LEVELS.map((level, i) => ({ level, held: coverage[i]! })),
    transforms: counts,
    points: Array.from({ length: Math.ceil(value.length / step) }, (_, i) => ({
      value: value[i * step]!,
      mean: mean[i * step]!,
      deviation: deviation[i * step]!,
    })),
  };
}
