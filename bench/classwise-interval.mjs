// Would the interval of the calibration error serve for the classwise one? Its construction (test inversion over bins,
// packages/hadamask/src/uncertainty/calibration-interval.ts) takes the bins of all classes as if they were independent;
// they share their rows. Simulated: how often it holds the true classwise error.
//
//   npm run build && node bench/classwise-interval.mjs > docs/results/classwise-interval.json
//
// Uses what the package has inside: the bins, and which true errors are inside the interval.
import { key, uniform } from "hadamask";
import { ABSOLUTE, binRows, sumBins } from "../packages/hadamask/dist/uncertainty/bins.js";
import { tested } from "../packages/hadamask/dist/uncertainty/calibration-interval.js";
import { blurred, POPULATION, population, temperature } from "./classifiers.mjs";

const EXPERIMENTS = 200;
const BINS = /** @type {const} */ ({ bins: 15, binning: "width" });

/** What is true where a model says p. @type {Record<string, (p: number[]) => number[]>} */
const MODELS = {
  calibrated: (p) => p,
  "overconfident, temperature 0.6": temperature(0.6),
  "underconfident, temperature 1.5": temperature(1.5),
  "one answer in five is any class": blurred(0.2),
};

/** The classwise error of the population. @param {number[][]} said @param {number[][]} is @param {number} classes */
function truthOf(said, is, classes) {
  let sum = 0;
  for (let c = 0; c < classes; c++) {
    const value = Float64Array.from(said, (p) => p[c]);
    const gaps = new Float64Array(BINS.bins);
    binRows(value, BINS).of.forEach((b, i) => {
      gaps[b] += value[i] - is[i][c];
    });
    sum += gaps.reduce((all, gap) => all + Math.abs(gap), 0);
  }
  return sum / POPULATION / classes;
}

/** What is too low and too high by the bins of all classes. @param {number[][]} said @param {number[]} labels */
function testedBy(said, labels) {
  const parts = said[0].map((_, c) => {
    const value = Float64Array.from(said, (p) => p[c]);
    const right = labels.map((label) => (label === c ? 1 : 0));
    return sumBins(binRows(value, BINS), value, right);
  });
  /** @param {"count" | "value" | "right"} name */
  const all = (name) => Float64Array.from(parts.flatMap((part) => [...part[name]]));
  return tested({ count: all("count"), value: all("value"), right: all("right") }, ABSOLUTE, 0.95);
}

const coverage = [];
for (const classes of [2, 10]) {
  const said = population(classes, 4, classes);
  for (const [model, law] of Object.entries(MODELS)) {
    const is = said.map(law);
    const truth = truthOf(said, is, classes);
    for (const rows of [100, 797]) {
      let [holding, above, below] = [0, 0, 0];
      for (let e = 0; e < EXPERIMENTS; e++) {
        const u = uniform(2 * rows, { key: key(rows * 1000 + e) });
        const chosen = Array.from({ length: rows }, (_, i) => Math.floor(POPULATION * u[i]));
        const labels = chosen.map((row, i) => {
          let left = u[rows + i];
          const label = is[row].findIndex((p) => {
            left -= p;
            return left < 0;
          });
          return label < 0 ? classes - 1 : label;
        });
        const { isTooLow, isTooHigh } = testedBy(
          chosen.map((row) => said[row]),
          labels,
        );
        if (isTooLow(truth)) above++;
        else if (isTooHigh(truth)) below++;
        else holding++;
      }
      coverage.push({ classes, model, rows, truth, holding: holding / EXPERIMENTS, above, below });
    }
  }
}
console.log(
  JSON.stringify({ command: "node bench/classwise-interval.mjs", experiments: EXPERIMENTS, coverage }, null, 2),
);
