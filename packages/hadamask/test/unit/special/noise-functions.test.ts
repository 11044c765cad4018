// The special functions that noises need, against 60-digit values (oracles/noise_values.py).

import { describe, expect, test } from "vitest";
import { dawson } from "../../../src/special/dawson.js";
import { portableExp, portableLog, portableLogit, portableSigmoid } from "../../../src/special/exponential.js";
import { logisticNormal } from "../../../src/special/logistic-normal.js";
import values from "../../vectors/noise.json" with { type: "json" };

const relative = (value: number, exact: number): number =>
  value === exact ? 0 : Math.abs(value - exact) / Math.abs(exact);

describe("dawson", () => {
  test.each(values.dawson as [number, number][])("at %d it is %d to 1e-14, and odd", (x, exact) => {
    expect(relative(dawson(x), exact)).toBeLessThan(1e-14);
    expect(dawson(-x)).toBe(-dawson(x));
  });

  test("is 0 at 0", () => {
    expect(dawson(0)).toBe(0);
  });
});

describe("portableExp", () => {
  test.each(values.exp as [number, number][])("at %d it is %d to 4e-16", (x, exact) => {
    expect(relative(portableExp(x), exact)).toBeLessThan(4e-16);
  });

  test("agrees with Math.exp to 4e-16 on a fine grid", () => {
    let worst = 0;
    for (let x = -700; x < 700; x += 0.0137) worst = Math.max(worst, relative(portableExp(x), Math.exp(x)));
    expect(worst).toBeLessThan(4e-16);
  });

  test("ends in 0 and infinity, and keeps NaN", () => {
    expect(portableExp(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(portableExp(-746)).toBe(0);
    expect(portableExp(-745)).toBe(5e-324);
    expect(portableExp(710)).toBe(Number.POSITIVE_INFINITY);
    expect(portableExp(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(portableExp(Number.NaN)).toBeNaN();
  });
});

test("portableSigmoid is the logistic function, with small values to their last digits", () => {
  expect(portableSigmoid(0)).toBe(0.5);
  expect(relative(portableSigmoid(-40), 4.248354255291589e-18)).toBeLessThan(1e-15);
  expect(portableSigmoid(40)).toBe(1);
  expect([portableSigmoid(-800), portableSigmoid(800)]).toEqual([0, 1]);
});

test.each(values.logit as [number, number][])("portableLogit of noise word %d is %d to 1e-14", (word, exact) => {
  expect(Math.abs(portableLogit((word + 0.5) * 2 ** -32) - exact)).toBeLessThan(1e-14);
});

describe("logisticNormal", () => {
  test.each(values.logisticNormal)("of N($mean, $variance) has mean, variance and slope to 1e-14", (row) => {
    const moments = logisticNormal(row.mean, row.variance);
    expect(Math.abs(moments.mean - row.moments[0]!)).toBeLessThan(1e-14);
    expect(Math.abs(moments.variance - row.moments[1]!)).toBeLessThan(1e-14);
    expect(Math.abs(moments.slope - row.moments[2]!)).toBeLessThan(1e-14);
  });

  test("the derivatives of the mean are those of central differences", () => {
    const h = 1e-5;
    for (const [mean, variance] of [
      [0.3, 1.5],
      [-2, 4],
    ] as const) {
      const { slope, slopeInVariance } = logisticNormal(mean, variance);
      const byMean = (logisticNormal(mean + h, variance).mean - logisticNormal(mean - h, variance).mean) / (2 * h);
      const byVariance = (logisticNormal(mean, variance + h).mean - logisticNormal(mean, variance - h).mean) / (2 * h);
      expect(relative(slope, byMean)).toBeLessThan(1e-8);
      expect(relative(slopeInVariance, byVariance)).toBeLessThan(1e-8);
    }
  });

  test("the mean is exactly 1/2 at location 0, and variance 0 gives the logistic function", () => {
    for (const variance of [0, 1, 7, 1e4]) expect(logisticNormal(0, variance).mean).toBe(0.5);
    expect(logisticNormal(1, 0).mean).toBeCloseTo(1 / (1 + Math.exp(-1)), 15);
    expect(logisticNormal(1, 0).variance).toBeCloseTo(0, 15);
  });
});

test("portableLog agrees with Math.log to rounding, over the whole range", () => {
  for (let i = 0; i < 4000; i++) {
    const x = (1 + ((i * 0.6180339887498949) % 1)) * 2 ** ((i % 2090) - 1070);
    const expected = Math.log(x);
    expect(Math.abs(portableLog(x) - expected)).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(expected)));
  }
  for (const x of [1, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE]) {
    if (x === Number.MIN_VALUE) expect(portableLog(x)).toBeCloseTo(Math.log(x), 11);
    else expect(portableLog(x)).toBe(Math.log(x));
  }
});
