import { dropout, type Scaling } from "hadamask";
import {
  checkGradient,
  dropoutRidge,
  expectation,
  expectedSquaredLoss,
  featureSquares,
  numericalGradient,
  ridge,
} from "hadamask/theory";
import { describe, expect, test } from "vitest";
import { expectClose, expectCloseAll } from "./close.js";

const x = [
  [1, 2, 0.5],
  [-1, 0, 1.5],
  [0.5, -1, 2],
  [2, 1, -0.5],
  [-0.5, 1.5, 1],
];
const y = [1, 0, -1, 2, 0.5];
const data = { x, y };
const w = [0.3, -0.7, 1.1];

const predict = (rows: readonly (readonly number[])[], weights: ArrayLike<number>) =>
  rows.map((row) => row.reduce((sum, v, j) => sum + v * weights[j]!, 0));

/** The expected loss by enumerating the 15 bits of all rows, or the 3 bits of one mask for all rows. */
function enumerated(rate: number, scaling: Scaling, masks: "own" | "shared"): number {
  return expectation({ n: masks === "own" ? 15 : 3, rate }, (bits) => {
    const rows = x.map((row, i) => {
      const mask = masks === "own" ? bits.slice(3 * i, 3 * i + 3) : bits;
      return [...dropout(row, { rate, scaling, mask })];
    });
    return predict(rows, w).reduce((sum, f, i) => sum + (y[i]! - f) ** 2, 0);
  });
}

test("the sums of squares of the features", () => {
  expectCloseAll(featureSquares(x), [6.5, 8.25, 7.75]);
});

describe.each([
  { rate: 0.2, inverted: 31.51125, classic: 24.0012, minimiser: [0.336199, 0.467923, -0.154395] },
  { rate: 0.5, inverted: 42.015, classic: 17.66625, minimiser: [0.249919, 0.306832, -0.104847] },
  { rate: 0.8, inverted: 84.03, classic: 10.9452, minimiser: [0.117465, 0.131563, -0.047066] },
])("rate $rate", ({ rate, inverted, classic, minimiser }) => {
  test("the expected loss is the enumerated one, with a mask per row or one for all", () => {
    for (const [scaling, expected] of [
      ["inverted", inverted],
      ["classic", classic],
    ] as const) {
      const closed = expectedSquaredLoss(data, w, { rate, scaling });
      expectClose(closed, expected);
      expectClose(closed, enumerated(rate, scaling, "own"));
      expectClose(closed, enumerated(rate, scaling, "shared"));
    }
  });

  test("the minimiser, and that it minimises", () => {
    const best = dropoutRidge(data, { rate });
    expectCloseAll(best, minimiser, 6e-7);
    const loss = (weights: Float64Array) => expectedSquaredLoss(data, weights, { rate });
    for (const g of numericalGradient(loss, best)) expect(Math.abs(g)).toBeLessThan(1e-7);
  });

  test("both scalings predict the same at test time", () => {
    const a = dropoutRidge(data, { rate });
    const b = dropoutRidge(data, { rate, scaling: "classic" });
    expectCloseAll(
      a,
      b.map((v) => (1 - rate) * v),
    );
    const loss = (weights: Float64Array) => expectedSquaredLoss(data, weights, { rate, scaling: "classic" });
    expect(checkGradient(loss, b, [0, 0, 0]).numerical.every((g) => Math.abs(g) < 1e-7)).toBe(true);
  });
});

test("rate 0 is least squares, rate 1 its limit", () => {
  expectCloseAll(dropoutRidge(data, { rate: 0 }), [0.367699, 0.574403, -0.186897], 6e-7);
  expectCloseAll(ridge(data, 0), dropoutRidge(data, { rate: 0 }));
  expect([...dropoutRidge(data, { rate: 1 })]).toEqual([0, 0, 0]);
  const limit = dropoutRidge(data, { rate: 1, scaling: "classic" });
  expectCloseAll(limit, dropoutRidge(data, { rate: 1 - 1e-12, scaling: "classic" }), 1e-10);
  expectClose(expectedSquaredLoss(data, w, { rate: 1 }), 6.25);
});

test("standardised features: dropout is ridge with lambda n * rate / keep", () => {
  const columns = [0, 1, 2].map((j) => {
    const column = x.map((row) => row[j]!);
    const mean = column.reduce((a, b) => a + b) / 5;
    const deviation = Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 5);
    return column.map((v) => (v - mean) / deviation);
  });
  const standardised = { x: x.map((_, i) => columns.map((column) => column[i]!)), y };
  expectCloseAll(dropoutRidge(standardised, { rate: 0.5 }), ridge(standardised, 5));
  expectCloseAll(ridge(standardised, 5), [0.14695, 0.230796, -0.362787], 6e-7);
});

test("rescaling a feature changes no prediction of dropout, but those of ridge", () => {
  const scaled = { x: x.map(([first, ...rest]) => [10 * first!, ...rest]), y };
  const change = (fit: (d: { x: number[][]; y: number[] }) => Float64Array) => {
    const before = predict(x, fit(data));
    return Math.max(...predict(scaled.x, fit(scaled)).map((f, i) => Math.abs(f - before[i]!)));
  };
  expect(change((d) => dropoutRidge(d, { rate: 0.5 }))).toBeLessThan(1e-13);
  expectClose(
    change((d) => ridge(d, 5)),
    0.388,
    5e-4,
  );
});

test("bad arguments get a sentence", () => {
  expect(() => ridge({ x, y: [1] }, 0)).toThrow(
    new RangeError("ridge: y must have 5 elements like the rows of x, got 1"),
  );
  expect(() => ridge(data, -1)).toThrow(new RangeError("ridge: lambda must be at least 0, got -1"));
  const twice = { x: x.map((row) => [row[0]!, row[0]!]), y };
  expect(() => dropoutRidge(twice, { rate: 0 })).toThrow(
    new RangeError("dropoutRidge: x must have independent columns (or a penalty above 0), got columns that depend"),
  );
  expect(dropoutRidge(twice, { rate: 0.5 })).toHaveLength(2);
});
