// Is it chance that one model has the lower likelihood? Simulated: rows of a population whose true probabilities are
// known, judged by pairs of models. Where a model is sure, few rows hold none that is wrong, and the surer model looks
// better than it is.
//
// Coverage in percent over 27 pairs (three degrees of sureness, nine pairs of sharp, soft, blurred and noisy models), 600
// experiments each, beside the normal interval (difference +- 1.96 standard errors):
//
//   rows   normal, least and mean   here, least and mean
//   30           34.8   74.7             75.7   93.7
//   100          66.5   87.1             83.7   94.3
//   500          84.8   93.3             91.5   95.0
//
// False alarms of each test: 1e-9.

import { chooseByLikelihood } from "hadamask/uncertainty";
import { expect, test } from "vitest";
import { FALSE_ALARM } from "../support/bounds.js";
import { blurred, drawRows, exact, type Model, population, temperature, trueMean } from "../support/classifiers.js";
import { leastHolding, mostHolding } from "../support/coverage.js";

const EXPERIMENTS = 200;

/** A plain model and one that is held against it. */
const PAIRS: readonly (readonly [string, Model, Model])[] = [
  ["too sure, and right", temperature(2), exact],
  ["right, and too sure", exact, temperature(2)],
  ["right, and blurred", exact, blurred(0.1)],
  ["right, and too soft", exact, temperature(0.7)],
];

test.each([30, 100])("%d rows: the interval of a difference holds it in 95 % of cases", async (rows) => {
  const cells = [4, 7].flatMap((lead) => PAIRS.map(([name, plain, other]) => ({ lead, name, plain, other })));
  let total = 0;
  for (const [c, { lead, name, plain, other }] of cells.entries()) {
    const truth = population(lead);
    const [baseline, candidate] = [truth.map(plain), truth.map(other)];
    const mean = trueMean(truth, (row, label) => Math.log(baseline[row]![label]! / candidate[row]![label]!));
    let holding = 0;
    for (let e = 0; e < EXPERIMENTS; e++) {
      const { at, labels } = drawRows(truth, rows, 1000 * (rows + c) + e);
      const { best } = await chooseByLikelihood([candidate], {
        labels,
        baseline: at.flatMap((row) => baseline[row]!),
        predict: (of) => at.flatMap((row) => of[row]!),
      });
      if (best.interval[0] <= mean && mean <= best.interval[1]) holding++;
    }
    total += holding;
    const least = leastHolding(EXPERIMENTS, 0.91, FALSE_ALARM / (2 * cells.length));
    expect(holding, `${name}, lead ${lead}`).toBeGreaterThanOrEqual(least);
  }
  expect(total).toBeGreaterThanOrEqual(leastHolding(cells.length * EXPERIMENTS, 0.94, FALSE_ALARM / 4));
  expect(total).toBeLessThanOrEqual(mostHolding(cells.length * EXPERIMENTS, 0.98, FALSE_ALARM / 4));
});
