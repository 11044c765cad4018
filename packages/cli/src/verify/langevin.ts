// What SGLD really is: an optimiser whose noise makes its path a sample. Its stationary variance at a constant step, measured.

import { key, normal } from "hadamask";
import { stationaryVariance } from "hadamask/theory";
import { differs, equals, type Measure } from "./measure.js";
import { NORMAL_QUANTILE } from "./statistics.js";

const PRECISION = 2;
const CHAINS = 4096;

export function langevin(): Measure[] {
  const steps = [0.5, 0.1];
  const closed = steps.map((step) => stationaryVariance({ precision: PRECISION, step }));
  return [
    equals(
      "SGLD on a Gaussian of precision 2, steps 0.5, 0.1, 0.01: stationary variance",
      [...steps, 0.01].map((step) => stationaryVariance({ precision: PRECISION, step })),
      [0.6667, 0.5263, 0.5025],
      5e-5,
    ),
    ...steps.map((step, i) =>
      equals(
        `the same of ${CHAINS} chains, step ${step}`,
        endVariance(step),
        closed[i]!,
        NORMAL_QUANTILE * closed[i]! * Math.sqrt(2 / CHAINS),
      ),
    ),
    differs("against the target's variance, 0.5, at step 0.5", closed[0]!, 1 / PRECISION, 0.1),
  ];
}

/** Variance over chains after enough steps: theta += step / 2 * (-precision theta) + sqrt(step) * normal. */
function endVariance(step: number): number {
  const length = Math.ceil(20 / (step * PRECISION)); // the start is forgotten to exp(-20)
  const noise = normal(CHAINS * length, { key: key(50) });
  let total = 0;
  for (let c = 0; c < CHAINS; c++) {
    let theta = 0;
    for (let t = 0; t < length; t++)
      theta += -0.5 * step * PRECISION * theta + Math.sqrt(step) * noise[c * length + t]!;
    total += theta ** 2;
  }
  return total / CHAINS;
}
