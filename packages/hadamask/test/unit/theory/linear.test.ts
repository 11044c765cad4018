import { dropout } from "hadamask";
import {
  bernoulliMultiplier,
  expectedMoments,
  linearMoments,
  marginals,
  rectifiedMarginals,
  weightNoiseMoments,
} from "hadamask/theory";
import { expect, test } from "vitest";
import { expectClose, expectCloseAll } from "./close.js";

const W = [
  [1, -2],
  [0.5, 1],
  [-1, 0.25],
];
const v = [2, -1];
const keep = 0.6;

const product = (rows: readonly (readonly number[])[], x: ArrayLike<number>) =>
  rows.map((row) => row.reduce((sum, w, j) => sum + w * x[j]!, 0));

test("dropout before a linear map: correlated outputs, as enumerated", () => {
  const closed = linearMoments(v, W, bernoulliMultiplier({ keep }));
  const exact = expectedMoments({ n: 2, keep }, (mask) => product(W, dropout(v, { keep, mask })));
  expectCloseAll(closed.mean, [4, 0, -2.25]);
  expectCloseAll(closed.mean, exact.mean);
  expectCloseAll(closed.covariance, exact.covariance);
  expectCloseAll(closed.covariance, [16 / 3, 0, -3, 0, 4 / 3, -7 / 6, -3, -7 / 6, 65 / 24]);
});

test("noise on every weight: the same means and variances, no correlation, as enumerated over 64 masks", () => {
  for (const scaling of ["inverted", "classic"] as const) {
    const law = { keep, scaling };
    const closed = weightNoiseMoments(v, W, bernoulliMultiplier(law));
    const exact = expectedMoments({ n: 6, keep }, (mask) =>
      product(
        W.map((row, i) => [...dropout(row, { ...law, mask: mask.slice(2 * i, 2 * i + 2) })]),
        v,
      ),
    );
    expectCloseAll(closed.mean, exact.mean);
    expectCloseAll(closed.covariance, exact.covariance);
    expectCloseAll(marginals(closed).variance, marginals(linearMoments(v, W, bernoulliMultiplier(law))).variance);
  }
});

test("a bias moves the mean and nothing else", () => {
  const noise = bernoulliMultiplier({ keep });
  const moved = linearMoments(v, W, noise, [1, 2, 3]);
  expectCloseAll(moved.mean, [5, 2, 0.75]);
  expectCloseAll(moved.covariance, linearMoments(v, W, noise).covariance);
});

test("the Gaussian mean of a ReLU after DropConnect", () => {
  const z = marginals(weightNoiseMoments(v, W, bernoulliMultiplier({ keep, scaling: "classic" })));
  expectCloseAll(z.variance, [1.92, 0.48, 0.975]);
  expectCloseAll(rectifiedMarginals(z).mean, [2.4234, 0.2764, 0.0389], 5e-5);
});

test.each([
  { n: 4, k: 0.9, mean: 1 / 3, exact: 0.400333, gaussian: 0.387419 },
  { n: 4, k: 0.8, mean: 1 / 3, exact: 0.469333, gaussian: 0.457775 },
  { n: 4, k: 0.5, mean: 1 / 3, exact: 0.708333, gaussian: 0.698772 },
  { n: 4, k: 0.2, mean: 1 / 3, exact: 1.037333, gaussian: 1.205303 },
  { n: 8, k: 0.5, mean: -1 / 3, exact: 0.614583, gaussian: 0.608795 },
  { n: 16, k: 0.9, mean: 1 / 3, exact: 0.556818, gaussian: 0.563598 },
  { n: 16, k: 0.5, mean: 1 / 3, exact: 1.299133, gaussian: 1.295064 },
])("one ReLU unit with $n inputs at keep $k: exact, and by the Gaussian formula", ({ n, k, mean, exact, gaussian }) => {
  const w = Array.from({ length: n }, (_, i) => ((-1) ** i * (1 + (i % 3))) / 3);
  const ones = w.map(() => 1);
  const z = linearMoments(ones, [w], bernoulliMultiplier({ keep: k }));
  expectClose(z.mean[0]!, mean);
  const relu = expectedMoments({ n, keep: k }, (mask) => [
    Math.max(0, product([w], dropout(ones, { keep: k, mask }))[0]!),
  ]);
  expectClose(relu.mean[0]!, exact, 6e-7);
  expectClose(rectifiedMarginals(marginals(z)).mean[0]!, gaussian, 6e-7);
});

test("shapes that do not fit get a sentence", () => {
  expect(() => linearMoments([1, 2, 3], W, { mean: 1, variance: 1 })).toThrow(
    new RangeError("linearMoments: weights[0] must have 3 elements like the input, got 2"),
  );
  expect(() => linearMoments(v, W, { mean: 1, variance: 1 }, [1])).toThrow(
    new RangeError("linearMoments: bias must have 3 elements like the outputs, got 1"),
  );
  expect(() => linearMoments(v, [], { mean: 1, variance: 1 })).toThrow(
    new RangeError("linearMoments: weights must be an array of at least one row, got an array of 0"),
  );
});
