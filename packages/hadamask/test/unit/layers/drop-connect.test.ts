// DropConnect: the golden numbers of its forward pass, gradient, moments and inference.

import { DropConnect, dropout, key, unpackMask } from "hadamask";
import { torchCpu } from "hadamask/streams";
import { expectedMoments, expectedVector, weightNoiseMoments } from "hadamask/theory";
import { describe, expect, test } from "vitest";
import { FALSE_ALARM, normalBound } from "../../support/bounds.js";
import { nearTo } from "../../support/compare.js";

// W of the literature is [out][in]; weights lie [in][out].
const W = [
  [1, -2],
  [0.5, 1],
  [-1, 0.25],
];
const weights = [1, 0.5, -1, -2, 1, 0.25];
const v = [2, -1];
const K = key(3);
const make = (scaling: "inverted" | "classic") => new DropConnect({ keep: 0.6, inputs: 2, weights, scaling, key: K });

const near = nearTo(6);
const diagonal = (covariance: Float64Array): number[] => [covariance[0]!, covariance[4]!, covariance[8]!];

describe("over all 64 masks", () => {
  const moments = (scaling: "inverted" | "classic") => {
    const layer = make(scaling);
    return expectedMoments({ n: 6, keep: 0.6 }, (mask) => layer.forward(v, { mask }));
  };

  test("inverted: mean [4, 0, -2.25], variances [5.333, 1.333, 2.708], no covariance", () => {
    const { mean, covariance } = moments("inverted");
    near(mean, [4, 0, -2.25], 12);
    near(diagonal(covariance), [5.333333, 1.333333, 2.708333]);
    near([covariance[1]!, covariance[2]!, covariance[5]!], [0, 0, 0], 12);
  });

  test("classic: mean [2.4, 0, -1.35], variances [1.92, 0.48, 0.975]", () => {
    const { mean, covariance } = moments("classic");
    near(mean, [2.4, 0, -1.35], 12);
    near(diagonal(covariance), [1.92, 0.48, 0.975], 12);
  });

  test("the layer's own moments are those, and those of the theory", () => {
    for (const scaling of ["inverted", "classic"] as const) {
      const own = make(scaling).moments(v);
      const exact = moments(scaling);
      near(own.mean, [...exact.mean], 12);
      near(own.variance, diagonal(exact.covariance), 12);
      const noise = scaling === "inverted" ? { mean: 1, variance: 0.4 / 0.6 } : { mean: 0.6, variance: 0.24 };
      near(own.variance, diagonal(weightNoiseMoments(v, W, noise).covariance), 12);
    }
  });

  test("dropout of the input has the same variances, but its outputs covary", () => {
    const { covariance } = expectedMoments({ n: 2, keep: 0.6 }, (mask) => {
      const y = dropout(v, { keep: 0.6, mask });
      return W.map(([a, b]) => a! * y[0]! + b! * y[1]!);
    });
    near(diagonal(covariance), [5.333333, 1.333333, 2.708333]);
    near([covariance[1]!, covariance[2]!, covariance[5]!], [0, -3, -1.166667]);
  });

  test("the mean of the weight gradient at a fixed delta is delta v'", () => {
    const layer = make("inverted");
    const mean = expectedVector({ n: 6, keep: 0.6 }, (mask) => {
      layer.forward(v, { mask });
      layer.backward([0.1, 0.2, 0.3]);
      return layer.gradients.weights;
    });
    near(mean, [0.2, 0.4, 0.6, -0.1, -0.2, -0.3], 12);
  });
});

test("the gradient for M = [[1, 0], [0, 1], [1, 1]] and delta = [0.1, 0.2, 0.3]", () => {
  const layer = make("inverted");
  layer.forward(v, { mask: [1, 0, 1, 0, 1, 1] });
  const dx = layer.backward([0.1, 0.2, 0.3]);
  near(layer.gradients.weights, [0.3333, 0, 1, 0, -0.3333, -0.5], 4);
  near(dx, [-0.3333, 0.4583], 4);
});

test("a dropped weight counts for nothing even where it is NaN or infinite", () => {
  const layer = new DropConnect({
    keep: 0.5,
    inputs: 2,
    weights: [Number.NaN, 1, 2, Number.POSITIVE_INFINITY],
    key: K,
  });
  expect([...layer.forward([1, 1], { mask: [0, 1, 1, 0] })]).toEqual([4, 2]);
  expect([...layer.backward([1, 1])]).toEqual([2, 4]);
});

test("the bias can be dropped with the weights: as a weight of an input that is 1", () => {
  const bias = [0.5, -1, 2];
  const layer = new DropConnect({ keep: 0.6, inputs: 2, weights, bias, dropBias: true, key: K });
  const asWeights = new DropConnect({ keep: 0.6, inputs: 3, weights: [...weights, ...bias], key: K });
  for (let t = 0; t < 5; t++) {
    near(layer.forward([...v, ...v]), [...asWeights.forward([...v, 1, ...v, 1])], 12);
    const dy = [1, 2, 3, -1, 0.5, 2];
    const [dx, wide] = [layer.backward(dy), asWeights.backward(dy)];
    near(dx, [...wide.subarray(0, 2), ...wide.subarray(3, 5)], 12);
    near([...layer.gradients.weights, ...layer.gradients.bias!], [...asWeights.gradients.weights], 12);
  }
});

test("takes its masks from a foreign stream, and goes on with them from a saved state", () => {
  const layer = new DropConnect({ keep: 0.5, inputs: 2, weights, stream: torchCpu(9) });
  const alone = torchCpu(9);
  const expected = unpackMask(alone.keepMask(12, { keep: 0.5, dtype: "float64" }), 12);
  layer.forward([...v, ...v]);
  expect(unpackMask(layer.mask!, 12)).toEqual(expected);
  const resumed = DropConnect.fromState(JSON.parse(JSON.stringify(layer)), { stream: torchCpu(0) });
  expect(resumed.forward(v)).toEqual(layer.forward(v));
  expect(() => layer.forward(v, { sampleIds: [1] })).toThrowError(
    "DropConnect.forward: sampleIds goes with key; a stream has no draws by id",
  );
});

test("one mask for the batch treats equal rows alike, a mask for each does not", () => {
  const x = new Float64Array(40).fill(1);
  const batch = new DropConnect({ rate: 0.5, inputs: 2, weights, maskPer: "batch", key: K }).forward(x);
  expect(new Set(Array.from({ length: 20 }, (_, s) => batch.subarray(3 * s, 3 * s + 3).join())).size).toBe(1);
  const sample = new DropConnect({ rate: 0.5, inputs: 2, weights, key: K }).forward(x);
  expect(new Set(Array.from({ length: 20 }, (_, s) => sample.subarray(3 * s, 3 * s + 3).join())).size).toBeGreaterThan(
    5,
  );
});

describe("inference", () => {
  const classic = make("classic");

  test("E ReLU over the masks is [2.4, 0.24, 0]; the Gaussian gives [2.4234, 0.2764, 0.0389], mean [2.4, 0, 0]", () => {
    const exact = expectedVector({ n: 6, keep: 0.6 }, (mask) =>
      classic.forward(v, { mask }).map((z) => Math.max(0, z)),
    );
    near(exact, [2.4, 0.24, 0], 12);
    near(classic.infer(v, { activation: "relu" }), [2.4234, 0.2764, 0.0389], 4);
    near(classic.infer(v, { activation: "relu", inference: "mean" }), [2.4, 0, 0], 12);
  });

  test("the average over Gaussian samples goes to the closed form, within the bounds of chance", () => {
    const samples = 20_000;
    const averaged = classic.infer(v, { activation: "relu", samples });
    const { variance } = classic.moments(v);
    classic.infer(v, { activation: "relu" }).forEach((value, j) => {
      // Var ReLU(u) <= Var u.
      const bound = normalBound(FALSE_ALARM / 3) * Math.sqrt(variance[j]! / samples);
      expect(Math.abs(averaged[j]! - value)).toBeLessThan(bound);
    });
    expect(classic.infer(v, { activation: "relu", samples: 10, pass: 1 })).not.toEqual(
      classic.infer(v, { activation: "relu", samples: 10 }),
    );
  });

  test("takes any function of the pre-activation, and names what it cannot do", () => {
    near(classic.infer(v, { activation: "linear" }), [2.4, 0, -1.35], 12);
    near(classic.infer(v, { activation: (z) => 2 * z, inference: "mean" }), [4.8, 0, -2.7], 12);
    expect(() => classic.infer(v, { activation: "tanh" })).toThrowError(
      'DropConnect.infer: samples is missing; only "relu" and "linear" have a closed form',
    );
    expect(() => classic.infer(v, { activation: "gelu" as never })).toThrowError(
      'DropConnect.infer: activation must be one of linear, relu, tanh, sigmoid, got "gelu"',
    );
    expect(() => classic.infer(v, { activation: "relu", samples: 0 })).toThrowError(
      "DropConnect.infer: samples must be above 0, got 0",
    );
    expect(() => classic.infer(v, { activation: "relu", inference: "exact" as never })).toThrowError(
      'DropConnect.infer: inference must be "gaussian" or "mean", got "exact"',
    );
  });

  test("leaves the counters of the layer alone", () => {
    const layer = make("inverted");
    layer.infer(v, { activation: "relu", samples: 3 });
    expect([layer.step, layer.pass]).toEqual([0, 0]);
  });
});
