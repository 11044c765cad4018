// What SGLD really is: an optimiser whose noise makes its path a sample. Its stationary variance at a constant step,
// of many chains.

import { key, Sgld } from "hadamask";
import { stationaryVariance } from "hadamask/theory";
import { differs, equals, type Measure } from "../measure.js";
import { normalMeanBound, varianceOf } from "../statistics.js";

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
        normalMeanBound(2 * closed[i]! ** 2, CHAINS),
      ),
    ),
    differs("against the target's variance, 0.5, at step 0.5", closed[0]!, 1 / PRECISION, 0.1),
  ];
}

/** Variance over independent chains after enough steps for the start to be forgotten, to exp(-20). */
function endVariance(step: number): number {
  const sampler = new Sgld({ stepSize: step, key: key(50) });
  const theta = new Float64Array(CHAINS);
  for (let t = 0; t < Math.ceil(20 / (step * PRECISION)); t++) {
    sampler.update({ theta }, { theta: theta.map((value) => PRECISION * value) });
  }
  return varianceOf(theta, 0);
}
