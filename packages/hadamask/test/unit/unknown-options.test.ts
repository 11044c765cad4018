// A name that no function knows is an error in all of them: a misspelt option would otherwise change nothing, silently.

import * as hadamask from "hadamask";
import * as theory from "hadamask/theory";
import * as uncertainty from "hadamask/uncertainty";
import { expect, test } from "vitest";

const KEY = hadamask.key(1);
const RATE = { rate: 0.1 };
const TWO = [0.1, 0.9, 0.3, 0.7];
const FOUR = [...TWO, ...TWO];
const WEIGHTS = { inputs: 2, hidden: 2, weights: new Float32Array(16), recurrentWeights: new Float32Array(16) };
const lstm = (dropout: object) => new hadamask.DropoutLSTM({ ...WEIGHTS, key: KEY, dropout: dropout as never });
const square = (x: Float64Array): number => x[0]! ** 2;
const layers: theory.NetworkLayer[] = [{ weights: [[1]], keep: 0.5 }];
const values = { rows: 2, mean: [1, 2], variance: [1, 1] };

/** Calls that are right but for what `more` adds to their options. */
const CALLS: Readonly<Record<string, (more: object) => unknown>> = {
  uniform: (more) => hadamask.uniform(2, { key: KEY, ...more }),
  normal: (more) => hadamask.normal(2, { key: KEY, ...more }),
  zaremba: (more) => hadamask.zaremba({ ...RATE, ...more }),
  gal: (more) => hadamask.gal({ input: RATE, recurrent: RATE, ...more }),
  semeniuta: (more) => hadamask.semeniuta({ ...RATE, ...more }),
  moon: (more) => hadamask.moon({ ...RATE, ...more }),
  zoneout: (more) => hadamask.zoneout({ hidden: 0.1, ...more }),
  weightDrop: (more) => hadamask.weightDrop({ ...RATE, ...more }),
  "DropoutLSTM: dropout": (more) => lstm({ input: RATE, ...more }),
  "DropoutLSTM: dropout.input": (more) => lstm({ input: { ...RATE, ...more } }),
  "DropoutLSTM: dropout.zoneout": (more) => lstm({ zoneout: { hidden: 0.1, ...more } }),
  "DropoutLSTM: dropout.recurrentWeights": (more) => lstm({ recurrentWeights: { ...RATE, ...more } }),
  rDropLoss: (more) => hadamask.rDropLoss([0, 0], [0, 1], [1], { weight: 1, ...more }),
  linearDepthRates: (more) => hadamask.linearDepthRates(3, { last: 0.5, ...more }),
  classStatistics: (more) => uncertainty.classStatistics(FOUR, { rows: 2, classes: 2, ...more }),
  labelStatistics: (more) => uncertainty.labelStatistics(FOUR, { rows: 2, labels: 2, ...more }),
  valueStatistics: (more) => uncertainty.valueStatistics(FOUR, { rows: 2, values: 2, ...more }),
  positionStatistics: (more) =>
    uncertainty.positionStatistics(FOUR, { rows: 1, positions: 2, classes: 2, classAxis: "last", ...more }),
  epig: (more) => uncertainty.epig(FOUR, FOUR, { rows: 2, targetRows: 2, classes: 2, ...more }),
  quantileCrossings: (more) => uncertainty.quantileCrossings([1, 2], { rows: 1, levels: [0.1, 0.9], ...more }),
  regressionScores: (more) =>
    uncertainty.regressionScores(uncertainty.valueStatistics([1, 2, 2, 3], { rows: 2, values: 1 }), [1, 2], more),
  conformalClasses: (more) => uncertainty.conformalClasses(TWO, [0, 1], { level: 0.5, ...more }),
  conformalIntervals: (more) => uncertainty.conformalIntervals(values, [1, 2], { level: 0.5, ...more }),
  stochasticBatch: (more) => uncertainty.stochasticBatch([1, 2], { count: 1, key: KEY, ...more }),
  fitVectorScaling: (more) => uncertainty.fitVectorScaling(TWO, [0, 1], { penalty: 1, ...more }),
  calibrationTest: (more) => uncertainty.calibrationTest(TWO, [0, 1], { key: KEY, resamples: 10, ...more }),
  scores: (more) => uncertainty.scores(TWO, [0, 1], { key: KEY, resamples: 10, ...more }),
  numericalGradient: (more) => theory.numericalGradient(square, [1], { step: 1e-5, ...more }),
  sampledPass: (more) => theory.sampledPass([1], layers, { key: KEY, ...more }),
  bernoulliMultiplier: (more) => theory.bernoulliMultiplier({ ...RATE, ...more }),
};

test.each(Object.entries(CALLS))("%s", (name, call) => {
  expect(() => call({})).not.toThrow();
  expect(() => call({ banana: 1 })).toThrow(`${name}: unknown option "banana"; it takes `);
});

test("chooseByLikelihood", async () => {
  const options = { labels: [0, 1], baseline: TWO, predict: () => TWO, banana: 1 };
  await expect(uncertainty.chooseByLikelihood([1], options)).rejects.toThrow('unknown option "banana"');
});
