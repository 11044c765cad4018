// Rows to label next, against their definitions by enumeration of all labels.

import { key } from "hadamask";
import { batchBald, classStatistics, epig } from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";
import { noiseWord } from "../../../src/random/draw.js";
import { FALSE_ALARM, normalBound } from "../../support/bounds.js";

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

  test("estimates the joint entropy from drawn labels within their standard error", () => {
    const p = pool(7);
    const limit = 200; // of 3^4 = 81 for four rows, 243 for five
    const { rows, information: found } = batchBald(p, {
      rows: ROWS,
      classes: CLASSES,
      count: 6,
      combinations: limit,
      key: key(1),
    });
    expect(found[4]).toBeCloseTo(information(p, [...rows.slice(0, 5)]), 12); // the first four rows: all 81
    // The estimate is a mean over drawn labels of five rows of the entropy of the sixth's given them, plus minus log
    // of theirs.
    const exact = information(p, [...rows]);
    let [first, second] = [0, 0];
    for (const each of combinations(p, rows.slice(0, 5) as unknown as number[])) {
      const q = mean(each);
      const joint = [0, 1, 2].map((c) => mean(each.map((value, t) => value * at(p, rows[5]!, t, c))));
      const term = -joint.reduce((sum, r) => sum + (r / q) * Math.log(r), 0);
      first += q * term;
      second += q * term * term;
    }
    const error = Math.sqrt((second - first * first) / limit);
    expect(Math.abs(found[5]! - exact)).toBeLessThan(normalBound(FALSE_ALARM) * error);
    expect(found[5]).not.toBeCloseTo(exact, 12);
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

  test("refuses passes that do not go together", () => {
    expect(() => epig(pool(1), pool(1, 2, 5), { rows: ROWS, targetRows: 2, classes: CLASSES })).toThrowError(
      "epig: targets must have 6 passes like pool, got 5",
    );
  });
});
