// What dropout does to means, variances, covariances and gradients, exactly, by going through all masks.

import { Dropout, dropout, dropoutBackward, key, SpatialDropout } from "hadamask";
import { expectation, expectedMoments, expectedVector, numericalGradient } from "hadamask/theory";
import { describe, expect, test } from "vitest";
import { nearTo } from "../../support/compare.js";

const near = nearTo(12);

describe("moments over all masks", () => {
  test.each([
    { scaling: "classic", mean: [1.4, 2.8, 4.2], variances: [0.84, 3.36, 7.56] },
    { scaling: "inverted", mean: [2, 4, 6], variances: [1.714286, 6.857143, 15.428571] },
  ] as const)("of x = [2, 4, 6] at keep 0.7, $scaling: mean, variances, no covariance", (row) => {
    const moments = expectedMoments({ n: 3, keep: 0.7 }, (mask) =>
      dropout([2, 4, 6], { keep: 0.7, scaling: row.scaling, mask }),
    );
    near(moments.mean, row.mean);
    moments.covariance.forEach((value, at) => {
      expect(value).toBeCloseTo(at % 4 === 0 ? row.variances[at / 4]! : 0, 6);
    });
  });

  test.each([0.1, 0.3, 0.5, 0.8, 0.9])("at keep %d the mean stays and the mean square becomes x^2 / keep", (keep) => {
    const outputs = (mask: Uint8Array): Float64Array => dropout([3, -2], { keep, mask });
    near(expectedVector({ n: 2, keep }, outputs), [3, -2]);
    near(
      expectedVector({ n: 2, keep }, (mask) => outputs(mask).map((y) => y * y)),
      [9 / keep, 4 / keep],
    );
  });

  test("a shared decision gives the channel one noise: the variance of its sum is 100 in place of 30", () => {
    const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);
    const layer = new SpatialDropout({ keep: 0.5, sharedAxes: [1], key: key(0) });
    const shared = expectedMoments({ n: 1, keep: 0.5 }, (mask) => layer.forward([1, 2, 3, 4], { shape: [1, 4], mask }));
    near(shared.covariance, [1, 2, 3, 4, 2, 4, 6, 8, 3, 6, 9, 12, 4, 8, 12, 16]);
    expect(sum(shared.covariance)).toBeCloseTo(100, 12);
    const own = expectedMoments({ n: 4, keep: 0.5 }, (mask) => dropout([1, 2, 3, 4], { keep: 0.5, mask }));
    expect(sum(own.covariance)).toBeCloseTo(30, 12);
  });

  test("through a linear map the outputs covary by sum over j of W_ij W_lj x_j^2", () => {
    const W = [
      [1, -2],
      [0.5, 1],
      [-1, 0.25],
    ] as const;
    const x = [2, -1];
    const { mean, covariance } = expectedMoments({ n: 2, keep: 0.6 }, (mask) => {
      const y = dropout(x, { keep: 0.6, mask });
      return W.map((row) => row[0] * y[0]! + row[1] * y[1]!);
    });
    near(mean, [4, 0, -2.25]);
    near(
      covariance,
      W.flatMap((a) => W.map((b) => (0.4 / 0.6) * (a[0] * b[0] * 4 + a[1] * b[1] * 1))),
    );
    near([covariance[1]!, covariance[2]!, covariance[5]!], [0, -3, -1.166667], 6);
  });
});

describe("the expected gradient", () => {
  const square = (y: number): number => 2 * y; // of L = y^2

  /** E[dL/dx] and E[dL/dy] for one unit. */
  const gradients = (x: number, keep: number, slope: (y: number) => number): [number, number] => {
    const layer = new Dropout({ keep, key: key(0) });
    const forward = (mask: Uint8Array): number => layer.forward([x], { mask })[0]!;
    const ofInput = expectation({ n: 1, keep }, (mask) => layer.backward([slope(forward(mask))])[0]!);
    return [ofInput, expectation({ n: 1, keep }, (mask) => slope(forward(mask)))];
  };

  test("of y^2 at x = 3 is 2x / keep and not 2x: 12 at keep 0.5, 7.5 at keep 0.8, while E[dL/dy] is 6", () => {
    near(gradients(3, 0.5, square), [12, 6]);
    near(gradients(3, 0.8, square), [7.5, 6]);
  });

  test("of the logistic loss at x = 2, keep 0.5 is -0.017986, E[dL/dy] is -0.258993, without dropout -0.119203", () => {
    const slope = (y: number): number => -1 / (1 + Math.exp(y));
    near([...gradients(2, 0.5, slope), slope(2)], [-0.017986, -0.258993, -0.119203], 6);
  });

  test("of a linear loss is the upstream gradient", () => {
    near(
      gradients(5, 0.3, () => 1),
      [1, 1],
    );
  });

  test("is E[dL/dy | kept], and the gradient of the expected loss", () => {
    const w = [1, 2, -1];
    const x = [1, 1, 2];
    const keep = 0.5;
    const residual = (y: ArrayLike<number>): number => w.reduce((sum, wi, i) => sum + wi * y[i]!, -0.5);
    const ofInput = expectedVector({ n: 3, keep }, (mask) => {
      const y = dropout(x, { keep, mask });
      return dropoutBackward(
        w.map((wi) => residual(y) * wi),
        { keep, mask },
      );
    });
    near(ofInput, [1.5, 5, 1.5]);
    const ofOutput = expectedVector({ n: 3, keep }, (mask) => w.map((wi) => residual(dropout(x, { keep, mask })) * wi));
    near(ofOutput, [0.5, 1, -0.5]);
    // clean gradient plus (1 - keep) / keep * w_i^2 x_i
    near(
      ofInput,
      w.map((wi, i) => residual(x) * wi + wi * wi * x[i]!),
    );
    const expectedLoss = (at: Float64Array): number =>
      expectation({ n: 3, keep }, (mask) => residual(dropout(at, { keep, mask })) ** 2 / 2);
    near(numericalGradient(expectedLoss, x), [...ofInput], 8);
    const givenKept = w.map((wi, i) => {
      const weight = (mask: Uint8Array): number => mask[i]! / keep;
      return expectation({ n: 3, keep }, (mask) => weight(mask) * residual(dropout(x, { keep, mask })) * wi);
    });
    near(ofInput, givenKept);
  });
});

test("the product rule of independent bits holds for the decisions of one mask, and not for one bit used twice", () => {
  const [f, g, h] = [Math.exp, (m: number) => (m - 2) ** 2, (m: number) => 1 / (1 + m)];
  const keep = 0.3;
  const whole = expectation({ n: 3, keep }, (mask) => {
    const [a, b, c] = dropout([1, 1, 1], { keep, mask, scaling: "classic" });
    return f(a!) * g(b!) * h(c!);
  });
  const apart = [f, g, h].reduce((product, each) => product * (0.3 * each(1) + 0.7 * each(0)), 1);
  near([whole, apart], [3.9933017853968744, 3.9933017853968744], 13);
  expect(expectation({ n: 1, keep }, ([m]) => m! * m!)).toBeCloseTo(0.3, 15);
});
