// Rows to label next, against their definitions by enumeration of all labels.

import { key } from "hadamask";
import { batchBald, classStatistics, epig, stochasticBatch } from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";
import { noiseWord } from "../../../src/random/draw.js";
import { binomialBounds, FALSE_ALARM, normalBound } from "../../support/bounds.js";

const [ROWS, PASSES, CLASSES] = [7, 6, 3];

/** Distributions: rows x passes x classes, in C order. */
function pool(seed: number, rows = ROWS, passes = PASSES, classes = CLASSES): Float64Array {
  const out = new Float64Array(rows * passes * classes);
  for (let first = 0; first < out.length; first += classes) {
    const weights = Array.from({ length: classes }, (_, c) => ((noiseWord(key(seed), first + c) + 0.5) / 2 ** 32) ** 3);
    const sum = weights.reduce((a, b) => a + b, 0);
    weights.forEach((w, c) => {
      out[first + c] = w / sum;
    });
  }
  return out;
}
const at = (p: Float64Array, row: number, t: number, c: number): number => p[(row * PASSES + t) * CLASSES + c]!;
const passes = Array.from({ length: PASSES }, (_, t) => t);
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** All labels of `rows`, with their probability in each pass. */
function* combinations(p: Float64Array, rows: readonly number[]): Generator<number[]> {
  for (let n = 0; n < CLASSES ** rows.length; n++) {
    yield passes.map((t) => rows.reduce((q, row, i) => q * at(p, row, t, Math.floor(n / CLASSES ** i) % CLASSES), 1));
  }
}

/** The mutual information of the labels of `rows` and the pass, by its definition. */
function information(p: Float64Array, rows: readonly number[]): number {
  let sum = 0;
  for (const each of combinations(p, rows)) {
    const q = mean(each);
    sum += mean(each.map((value) => (value > 0 ? value * Math.log(value / q) : 0)));
  }
  return sum;
}

describe("batchBald", () => {
  test("takes the row of the highest mutual information first", () => {
    const p = pool(1);
    const { mutualInformation } = classStatistics(p, { rows: ROWS, classes: CLASSES });
    const { rows, information: found } = batchBald(p, { rows: ROWS, classes: CLASSES, count: 1 });
    expect(rows[0]).toBe(mutualInformation.indexOf(Math.max(...mutualInformation)));
    expect(found[0]).toBeCloseTo(Math.max(...mutualInformation), 12);
  });

  test("takes at each turn the row with which the batch has most information, by enumeration", () => {
    for (const seed of [2, 3, 4]) {
      const p = pool(seed);
      const { rows, information: found } = batchBald(p, { rows: ROWS, classes: CLASSES, count: 4 });
      const chosen: number[] = [];
      rows.forEach((row, m) => {
        const gains = Array.from({ length: ROWS }, (_, n) =>
          chosen.includes(n) ? -1 : information(p, [...chosen, n]),
        );
        expect(row).toBe(gains.indexOf(Math.max(...gains)));
        expect(found[m]).toBeCloseTo(Math.max(...gains), 12);
        chosen.push(row);
      });
    }
  });

  test("does not take what says the same again, as ranking by mutual information does", () => {
    const [first, second] = [pool(5, 1), pool(6, 1)];
    const doubled = Float64Array.from([...first, ...first, ...second]);
    const { mutualInformation } = classStatistics(doubled, { rows: 3, classes: CLASSES });
    const least = mutualInformation.indexOf(Math.min(...mutualInformation));
    const order = least === 2 ? doubled : Float64Array.from([...second, ...second, ...first]);
    const { rows } = batchBald(order, { rows: 3, classes: CLASSES, count: 2 });
    expect([...rows]).toEqual([0, 2]);
  });

  test("estimates what a batch says from drawn labels within their standard error", () => {
    const p = pool(7);
    const limit = 200; // of 3^4 = 81 for four rows, 243 for five
    const sizes = { rows: ROWS, classes: CLASSES, count: 6, combinations: limit };
    const { rows, information: found } = batchBald(p, { ...sizes, key: key(1) });
    expect(found[4]).toBeCloseTo(information(p, [...rows.slice(0, 5)]), 12); // the first four rows: all 81
    // A mean over drawn labels of five rows of the divergence that those of all six leave in their mean: its spread.
    const exact = information(p, [...rows]);
    let second = 0;
    for (const each of combinations(p, [...rows.slice(0, 5)])) {
      const q = mean(each);
      const term = [0, 1, 2].reduce((sum, c) => {
        const joint = each.map((value, t) => value * at(p, rows[5]!, t, c));
        const r = mean(joint);
        return sum + mean(joint.map((value) => (value > 0 ? (value / q) * Math.log(value / r) : 0)));
      }, 0);
      second += q * term * term;
    }
    const error = Math.sqrt((second - exact * exact) / limit);
    expect(Math.abs(found[5]! - exact)).toBeLessThan(normalBound(FALSE_ALARM) * error);
    expect(found[5]).not.toBeCloseTo(exact, 12);
  });

  test("never says more than ln T, the most that there is to know, however few labels are drawn", () => {
    const [rows, passes, classes] = [30, 50, 10];
    const p = pool(12, rows, passes, classes);
    for (let seed = 0; seed < 10; seed++) {
      const sizes = { rows, classes, count: 12, combinations: 16, key: key(seed) };
      const { information: found } = batchBald(p, sizes);
      expect(Math.max(...found)).toBeLessThan(Math.log(passes) + 1e-12);
      expect(found.at(-1)).toBeGreaterThan(0.9 * Math.log(passes));
    }
  });

  test("takes one column for the probability of class 1 of two", () => {
    const one = Float64Array.from({ length: 5 * 4 }, (_, i) => ((i * 7) % 11) / 11);
    const two = Float64Array.from([...one].flatMap((p) => [1 - p, p]));
    const options = { rows: 5, count: 3 };
    expect(batchBald(one, { ...options, classes: 1 })).toEqual(batchBald(two, { ...options, classes: 2 }));
  });

  test("stays finite for batches whose labels have probabilities below the smallest number", () => {
    const [rows, classes] = [400, 10];
    const p = new Float64Array(rows * 2 * classes).fill(0.1);
    const { information: found } = batchBald(p, { rows, classes, count: 400, combinations: 2, key: key(1) });
    for (const value of found) expect(Math.abs(value)).toBeLessThan(1e-9 * 400);
  });

  test("refuses what does not fit", () => {
    const p = pool(8);
    const sizes = { rows: ROWS, classes: CLASSES };
    expect(() => batchBald(p, { ...sizes, count: 8 })).toThrowError(
      "batchBald: count must be a whole number in [1, 7], got 8",
    );
    expect(() => batchBald(p, { ...sizes, count: 5, combinations: 80 })).toThrowError(
      "batchBald: key is missing; pass one made with key(seed), for instance key(42)",
    );
    expect(() => batchBald([1, 2, 3, 4], { rows: 1, classes: 2, count: 1 })).toThrowError(
      "batchBald: probabilities[1] must be in [0, 1], got 2; apply a softmax to logits first",
    );
    expect(() => batchBald(p.subarray(1), { ...sizes, count: 1 })).toThrowError(
      "batchBald: probabilities must be 7 rows x passes (at least 2) x 3 classes, got Float64Array of 125",
    );
  });
});

describe("epig", () => {
  test("is the mean mutual information of a row's label and those of the targets, by its definition", () => {
    const [p, targets] = [pool(9), pool(10, 4)];
    const found = epig(p, targets, { rows: ROWS, targetRows: 4, classes: CLASSES });
    for (let row = 0; row < ROWS; row++) {
      let sum = 0;
      for (let target = 0; target < 4; target++) {
        for (let c = 0; c < CLASSES; c++) {
          for (let d = 0; d < CLASSES; d++) {
            const joint = mean(passes.map((t) => at(p, row, t, c) * at(targets, target, t, d)));
            const apart =
              mean(passes.map((t) => at(p, row, t, c))) * mean(passes.map((t) => at(targets, target, t, d)));
            sum += joint * Math.log(joint / apart);
          }
        }
      }
      expect(found[row]).toBeCloseTo(sum / 4, 12);
    }
  });

  test("is 0 for a row that every pass sees alike, however hard it is", () => {
    const even = new Float64Array(PASSES * CLASSES).fill(1 / 3);
    expect(epig(even, pool(11, 1), { rows: 1, targetRows: 1, classes: CLASSES })[0]).toBeLessThan(1e-15);
  });

  test("refuses what are no probabilities", () => {
    expect(() => epig([0.5, 0.5, 3, -2], [0, 1, 1, 0], { rows: 1, targetRows: 1, classes: 2 })).toThrowError(
      "epig: pool[2] must be in [0, 1], got 3; apply a softmax to logits first",
    );
  });

  test("refuses passes that do not go together", () => {
    expect(() => epig(pool(1), pool(1, 2, 5), { rows: ROWS, targetRows: 2, classes: CLASSES })).toThrowError(
      "epig: targets must have 6 passes like pool, got 5",
    );
  });
});

describe("stochasticBatch", () => {
  const scores = [1, 2, 4, 0];
  const firsts = (options: { kind: "power" | "softmax"; beta: number }): number[] => {
    const counts = [0, 0, 0, 0];
    for (let seed = 0; seed < 5000; seed++) {
      counts[stochasticBatch(scores, { ...options, count: 1, key: key(seed) })[0]!]!++;
    }
    return counts;
  };

  test.each([
    ["power", 1, scores.map((s) => s / 7)],
    ["power", 2, scores.map((s) => s ** 2 / 21)],
    ["softmax", 0.5, scores.map((s) => Math.exp(s / 2) / (Math.exp(0.5) + Math.E + Math.exp(2) + 1))],
    ["softmax", 0, [0.25, 0.25, 0.25, 0.25]],
  ] as const)("%s with beta %d draws the first row by its chances", (kind, beta, chances) => {
    firsts({ kind, beta }).forEach((count, i) => {
      const [low, high] = binomialBounds(5000, chances[i]!, FALSE_ALARM / 16);
      expect(count).toBeGreaterThanOrEqual(low);
      expect(count).toBeLessThanOrEqual(high);
    });
  });

  test("draws the second among the rest by theirs", () => {
    let afterTwo = [0, 0];
    for (let seed = 0; seed < 5000; seed++) {
      const [first, second] = stochasticBatch(scores, { count: 2, key: key(seed) });
      if (first === 2) afterTwo = [afterTwo[0]! + 1, afterTwo[1]! + (second === 1 ? 1 : 0)];
    }
    const [low, high] = binomialBounds(afterTwo[0]!, 2 / 3, FALSE_ALARM);
    expect(afterTwo[1]).toBeGreaterThanOrEqual(low);
    expect(afterTwo[1]).toBeLessThanOrEqual(high);
  });

  test("takes each row once, rows of score 0 last", () => {
    const all = stochasticBatch(scores, { count: 4, key: key(1) });
    expect([...all].sort()).toEqual([0, 1, 2, 3]);
    expect(all[3]).toBe(3);
  });

  test("refuses what does not fit", () => {
    expect(() => stochasticBatch([1], { count: 2, key: key(1) })).toThrowError(
      "stochasticBatch: count must be a whole number in [1, 1], got 2",
    );
    expect(() => stochasticBatch([-1], { count: 1, key: key(1) })).toThrowError(
      "stochasticBatch: scores[0] must be a finite number at least 0, got -1",
    );
    expect(() => stochasticBatch([1], { count: 1, key: key(1), kind: "rank" as "power" })).toThrowError(
      'stochasticBatch: kind must be "power" or "softmax", got "rank"',
    );
  });
});
