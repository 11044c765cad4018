import { key } from "hadamask";
import {
  bernoulliMultiplier,
  exactMeanPass,
  fullPass,
  gaussianPass,
  keepProduct,
  linearMoments,
  marginals,
  meanFieldPass,
  type NetworkLayer,
  sampledPass,
} from "hadamask/theory";
import { expect, test } from "vitest";
import { expectClose, expectCloseAll } from "./close.js";

const x = [1, 2, -1];
const weights = [
  [
    [1, -0.5, 0.25],
    [0.5, 1, -1],
    [-1, 0.5, 1],
  ],
  [
    [0.5, 1, -1],
    [1, -0.5, 0.5],
    [0.25, 1, 1],
  ],
  [[1, -1, 0.5]],
] as const;
const keeps = [0.8, 0.5, 0.5];

type Row = {
  activation: "linear" | "relu" | "tanh" | "sigmoid";
  bias: number;
  classic: number;
  product: number;
  meanField: number;
  inverted: number;
  full: number;
};

const network = (activation: Row["activation"], bias: number): NetworkLayer[] =>
  weights.map((rows, l) => ({
    weights: rows,
    keep: keeps[l]!,
    ...(l < 2 ? { activation, bias: [bias, bias, bias] } : {}),
  }));

test.each<Row>([
  {
    activation: "linear",
    bias: 0,
    classic: 1.61875,
    product: 1.61875,
    meanField: 1.61875,
    inverted: 8.09375,
    full: 8.09375,
  },
  {
    activation: "linear",
    bias: 0.5,
    classic: 1.821875,
    product: 1.73125,
    meanField: 1.821875,
    inverted: 8.65625,
    full: 8.65625,
  },
  { activation: "relu", bias: 0, classic: 1.049, product: 1.05, meanField: 1.05, inverted: 5.245, full: 5.25 },
  {
    activation: "relu",
    bias: 0.5,
    classic: 1.451375,
    product: 1.38125,
    meanField: 1.659375,
    inverted: 6.40075,
    full: 6.90625,
  },
  {
    activation: "tanh",
    bias: 0,
    classic: 0.461183,
    product: 0.364624,
    meanField: 0.596828,
    inverted: 1.222339,
    full: 1.823119,
  },
  {
    activation: "sigmoid",
    bias: 0,
    classic: 0.201569,
    product: 0.118088,
    meanField: 0.21052,
    inverted: 0.515536,
    full: 0.590442,
  },
])("three layers, $activation, bias $bias: exact and mean-field means", (row) => {
  const net = network(row.activation, row.bias);
  const digits = 6e-7; // the table has six decimals
  expectClose(exactMeanPass(x, net, "classic")[0]!, row.classic, digits);
  expectClose(keepProduct(net) * fullPass(x, net)[0]!, row.product, digits);
  expectClose(meanFieldPass(x, net, "classic")[0]!, row.meanField, digits);
  expectClose(exactMeanPass(x, net)[0]!, row.inverted, digits);
  expectClose(fullPass(x, net)[0]!, row.full, digits);
  expectCloseAll(meanFieldPass(x, net), fullPass(x, net));
});

test("linear layers: the mean-field pass is exact, with biases too", () => {
  const net = network("linear", 0.5);
  expectCloseAll(exactMeanPass(x, net, "classic"), meanFieldPass(x, net, "classic"));
  expectCloseAll(gaussianPass(x, net, "classic").mean, meanFieldPass(x, net, "classic"));
});

test("ReLU without biases: classic is the product of the keeps times inverted", () => {
  const net = network("relu", 0);
  expectClose(exactMeanPass(x, net, "classic")[0]!, keepProduct(net) * exactMeanPass(x, net)[0]!);
});

const W = [
  [1, -1, 0.5, 0, 2, -0.5],
  [-0.5, 1, 1, -1, 0.5, 0.25],
  [0.25, 0.5, -1, 1, -1, 1],
];
const input = [1, 2, -1, 0.5, 1.5, -2];

test.each([
  [0.9, 2.46916],
  [0.8, 2.69432],
  [0.5, 3.6875],
])("a ReLU layer at keep %d: the exact mean is above the deterministic 2.25", (keep, exact) => {
  const net: NetworkLayer[] = [
    { weights: W, keep, activation: "relu" },
    { weights: [[1, -1, 2]], rate: 0 },
  ];
  expectClose(meanFieldPass(input, net)[0]!, 2.25);
  expectClose(exactMeanPass(input, net)[0]!, exact, 6e-6);
});

test("the Gaussian pass: exact variances of a linear layer, and nine tenths of the gap of a wide ReLU unit", () => {
  const noise = bernoulliMultiplier({ keep: 0.8 });
  const linear = gaussianPass(input, [{ weights: W, keep: 0.8 }]);
  expectCloseAll(linear.variance, marginals(linearMoments(input, W, noise)).variance);
  const w = Array.from({ length: 16 }, (_, i) => ((-1) ** i * (1 + (i % 3))) / 3);
  const unit: NetworkLayer[] = [{ weights: [w], keep: 0.5, activation: "relu" }];
  const ones = w.map(() => 1);
  const [exact, gaussian, meanField] = [exactMeanPass, gaussianPass, meanFieldPass].map((pass) => {
    const result = pass(ones, unit);
    return ("mean" in result ? result.mean : result)[0]!;
  });
  expect(Math.abs(gaussian! - exact!)).toBeLessThan(0.1 * (exact! - meanField!));
});

test("sampled passes average to the exact mean", () => {
  const net = network("relu", 0.5);
  const passes = 4000;
  const values = Array.from({ length: passes }, (_, s) => sampledPass(x, net, { key: key(s), scaling: "classic" })[0]!);
  const mean = values.reduce((sum, v) => sum + v, 0) / passes;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / passes);
  // 6.11 standard errors: two-sided false-alarm rate 1e-9.
  expect(Math.abs(mean - exactMeanPass(x, net, "classic")[0]!)).toBeLessThan((6.11 * deviation) / Math.sqrt(passes));
  expectCloseAll(sampledPass(x, net, { key: key(3) }), sampledPass(x, net, { key: key(3) }), 0);
});

test("layers of rate 0 cost no bits", () => {
  const wide = Array.from({ length: 40 }, () => 1);
  expectCloseAll(exactMeanPass(wide, [{ weights: [wide], rate: 0 }]), [40]);
});

test("bad networks get a sentence", () => {
  expect(() => fullPass([1, 2], [{ weights: [[1]], rate: 0 }])).toThrow(
    new RangeError("fullPass: layers[0].weights[0] must have 2 elements like the input, got 1"),
  );
  expect(() => gaussianPass([1], [{ weights: [[1]], rate: 0, activation: "tanh" }])).toThrow(
    new RangeError('gaussianPass: activation must be "linear" or "relu", got "tanh"'),
  );
  expect(() => fullPass([1], [{ weights: [[1]], rate: 0, activation: "swish" as never }])).toThrow(
    new RangeError('fullPass: layers[0].activation must be "linear", "relu", "tanh" or "sigmoid", got "swish"'),
  );
});
