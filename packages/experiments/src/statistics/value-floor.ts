// What the calibration error of intervals is by chance alone, where their law is right.

import { foldIn, key, uniform } from "hadamask";
import type { VariantSummary } from "../result.js";
import { coverageGap, levelsOf, type ValuePredictions } from "../value-metrics.js";
import { floorOf } from "./floor.js";

/** Right laws that are drawn for each seed. */
const RESAMPLES = 200;
/** Any fixed number: floors are the same at every call. */
const DRAWS = key(20261128);

/**
 * The levels of a right law are even in [0, 1], whatever the law is.
 *
 * @param seeds Predictions of one variant, by seed.
 */
export function coverageFloor(seeds: readonly ValuePredictions[]): NonNullable<VariantSummary["eceFloor"]> {
  const tests = seeds.map((predictions, s) => {
    const from = foldIn(DRAWS, s);
    const rows = predictions.value.length;
    const chance = Float64Array.from({ length: RESAMPLES }, (_, draw) =>
      coverageGap(Float64Array.from(uniform(rows, { key: foldIn(from, draw) }))),
    ).sort();
    const floor = chance.reduce((sum, value) => sum + value, 0) / RESAMPLES;
    return { floor, isAbove: coverageGap(levelsOf(predictions)) > chance[Math.ceil(0.95 * RESAMPLES) - 1]! };
  });
  return floorOf(tests);
}
