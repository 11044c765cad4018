// What alpha dropout is for: mean 0 and variance 1 stay, at every rate.

import { AlphaDropout, key, normal } from "hadamask";
import { expectedMoments } from "hadamask/theory";
import { describe, expect, test } from "vitest";
import { alphaAffine } from "../../../src/noise/alpha.js";
import { FALSE_ALARM, normalBound } from "../../support/bounds.js";

const RATES = [0, 1e-12, 0.1, 0.3, 0.5, 0.8, 0.99, 1 - 1e-9];

describe("alpha dropout", () => {
  test.each(RATES)(
    "keeps mean 0 and variance 1 exactly, over masks and two equally likely inputs, at rate %d",
    (rate) => {
      const layer = new AlphaDropout({ rate });
      const [up, down] = [1, -1].map((x) =>
        expectedMoments({ n: 1, keep: layer.keep }, (mask) => layer.forward([x], { mask })),
      );
      const mean = (up!.mean[0]! + down!.mean[0]!) / 2;
      const square = [up!, down!].reduce((sum, moments) => sum + moments.covariance[0]! + moments.mean[0]! ** 2, 0) / 2;
      expect(mean).toBeCloseTo(0, 12);
      expect(square - mean ** 2).toBeCloseTo(1, 12);
    },
  );

  test.each([0.1, 0.5, 0.9])("keeps mean and variance of normal inputs from the real stream at rate %d", (rate) => {
    const n = 200_000;
    const y = new AlphaDropout({ rate, key: key(3) }).forward(normal(n, { key: key(4) }));
    const mean = y.reduce((sum, v) => sum + v, 0) / n;
    const squares = y.map((v) => v * v);
    const square = squares.reduce((sum, v) => sum + v, 0) / n;
    const spread = squares.reduce((sum, v) => sum + (v - square) ** 2, 0) / n;
    const bound = normalBound(FALSE_ALARM / 2);
    expect(Math.abs(mean)).toBeLessThan(bound * Math.sqrt(square / n));
    expect(Math.abs(square - 1)).toBeLessThan(bound * Math.sqrt(spread / n));
  });

  test.each([
    // a = (q + L^2 q (1 - q))^(-1/2), b = a (1 - q) L, and b - a L, with 30 digits; L =
    // 1.758099340847376859940217520812
    { keep: 0.5, gain: 0.8864048946659318, shift: 0.7791939305180317, dropped: -0.7791939305180317 },
    { keep: 0.9, gain: 0.9212845161497115, shift: 0.1619709700575702, dropped: -1.457738730518132 },
  ])("has the numbers of the paper's formula at keep $keep", ({ keep, gain, shift, dropped }) => {
    const affine = alphaAffine(keep);
    expect(affine.gain).toBeCloseTo(gain, 14);
    expect(affine.shift).toBeCloseTo(shift, 14);
    expect(affine.dropped).toBeCloseTo(dropped, 14);
  });

  test("copies at rate 0, -0 included, and gives +0 at rate 1 and in the gradient", () => {
    const x = Float64Array.of(-0, 1, Number.NaN, Number.NEGATIVE_INFINITY);
    expect(new AlphaDropout({ rate: 0 }).forward(x)).toEqual(x);
    const layer = new AlphaDropout({ rate: 1 });
    expect(layer.forward(x)).toEqual(new Float64Array(4));
    expect(layer.backward(x)).toEqual(new Float64Array(4));
  });

  test("as the rate goes to 1 the output goes to 0 in probability, so that rate 1 is the limit", () => {
    for (const keep of [1e-3, 1e-6, 1e-12]) {
      const { dropped } = alphaAffine(keep);
      expect(Math.abs(dropped)).toBeLessThan(Math.sqrt(keep));
    }
  });

  test("takes the rate of a schedule between passes, and goes back through a pass with the rate that it had", () => {
    const layer = new AlphaDropout({ rate: 0.5, key: key(1) });
    const x = [1, 2, 3, 4, 5, 6, 7, 8];
    layer.forward(x);
    const dx = layer.backward(x);
    layer.rate = 0.1;
    expect(layer.backward(x)).toEqual(dx);
    expect(layer.forward(x, { step: 0 })).toEqual(new AlphaDropout({ rate: 0.1, key: key(1) }).forward(x, { step: 0 }));
  });
});
