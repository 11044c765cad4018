import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  meanOf,
  type ProtocolSettings,
  publishedSplits,
  REGRESSION_SETS,
  type RegressionSet,
  type RegressionTable,
  runSplit,
  setRow,
  weightDecay,
} from "../../../src/reproduce.js";

describe("publishedSplits", () => {
  test.each([
    // NumPy 2.4.6: np.random.seed(1), then choice(range(n), n, replace=False) for each; SHA-256 of all as uint32.
    [506, 20, 455, [480, 216, 158], [446, 86, 283], "34fc9307c7acf63fc1f4cb7c1cf859a0d21b98c7bd256a45b5c7e11327df13e6"],
    [308, 20, 277, [122, 18, 305], [75, 135, 290], "efd4f6dc803ed62767c4fde8021564c54499b186add772286c04dafc9c0e15fb"],
    [
      ...([45730, 5, 41157, [38125, 26784, 33990], [7729, 9710, 7829]] as const),
      "48568d75692c7a47ba9bec5df1c513daf3b841bd04d44ecf1a1cad0ba97547fa",
    ],
  ])("of %i rows are NumPy's", (n, count, trainRows, first, last, digest) => {
    const splits = publishedSplits(n, count);
    const { train, test: testRows } = splits.at(-1)!;
    expect(train).toHaveLength(trainRows);
    expect([...train.subarray(0, 3)]).toEqual(first);
    expect([...testRows.subarray(-3)]).toEqual(last);
    const hash = createHash("sha256");
    for (const split of splits) hash.update(split.train).update(split.test);
    expect(hash.digest("hex")).toBe(digest);
  });

  test("half a row is rounded to even, as NumPy does", () => {
    expect(publishedSplits(5, 1)[0]!.train).toHaveLength(4); // 4.5
    expect(publishedSplits(15, 1)[0]!.train).toHaveLength(14); // 13.5
  });
});

test("the nine sets have the splits and rows of the benchmark", () => {
  expect(REGRESSION_SETS).toHaveLength(9);
  expect(REGRESSION_SETS.reduce((sum, { splits }) => sum + splits, 0)).toBe(165);
  for (const { rates, precisions, inputs, fileColumns, target } of REGRESSION_SETS) {
    expect(rates).toHaveLength(4);
    expect(precisions).toHaveLength(3);
    expect(target).toBe(inputs);
    expect(target).toBeLessThan(fileColumns);
  }
});

test("weight decay is l² (1 - rate) / 2 N τ: next to nothing in all sets, as docs/reproductions.md says", () => {
  expect(weightDecay(0.1, 455, 0.2)).toBeCloseTo((0.01 ** 2 * 0.9) / (2 * 455 * 0.2), 18);
  const all = REGRESSION_SETS.flatMap(({ rows, rates, precisions }) => {
    const trainRows = publishedSplits(rows, 1)[0]!.train.length;
    return rates.flatMap((rate) => precisions.map((precision) => weightDecay(rate, trainRows, precision)));
  });
  expect(Math.max(...all)).toBeLessThan(2.2e-6);
  expect(Math.min(...all)).toBeGreaterThan(8e-14);
});

/** 90 rows of two columns, of which one is constant, and a target that they determine. */
const SET: RegressionSet = {
  ...REGRESSION_SETS[0]!,
  ...{ rows: 90, fileColumns: 3, inputs: 2, target: 2, hidden: 8, epochs: 20, splits: 2, rates: [0.01, 0.3] },
  precisions: [0.05, 5],
};
const inputs = Float64Array.from({ length: 180 }, (_, i) => (i % 2 === 1 ? 7 : ((i * 31) % 89) / 10));
const TABLE: RegressionTable = {
  columns: 2,
  inputs,
  targets: Float64Array.from({ length: 90 }, (_, r) => 100 + 4 * inputs[2 * r]!),
};
const SETTINGS: ProtocolSettings = {
  ...{ epochsFactor: 30, grid: "full", passes: 200, validationPasses: 40, decayUnit: "target", seed: 42 },
};

describe("runSplit", () => {
  const shares: number[] = [];
  const result = runSplit(TABLE, SET, 1, SETTINGS, (done, of) => shares.push(done / of));

  test("chooses the best pair by the validation rows, and tells how far it is", () => {
    expect(result.grid.map(({ rate, precision }) => [rate, precision])).toEqual([
      [0.01, 0.05],
      [0.01, 5],
      [0.3, 0.05],
      [0.3, 5],
    ]);
    const best = result.grid.find(({ rate, precision }) => rate === result.rate && precision === result.precision)!;
    expect(best.logLikelihood).toBe(Math.max(...result.grid.map(({ logLikelihood }) => logLikelihood)));
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect([result.trainRows, result.testRows]).toEqual([81, 9]);
  });

  test("learns: a tenth of the target's deviation (10.3) is left, where a small rate is chosen", () => {
    expect(result.rate).toBe(0.01);
    expect(result.rmse.off).toBeLessThan(1);
    expect(result.rmse.mean).toBeLessThan(1);
  });

  test("depends on its arguments alone", () => {
    const small = { ...SETTINGS, epochsFactor: 1 };
    const again = (settings: ProtocolSettings, split = 1): unknown => runSplit(TABLE, SET, split, settings);
    expect(again(small)).toEqual(again(small));
    expect(again(small)).not.toEqual(again({ ...small, seed: 43 }));
    expect(again(small)).not.toMatchObject({ rmse: (again(small, 0) as typeof result).rmse });
  });

  test("--grid rates judges one network by all precisions", () => {
    const small = { ...SETTINGS, epochsFactor: 1, grid: "rates" as const };
    const { grid } = runSplit(TABLE, SET, 0, small);
    // The same as the full grid where the precision of the decay is the middle one, here the last.
    const full = runSplit(TABLE, SET, 0, { ...small, grid: "full" }).grid;
    expect(grid).toHaveLength(4);
    expect(grid[1]).toEqual(full[1]);
    expect(grid[3]).toEqual(full[3]);
    expect(grid[0]!.logLikelihood).toBeCloseTo(full[0]!.logLikelihood, 3);
  });

  test("the unit of the precision changes the decay, by the variance of the target", () => {
    const small = { ...SETTINGS, epochsFactor: 1 };
    const [target, standardised] = (["target", "standardised"] as const).map(
      (decayUnit) => runSplit(TABLE, SET, 0, { ...small, decayUnit }).rmse.off,
    );
    expect(target).not.toBe(standardised);
    expect(Math.abs(target! / standardised! - 1)).toBeLessThan(1e-3);
  });
});

describe("setRow", () => {
  const result = (split: number, value: number) => ({
    ...{ set: SET.name, split, trainRows: 1, testRows: 1, grid: [], rate: split === 2 ? 0.1 : 0.05, precision: 1 },
    rmse: { singlePass: value + 1, off: value, mean: value },
    logLikelihood: { singlePass: -value, off: -value, mean: -value },
  });
  const published = { singlePassRmse: [9, 2, 9, 3], rmse: [9, 2, 9, 3], logLikelihood: [9, -1, 9, -2], tau: [] };

  test("pairs each split with the published one of its number", () => {
    const row = setRow(SET, SETTINGS, [result(1, 1), result(3, 2)], published);
    expect(row.rmse.mean).toEqual({
      ...{ mean: 1.5, error: 0.5, perSplit: [1, 2], published: { mean: 2.5, error: 0.5 } },
      ...{ difference: { mean: -1, error: 0 }, agrees: false },
    });
    expect(row.rmse.singlePass).toMatchObject({ difference: { mean: 0, error: 0 }, agrees: true });
    expect(row.rmse.off.published).toBeUndefined();
    expect(row.logLikelihood.mean).toMatchObject({ difference: { mean: 0 }, agrees: true });
    expect(row).toMatchObject({ splits: [1, 3], epochs: 600 });
  });

  test("says nothing of agreement where there is one split, or nothing published", () => {
    expect(setRow(SET, SETTINGS, [result(1, 1)], published).rmse.mean).toEqual({
      ...{ mean: 1, perSplit: [1], published: { mean: 2 }, difference: { mean: -1 } },
    });
    expect(setRow(SET, SETTINGS, [result(1, 1), result(2, 1)]).rmse.mean).toEqual({
      ...{ mean: 1, error: 0, perSplit: [1, 1] },
    });
  });

  test("counts what was chosen", () => {
    const { chosen } = setRow(SET, SETTINGS, [result(0, 1), result(1, 1), result(2, 1)]);
    expect(chosen).toEqual([
      { rate: 0.05, precision: 1, splits: 2 },
      { rate: 0.1, precision: 1, splits: 1 },
    ]);
  });

  test("the error is the deviation over the root of the number", () => {
    expect(meanOf([1, 2, 3, 6])).toEqual({ mean: 3, error: Math.sqrt(14 / 3 / 4) });
  });
});
