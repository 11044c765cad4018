// Do the intervals of calibration errors hold the true errors in 95 % of cases, and how wide are they? Simulated: rows
// whose true accuracy is known, drawn from a population of 20,000. The true error is that of the population in bins
// with the same edges.
//
//   npm run build && node bench/calibration-coverage.mjs > docs/results/calibration-coverage.json
//
// Whether the true error is inside is asked of it alone in every experiment; the whole interval, for its width, is
// found in the first ones. An option names another build's calibration-interval.js, which then judges the same rows
// ("before", in the saved numbers that of commit 41029ba), each with a whole interval and so in fewer experiments:
//
//   node bench/calibration-coverage.mjs --before ../old/packages/hadamask/dist/uncertainty/calibration-interval.js
//
// The method was chosen on the laws "chosen on", and on them alone; the laws "others" were looked at once, at the end.
// Intervals are those that the package prints: they hold the measured value too.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { key, normal, uniform } from "hadamask";
import { ABSOLUTE, binRows, measureOf, SQUARED, sumBins } from "../packages/hadamask/dist/uncertainty/bins.js";
import { calibrationInterval, tested } from "../packages/hadamask/dist/uncertainty/calibration-interval.js";
import { coverageJson, meanOf, percent, summary } from "./coverage.mjs";

const POPULATION = 20_000;
const BINS = 15;
const { values: options } = parseArgs({
  options: {
    before: { type: "string" },
    experiments: { type: "string", default: "300" },
    whole: { type: "string", default: "25" },
  },
});
const EXPERIMENTS = Number(options.experiments);
const WHOLE = Number(options.whole);
/** @type {typeof calibrationInterval | undefined} */
const before = options.before && (await import(resolve(options.before))).calibrationInterval;

/** @typedef {(p: number) => number} Law */

/** @type {Law} */
const sigmoid = (z) => 1 / (1 + Math.exp(-z));
/** @type {Law} */
const logit = (p) => Math.log(p / (1 - p));
/** @param {number} p */
const share = (p) => Math.min(1, Math.max(0, p));
/** @param {number} p */
const binOf = (p) => Math.min(BINS - 1, Math.ceil(p * BINS) - 1);
/** @type {(mean: number, deviation: number, k: number) => Float64Array} */
const logNormal = (mean, deviation, k) =>
  Float64Array.from(normal(POPULATION, { key: key(k) }), (z) => sigmoid(mean + deviation * z)).sort();
/** @type {(law: Law, k: number) => Float64Array} */
const ofUniform = (law, k) => Float64Array.from(uniform(POPULATION, { key: key(k) }), law).sort();

/** @type {(t: number) => Law} */
const temperature = (t) => (p) => sigmoid(t * logit(p));
/** @type {(gap: number) => Law} */
const shift = (gap) => (p) => share(p - gap);
/** @type {(gap: number, ...bins: number[]) => Law} */
const inBins =
  (gap, ...bins) =>
  (p) =>
    bins.includes(binOf(p)) ? share(p - gap) : p;
const SIGNS = [1, -1, -1, 1, -1, 1, 1, -1, 1, -1, 1, 1, -1, 1, -1];
const SIZES = [0.3, 1.2, 0.1, 0.8, 0.5, 1.6, 0.2, 1.1, 0.7, 2.1, 0.4, 0.05, 1.3, 0.9, 0.6];

/**
 * Laws of confidences, and what is true where a model says p.
 *
 * @type {Record<string, { confidences: Record<string, Float64Array>; accuracies: Record<string, Law> }>}
 */
const GRIDS = {
  "chosen on": {
    confidences: {
      "half above 0.9": logNormal(2.2, 1.8, 1),
      "even from 0.5 to 1": ofUniform((u) => 0.5 + 0.4999 * u, 2),
      "mostly 0.5 to 0.9": logNormal(1, 1, 3),
    },
    accuracies: {
      calibrated: (p) => p,
      "temperature 0.6": temperature(0.6),
      "temperature 0.85": temperature(0.85),
      "temperature 1.5": temperature(1.5),
      "too sure by 0.04": shift(0.04),
      "too sure by 0.1": shift(0.1),
      "unsure by 0.05": shift(-0.05),
      "0.3 in one bin": inBins(0.3, 12),
      "0.3 in two bins": inBins(0.3, 6, 12),
      "0.08 with random signs": (p) => share(p - 0.08 * SIGNS[binOf(p)]),
      "0.1 in the last bin": inBins(0.1, 14),
    },
  },
  others: {
    confidences: {
      "most above 0.95": logNormal(4, 2, 4),
      "peak at 0.54": ofUniform((u) => 0.1 + 0.88 * (u < 0.5 ? Math.sqrt(u / 2) : 1 - Math.sqrt((1 - u) / 2)), 5),
      "0.4 to 0.7, or 0.99": ofUniform((u) => (u < 0.5 ? 0.4 + 0.6 * u : 0.985 + 0.029 * (u - 0.5)), 6),
    },
    accuracies: {
      calibrated: (p) => p,
      "temperature 0.5": temperature(0.5),
      "temperature 0.75": temperature(0.75),
      "temperature 1.25": temperature(1.25),
      "temperature 2": temperature(2),
      "too sure by 0.02": shift(0.02),
      "too sure by 0.15": shift(0.15),
      "unsure by 0.1": shift(-0.1),
      "0.15 in one bin": inBins(0.15, 11),
      "0.2 in three bins": inBins(0.2, 8, 10, 13),
      "0.15 with random signs": (p) => share(p - 0.15 * SIGNS[BINS - 1 - binOf(p)]),
      "random gaps, 0.05 on average": (p) => share(p - 0.06 * SIGNS[binOf(p)] * SIZES[binOf(p)]),
      "a wave of 0.1": (p) => share(p - 0.1 * Math.sin(25 * p)),
      "0.05 above 0.95": (p) => (p > 0.95 ? p - 0.05 : p),
      "0.5 in logits": (p) => sigmoid(logit(p) - 0.5),
    },
  },
};

const MEASURES = /** @type {const} */ ([
  { name: "ece", measure: ABSOLUTE, binning: "width" },
  { name: "adaptive", measure: ABSOLUTE, binning: "mass" },
  { name: "squared", measure: SQUARED, binning: "mass" },
]);

/** The true error for given edges. @param {Float64Array} said @param {Law} accuracy */
function truths(said, accuracy) {
  const gaps = new Float64Array(POPULATION + 1);
  said.forEach((p, i) => {
    gaps[i + 1] = gaps[i] + p - accuracy(p);
  });
  /** @param {number} edge */
  const upTo = (edge) => {
    let [low, high] = [0, POPULATION];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (said[middle] <= edge) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  /** @param {Float64Array} edges @param {number} power */
  return (edges, power) => {
    const bounds = Array.from(edges, (edge, b) => (b === 0 ? 0 : b === BINS ? POPULATION : upTo(edge)));
    let sum = 0;
    for (let b = 1; b <= BINS; b++) {
      const rows = bounds[b] - bounds[b - 1];
      if (rows > 0) sum += rows * Math.abs((gaps[bounds[b]] - gaps[bounds[b - 1]]) / rows) ** power;
    }
    return sum / POPULATION;
  };
}

let cells = 0;

/** Counts of what lies outside an interval, and its width. */
class Tally {
  experiments = 0;
  truthBelow = 0;
  truthAbove = 0;
  widths = /** @type {number[]} */ ([]);

  /** @param {boolean} isBelow @param {boolean} isAbove */
  count(isBelow, isAbove) {
    this.experiments++;
    if (isBelow) this.truthBelow++;
    else if (isAbove) this.truthAbove++;
  }

  /** In percent. */
  get result() {
    const { experiments, truthBelow, truthAbove } = this;
    return {
      cover: percent(1 - (truthBelow + truthAbove) / experiments),
      truthBelow: percent(truthBelow / experiments),
      truthAbove: percent(truthAbove / experiments),
      width: Number(meanOf(this.widths).toFixed(5)),
    };
  }
}

/** @param {Float64Array} said @param {Law} accuracy @param {number} rows */
function simulate(said, accuracy, rows) {
  const seed = ++cells * 1e6;
  const truthAt = truths(said, accuracy);
  const found = MEASURES.map(() => ({ truths: /** @type {number[]} */ ([]), before: new Tally(), now: new Tally() }));
  for (let e = 0; e < EXPERIMENTS; e++) {
    const u = uniform(2 * rows, { key: key(seed + e) });
    const confidence = Float64Array.from({ length: rows }, (_, i) => said[Math.floor(POPULATION * u[i])]);
    const right = Uint8Array.from(confidence, (p, i) => (u[rows + i] < accuracy(p) ? 1 : 0));
    MEASURES.forEach(({ measure, binning }, m) => {
      const bins = binRows(confidence, { bins: BINS, binning });
      const sums = sumBins(bins, confidence, right);
      const truth = truthAt(bins.edges, measure.power);
      const value = Math.max(0, measureOf(measure, sums));
      found[m].truths.push(truth);
      const { isTooLow, isTooHigh } = tested(sums, measure, 0.95);
      found[m].now.count(isTooLow(truth) && truth < value, isTooHigh(truth) && truth > value);
      if (e >= WHOLE) return;
      const [low, high] = calibrationInterval(sums, measure, 0.95);
      found[m].now.widths.push(Math.max(high, value) - Math.min(low, value));
      if (before === undefined) return;
      const [least, most] = before(sums, measure, 0.95);
      found[m].before.count(truth < Math.min(least, value) - 1e-12, truth > Math.max(most, value) + 1e-12);
      found[m].before.widths.push(Math.max(most, value) - Math.min(least, value));
    });
  }
  return found;
}

const rowsOf = [];
for (const [laws, { confidences, accuracies }] of Object.entries(GRIDS)) {
  for (const rows of [100, 300, 797]) {
    for (const [confidence, said] of Object.entries(confidences)) {
      for (const [accuracy, law] of Object.entries(accuracies)) {
        simulate(said, law, rows).forEach(({ truths: of, before: old, now }, m) => {
          const cell = { laws, rows, measure: MEASURES[m].name, confidence, accuracy };
          const truth = Number(meanOf(of).toFixed(5));
          rowsOf.push({ ...cell, truth, ...(before && { before: old.result }), now: now.result });
        });
      }
    }
  }
  console.error(laws);
}

const summaries = Object.keys(GRIDS).flatMap((laws) =>
  [100, 300, 797].flatMap((rows) =>
    MEASURES.map(({ name }) => {
      const part = rowsOf.filter((cell) => cell.laws === laws && cell.rows === rows && cell.measure === name);
      const now = summary(part.map((cell) => cell.now));
      const { mean, width } = before ? summary(part.map((cell) => cell.before)) : now;
      return { laws, rows, measure: name, cells: part.length, ...(before && { before: { mean, width } }), now };
    }),
  ),
);
const head = { command: "node bench/calibration-coverage.mjs", experiments: EXPERIMENTS, whole: WHOLE, bins: BINS };
console.log(coverageJson(head, summaries, rowsOf));
