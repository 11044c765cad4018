// Rounding to float16 on this side, against a search in all of them.

import { describe, expect, test } from "vitest";
import { roundToHalf } from "../../../src/special/half.js";
import { fromHalf, toHalf } from "../../support/gpu-arrays.js";

describe("roundToHalf", () => {
  test("keeps every float16", () => {
    const values = Array.from({ length: 0x7c00 }, (_, h) => fromHalf(h));
    expect(values.map(roundToHalf)).toEqual(values);
  });

  test("rounds what lies between two to the nearer one, or to the even one", () => {
    const between = Array.from({ length: 4000 }, (_, i) => {
      const [low, high] = [fromHalf(7 * i), fromHalf(7 * i + 1)];
      return [0.25, 0.5, 0.5 + 2 ** -30, 0.75].map((part) => low + part * (high - low));
    }).flat();
    const values = [...between, ...between.map((value) => -value)];
    expect(values.map(roundToHalf)).toEqual(values.map((value) => fromHalf(toHalf(value))));
  });

  test("goes to infinity from 65520 on", () => {
    expect([65504, 65519.9, 65520, 1e9].map(roundToHalf)).toEqual([65504, 65504, Infinity, Infinity]);
  });
});
