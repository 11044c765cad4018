// Do the intervals of mean scores hold the true mean in 95 % of cases, and how wide are they? Simulated: rows of
// classifiers whose true probabilities are known, and numbers of known laws as the losses of a regression.
//
//   npm run build && node bench/score-coverage.mjs > docs/results/score-coverage.json
//
// "before" is what the package had until then: Student's interval with the skewness transformed away (Hall, "On the
// removal of skewness by transformation", Journal of the Royal Statistical Society B 54, 1992). The weights of unseen
// numbers were chosen on the laws of bench/calibration-coverage.mjs, on the losses below and on the classifiers below,
// with 30 and 100 rows. Other classifiers, which were looked at once, at the end, with 300 experiments each:
//
//   node bench/score-coverage.mjs --held-out > docs/results/score-coverage-held-out.json
import { key, normal, uniform } from "hadamask";
import { studentQuantile } from "hadamask/theory";
import { farther, meanInterval } from "../packages/hadamask/dist/uncertainty/mean-interval.js";
import { expectedLosses, unseenRows } from "../packages/hadamask/dist/uncertainty/unseen.js";
import { blurred, POPULATION, population, temperature } from "./classifiers.mjs";
import { coverageJson, meanOf, percent, summary } from "./coverage.mjs";

const isHeldOut = process.argv.includes("--held-out");
const EXPERIMENTS = isHeldOut ? 300 : 1000;

/** What is true where a model says p. @type {Record<string, (p: number[]) => number[]>} */
const HELD_OUT = {
  calibrated: (p) => p,
  "temperature 0.6": temperature(0.6),
  "temperature 1.3": temperature(1.3),
  "one answer in ten is any class": blurred(0.1),
  "the second class as likely as the first in one row of ten": (p) => {
    const [first, second] = p.toSorted((a, b) => b - a);
    const mean = (first + second) / 2;
    return p.map((x) => (x === first || x === second ? 0.9 * x + 0.1 * mean : x));
  },
};

/** @type {typeof HELD_OUT} */
const CHOSEN_ON = {
  calibrated: (p) => p,
  "temperature 0.5": temperature(0.5),
  "temperature 0.75": temperature(0.75),
  "temperature 1.5": temperature(1.5),
  "temperature 2": temperature(2),
  "one answer in five is any class": blurred(0.2),
  "one answer in fifty is any class": blurred(0.02),
};

/** How far the right class stands out. */
const SURENESS = isHeldOut
  ? { "a little sure": 2, sure: 5, "surer than most": 7 }
  : { unsure: 1, "mostly sure": 4, "nearly always sure": 8 };

/** Student's interval with the skewness transformed away. @type {(values: Float64Array) => [number, number]} */
function before(values) {
  const n = values.length;
  const mean = meanOf(values);
  const second = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const third = values.reduce((sum, x) => sum + (x - mean) ** 3, 0);
  const deviation = Math.sqrt(second / (n - 1));
  if (!(deviation > 0)) return [mean, mean];
  const a = third / n / deviation ** 3 / Math.sqrt(n);
  const t = studentQuantile(0.95, n - 1);
  /** @param {number} x */
  const straightened = (x) => (Math.abs(a) < 1e-9 ? x : (3 / a) * (Math.cbrt(1 + a * (x - a / 6)) - 1));
  const error = deviation / Math.sqrt(n);
  return [mean - error * straightened(t), mean - error * straightened(-t)];
}

/** Counts of what lies outside an interval, and its width. */
class Tally {
  below = 0;
  above = 0;
  width = 0;

  /** @param {readonly [number, number]} interval @param {number} truth */
  add([low, high], truth) {
    if (truth < low) this.below++;
    else if (truth > high) this.above++;
    this.width += (high - low) / EXPERIMENTS;
  }

  /** In percent. */
  get result() {
    const { below, above, width } = this;
    const cover = percent(1 - (below + above) / EXPERIMENTS);
    return {
      cover,
      below: percent(below / EXPERIMENTS),
      above: percent(above / EXPERIMENTS),
      width: Number(width.toFixed(5)),
    };
  }
}

/** @typedef {{ kind: string, rows: number, measure: string, law: string, truth: number, before: any, now: any }} Cell */

/** What one row brings to each measure, by its probabilities and its label. */
const MEASURES = {
  /** @type {(p: number[], label: number) => number} */
  nll: (p, label) => -Math.log(p[label]),
  /** @type {(p: number[], label: number) => number} */
  brier: (p, label) => p.reduce((sum, x, c) => sum + (x - (c === label ? 1 : 0)) ** 2, 0),
  /** @type {(p: number[], label: number) => number} */
  overconfidence: (p, label) => {
    const most = Math.max(...p);
    return most - (p[label] === most ? 1 : 0);
  },
};
const NAMES = /** @type {(keyof typeof MEASURES)[]} */ (Object.keys(MEASURES));

let seed = 0;

/** @param {number[][]} said @param {(p: number[]) => number[]} model @param {number} rows @param {string} law @returns {Cell[]} */
function classifier(said, model, rows, law) {
  const is = said.map(model);
  const tallies = NAMES.map((name) => {
    const truth = meanOf(said.map((p, i) => is[i].reduce((sum, q, c) => sum + q * MEASURES[name](p, c), 0)));
    return { name, truth, before: new Tally(), now: new Tally() };
  });
  const classes = said[0].length;
  for (let e = 0; e < EXPERIMENTS; e++) {
    const u = uniform(2 * rows, { key: key(++seed) });
    const drawn = Array.from({ length: rows }, (_, i) => Math.floor(POPULATION * u[i]));
    const labels = drawn.map((at, i) => {
      let label = 0;
      for (let left = u[rows + i] - is[at][0]; left >= 0 && label < classes - 1; left -= is[at][label]) label++;
      return label;
    });
    const values = drawn.flatMap((at) => said[at]);
    const predicted = Int32Array.from(drawn, (at) => said[at].indexOf(Math.max(...said[at])));
    const correct = predicted.map((best, i) => (best === labels[i] ? 1 : 0));
    const expected = expectedLosses({ values, rows, classes }, { predicted });
    const sure = meanOf(drawn.map((at) => Math.max(...said[at])));
    const unseen = { ...expected, overconfidence: { right: sure - 1, wrong: sure } };
    for (const { name, truth, before: old, now } of tallies) {
      const losses = Float64Array.from(drawn, (at, i) => MEASURES[name](said[at], labels[i]));
      old.add(before(losses), truth);
      const rare = unseenRows(unseen[name], correct);
      if (name === "overconfidence") rare.push(farther(losses)[0]);
      now.add(meanInterval(losses, 0.95, rare), truth);
    }
  }
  return tallies.map(({ name, truth, before: old, now }) => ({
    kind: "classifier",
    rows,
    measure: name,
    law,
    truth: Number(truth.toFixed(5)),
    before: old.result,
    now: now.result,
  }));
}

/** @typedef {(n: number, seed: number) => Float64Array} Draw */

/** @type {Draw} */
const gaussian = (n, k) => normal(n, { key: key(k) });
/** @type {Draw} */
const exponential = (n, k) => uniform(n, { key: key(k) }).map((u) => -Math.log(1 - u));
/** Student's t with 5 degrees of freedom. @type {Draw} */
const student = (n, k) => {
  const z = normal(6 * n, { key: key(k) });
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 1; j < 6; j++) sum += z[6 * i + j] ** 2;
    return z[6 * i] / Math.sqrt(sum / 5);
  });
};

/** Losses of a regression, and their means. @type {Record<string, { draw: Draw; truth: number }>} */
const LOSSES = {
  "normal errors, squared": { draw: (n, k) => gaussian(n, k).map((z) => z * z), truth: 1 },
  "t errors with 5 degrees of freedom, squared": { draw: (n, k) => student(n, k).map((t) => t * t), truth: 5 / 3 },
  "Laplace errors, squared": { draw: (n, k) => exponential(n, k).map((x) => x * x), truth: 2 },
  "uniform errors, squared": { draw: (n, k) => uniform(n, { key: key(k) }).map((u) => u * u), truth: 1 / 3 },
  "one error in ten three times as large, squared": {
    draw: (n, k) => {
      const u = uniform(n, { key: key(k + 0.5e9) });
      return gaussian(n, k).map((z, i) => (u[i] < 0.1 ? 9 : 1) * z * z);
    },
    truth: 1.8,
  },
  exponential: { draw: exponential, truth: 1 },
  normal: { draw: gaussian, truth: 0 },
};

/** @param {string} law @param {number} rows @returns {Cell} */
function losses(law, rows) {
  const { draw, truth } = LOSSES[law];
  const [old, now] = [new Tally(), new Tally()];
  for (let e = 0; e < EXPERIMENTS; e++) {
    const values = draw(rows, ++seed);
    old.add(before(values), truth);
    now.add(meanInterval(values), truth);
  }
  return {
    kind: "losses",
    rows,
    measure: "mean",
    law,
    truth: Number(truth.toFixed(5)),
    before: old.result,
    now: now.result,
  };
}

/** @type {Cell[]} */
const cells = [];
for (const rows of isHeldOut ? [100, 797] : [30, 100, 300, 797]) {
  if (!isHeldOut) for (const law of Object.keys(LOSSES)) cells.push(losses(law, rows));
  for (const classes of isHeldOut ? [3, 5] : [2, 10]) {
    for (const [sureness, lead] of Object.entries(SURENESS)) {
      const said = population(classes, lead, 10 * classes + lead);
      for (const [name, model] of Object.entries(isHeldOut ? HELD_OUT : CHOSEN_ON)) {
        cells.push(...classifier(said, model, rows, `${classes} classes, ${sureness}, ${name}`));
      }
    }
  }
  console.error(`${rows} rows`);
}

const groups = [...new Set(cells.map(({ kind, rows, measure }) => `${kind} ${rows} ${measure}`))];
const summaries = groups.map((group) => {
  const part = cells.filter(({ kind, rows, measure }) => `${kind} ${rows} ${measure}` === group);
  const { kind, rows, measure } = part[0];
  const [before, now] = [summary(part.map((cell) => cell.before)), summary(part.map((cell) => cell.now))];
  return { kind, rows, measure, cells: part.length, before, now };
});
const command = `node bench/score-coverage.mjs${isHeldOut ? " --held-out" : ""}`;
console.log(coverageJson({ command, experiments: EXPERIMENTS }, summaries, cells));
