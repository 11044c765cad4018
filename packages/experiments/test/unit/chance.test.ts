import { key } from "hadamask";
import { describe, expect, test } from "vitest";
import { epochOrder, permutation, runKeys, uniforms } from "../../src/chance.js";
import type { Dataset } from "../../src/data/dataset.js";
import { designFor } from "../../src/training/design.js";
import { splitRows } from "../../src/training/split.js";

describe("permutation", () => {
  test("holds every number once, and is the same for the same key", () => {
    for (const n of [0, 1, 2, 33, 1000]) {
      const order = permutation(key(7), n);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      expect(permutation(key(7), n)).toEqual(order);
    }
    expect(permutation(key(7), 100)).not.toEqual(permutation(key(8), 100));
  });

  test("gives each order of three with the same probability", () => {
    const draws = 60_000;
    const counts = new Map<string, number>();
    for (let seed = 0; seed < draws; seed++) {
      const order = permutation(key(seed), 3).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // Chi-square with 5 degrees of freedom exceeds 50.69 with probability 1e-9 (mpmath, gammainc).
    const expected = draws / 6;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(50.69);
  });
});

test("uniforms fill the interval, and no more", () => {
  const n = 100_000;
  const values = uniforms(key(1), n, 0.25);
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.25);
  // The mean of n uniforms in ±limit has a deviation of limit / √(3 n); 6.1 of them are exceeded once in 1e9.
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  expect(Math.abs(mean)).toBeLessThan((6.1 * 0.25) / Math.sqrt(3 * n));
  // The mean of squares is limit² / 3, with a deviation of limit² √(4 / 45 n).
  const square = values.reduce((sum, v) => sum + v * v, 0) / n;
  expect(Math.abs(square - 0.25 ** 2 / 3)).toBeLessThan(6.1 * 0.25 ** 2 * Math.sqrt(4 / (45 * n)));
});

test("each use of a seed has a key of its own, and each epoch its order", () => {
  const keys = runKeys(3);
  expect(new Set(Object.values(keys).map(String)).size).toBe(4);
  expect(epochOrder(keys, 0, 50)).not.toEqual(epochOrder(keys, 1, 50));
  expect(epochOrder(keys, 1, 50)).toEqual(epochOrder(runKeys(3), 1, 50));
});

describe("splitRows", () => {
  const rows = 10;
  const features = Float32Array.from({ length: rows * 2 }, (_, i) => (i % 2 === 0 ? i : 5)); // second column constant
  const pool = { rows, features, labels: Uint16Array.from({ length: rows }, (_, i) => i) };
  const data = {
    name: "test",
    description: "",
    featureCount: 2,
    classes: [],
    scaling: 0.5,
    pool,
    defaultTrainRows: 6,
  } satisfies Dataset;
  const labelsOf = ({ count, label }: { count: number; label(row: number): number }) =>
    Array.from({ length: count }, (_, row) => label(row));

  test("folds: five seeds are tested on every row once, none on a row it was trained on", () => {
    for (const trainRows of [6, 8]) {
      const seeds = [0, 1, 2, 3, 4].map((seed) => splitRows(data, { design: "folds", trainRows }, seed));
      const tested = seeds.flatMap(({ test: part }) => labelsOf(part)).sort((a, b) => a - b);
      expect(tested).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      for (const { train, test: part } of seeds) {
        expect(train.count).toBe(trainRows);
        expect(new Set([...labelsOf(train), ...labelsOf(part)]).size).toBe(trainRows + 2);
      }
    }
    const [again] = [5].map((seed) => splitRows(data, { design: "folds", trainRows: 6 }, seed));
    expect(labelsOf(again!.test)).not.toEqual(labelsOf(splitRows(data, { design: "folds", trainRows: 6 }, 0).test));
  });

  test("disjoint: the same test rows for all, and no training row in two seeds", () => {
    const seeds = [0, 1, 2].map((seed) => splitRows(data, { design: "disjoint", trainRows: 2 }, seed));
    const test = labelsOf(seeds[0]!.test);
    expect(test).toHaveLength(3);
    for (const seed of seeds) expect(labelsOf(seed.test)).toEqual(test);
    const all = [...test, ...seeds.flatMap(({ train }) => labelsOf(train))];
    expect(new Set(all).size).toBe(9);
  });

  test("designFor gives seeds rows of their own where there are enough", () => {
    expect(designFor(data, 2, [0, 1, 2])).toBe("disjoint");
    expect(designFor(data, 3, [0, 1, 2])).toBe("folds");
    expect(designFor(data, 2, [2, 3])).toBe("folds"); // the fourth would find no row left
    expect(designFor({ ...data, test: pool }, 2, [0])).toBe("given");
  });

  test("keeps the data's own test rows", () => {
    const own = splitRows({ ...data, test: { ...pool, rows: 2 } }, { design: "given", trainRows: 6 }, 1);
    expect(labelsOf(own.test)).toEqual([0, 1]);
    expect(own.train.count).toBe(6);
  });

  test("scales inputs by a factor", () => {
    const { train } = splitRows(data, { design: "folds", trainRows: 6 }, 1);
    const out = new Float32Array(4);
    train.readInputs([2, 0], out);
    expect([...out]).toEqual([train.label(2), 2.5, train.label(0), 2.5]); // the first column is twice the label
  });

  test("standardises by the training rows alone; a constant column becomes 0", () => {
    const { train, test: testRows } = splitRows(
      { ...data, scaling: "standardise" },
      { design: "folds", trainRows: 6 },
      1,
    );
    const inputs = (part: typeof train) => {
      const out = new Float32Array(part.count * 2);
      part.readInputs(
        Array.from({ length: part.count }, (_, i) => i),
        out,
      );
      return out;
    };
    const columns = inputs(train);
    const first = columns.filter((_, i) => i % 2 === 0);
    expect(first.reduce((sum, v) => sum + v, 0)).toBeCloseTo(0, 6);
    expect(first.reduce((sum, v) => sum + v * v, 0) / 6).toBeCloseTo(1, 6);
    expect(columns.filter((_, i) => i % 2 === 1)).toEqual(new Float32Array(6));
    // The same map for the test rows: x = 2 label is linear in the standardised value.
    const slope = (first[1]! - first[0]!) / (train.label(1) - train.label(0));
    expect(inputs(testRows)[0]).toBeCloseTo(first[0]! + slope * (testRows.label(0) - train.label(0)), 5);
  });
});
