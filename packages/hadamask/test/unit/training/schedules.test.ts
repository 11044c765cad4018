// Rates over steps and over depth.

import { constantRate, Dropout, earlyRate, key, lateRate, linearDepthRates, linearRate } from "hadamask";
import { describe, expect, test } from "vitest";

describe("rates over steps", () => {
  const over = (schedule: (step: number) => number, steps: readonly number[]): number[] => steps.map(schedule);

  test("constant, linear, early and late", () => {
    expect(over(constantRate(0.3), [0, 1, 10 ** 9])).toEqual([0.3, 0.3, 0.3]);
    expect(over(linearRate({ from: 0.5, to: 0.25, steps: 4 }), [0, 1, 2, 3, 4, 5])).toEqual([
      0.5, 0.4375, 0.375, 0.3125, 0.25, 0.25,
    ]);
    expect(over(earlyRate({ rate: 0.2, until: 3 }), [0, 2, 3, 4])).toEqual([0.2, 0.2, 0, 0]);
    expect(over(earlyRate({ rate: 0.4, until: 4, shape: "linear" }), [0, 1, 2, 4, 5])).toEqual([
      0.4,
      0.4 * 0.75,
      0.2,
      0,
      0,
    ]);
    expect(over(lateRate({ rate: 0.2, from: 3 }), [0, 2, 3, 4])).toEqual([0, 0, 0.2, 0.2]);
  });

  test("end exactly where they are said to end, and never leave [0, 1]", () => {
    const schedule = linearRate({ from: 0.1, to: 0.7, steps: 3 });
    expect(schedule(3)).toBe(0.7);
    for (const steps of [1, 7, 1000]) {
      for (const step of [0, 1, steps - 1, steps]) {
        const rate = linearRate({ from: 1, to: 0, steps })(step);
        expect(rate >= 0 && rate <= 1).toBe(true);
      }
    }
    expect(earlyRate({ rate: 0.2, until: 0 })(0)).toBe(0);
  });

  test("drive a layer; masks of rising rates at one step are nested", () => {
    const layer = new Dropout({ rate: 0, key: key(1) });
    const x = new Float64Array(1000).fill(1);
    const rate = linearRate({ from: 0, to: 1, steps: 4 });
    let before: ArrayLike<number> = x;
    for (let t = 0; t <= 4; t++) {
      layer.rate = rate(t);
      const y = layer.forward(x, { step: 0 });
      expect(y.every((value, i) => value === 0 || before[i] !== 0)).toBe(true);
      before = y;
    }
    expect(Array.from(before).every((value) => value === 0)).toBe(true);
  });

  test.each([
    [() => constantRate(2), "constantRate: rate must be in [0, 1], got 2; pass 0.02 for 2 %"],
    [() => constantRate(0.5)(-1), "constantRate: step must be a whole number in [0, 2^53), got -1"],
    [() => linearRate({ from: 0, to: 1.5, steps: 3 }), "linearRate: to must be in [0, 1], got 1.5"],
    [() => linearRate({ from: 0, to: 1, steps: 0 }), "linearRate: steps must be a whole number in [1, 2^53), got 0"],
    [() => earlyRate({ rate: 0.1, until: 0.5 }), "earlyRate: until must be a whole number in [0, 2^53), got 0.5"],
    [
      () => earlyRate({ rate: 0.1, until: 5, shape: "cosine" as never }),
      'earlyRate: shape must be "constant" or "linear", got "cosine"',
    ],
    [() => lateRate({ rate: Number.NaN, from: 5 }), "lateRate: rate must be in [0, 1], got NaN"],
  ])("%# says what is wrong", (call, message) => {
    expect(call).toThrowError(expect.objectContaining({ message }));
  });
});

describe("linearDepthRates", () => {
  test("goes from first to last in equal steps", () => {
    const rates = linearDepthRates(5, { last: 0.2 });
    [0, 0.05, 0.1, 0.15, 0.2].forEach((rate, l) => {
      expect(rates[l]).toBeCloseTo(rate, 15);
    });
    expect(linearDepthRates(4, { first: 0.125, last: 0.5 })).toEqual([0.125, 0.25, 0.375, 0.5]);
    expect(linearDepthRates(1, { last: 0.3 })).toEqual([0.3]);
  });

  test("refuses a depth of 0 and rates that are none", () => {
    expect(() => linearDepthRates(0, { last: 0.1 })).toThrowError(
      "linearDepthRates: depth must be a whole number in [1, 4294967296], got 0",
    );
    expect(() => linearDepthRates(2, { last: 10 })).toThrowError(
      "linearDepthRates: last must be in [0, 1], got 10; pass 0.1 for 10 %",
    );
  });
});

test("options that are missing, or have another name, are said", () => {
  for (const make of [linearRate, earlyRate, lateRate]) {
    expect(() => make(undefined as never)).toThrow(/^\w+: options must be an object, got undefined; it takes /);
    expect(() => make({ p: 0.5 } as never)).toThrow(`${make.name}: unknown option "p"; `);
  }
});
