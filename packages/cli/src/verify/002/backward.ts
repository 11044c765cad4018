// The backward pass of a dense layer with dropout, item by item against what source 002 writes about it. Weights are
// [input][output].

import { type DenseDropoutParams, denseDropoutBackward, denseDropoutForward, softmaxCrossEntropy } from "hadamask";
import { checkGradient, numericalGradient } from "hadamask/theory";
import { atLeast, differs, equals, exactly, type Measure } from "../measure.js";
import { dot, norm, sum } from "../vectors.js";

/** Four samples of two features, three units. */
const X = [0.5, -1, 1.5, 2, -0.3, 0.7, 1, 0.2];
const W = [0.4, -0.6, 1.1, 0.9, 0.3, -0.8];
const B = [0.1, -0.2, 0.3];
const MASK = [1, 0, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0];
const DY = [0.3, -0.5, 0.2, 0.7, -0.1, 0.4, -0.6, 0.8, -0.2, 0.5, 0.9, -0.3];
const keep = 0.8;
const ACTIVATIONS = ["sigmoid", "tanh", "relu", "linear"] as const;
type Name = (typeof ACTIVATIONS)[number];

const paramsOf = (activation: Name, change: Partial<{ W: number[]; b: number[]; mask: number[]; keep: number }> = {}) =>
  ({ W, b: B, keep, activation, mask: MASK, ...change }) as DenseDropoutParams;

const run = (activation: Name, x: ArrayLike<number> = X, change: Parameters<typeof paramsOf>[1] = {}) => {
  const { y, cache } = denseDropoutForward(Array.from(x), paramsOf(activation, change));
  return { y, cache, ...denseDropoutBackward(DY, cache) };
};

/** A loss whose gradient with respect to the output is DY. */
const lossOf = (activation: Name, x: ArrayLike<number>, change: Parameters<typeof paramsOf>[1] = {}) =>
  dot(DY, run(activation, x, change).y);

/** Relative errors of dX, dW and db against central differences with the mask held fixed. */
function errorsOf(activation: Name): number[] {
  const { dx, dW, db } = run(activation);
  return [
    checkGradient((x) => lossOf(activation, x), X, dx).error,
    checkGradient((w) => lossOf(activation, X, { W: [...w] }), W, dW).error,
    checkGradient((b) => lossOf(activation, X, { b: [...b] }), B, db).error,
  ];
}

const right = (activation: Name): Measure =>
  equals(
    `${activation}: relative errors of dX, dW, db against central differences`,
    errorsOf(activation),
    [0, 0, 0],
    1e-7,
  );

/** dZ, written down by hand: dY m / keep phi'(Z). */
function byHand(activation: Name): number[] {
  const { A } = run(activation).cache;
  const slope = {
    sigmoid: (a: number) => a * (1 - a),
    tanh: (a: number) => 1 - a * a,
    relu: (a: number) => (a > 0 ? 1 : 0),
    linear: () => 1,
  };
  return DY.map((g, o) => ((g * MASK[o]!) / keep) * slope[activation](A[o]!));
}

const sample = (values: ArrayLike<number>, s: number, n: number): number[] =>
  Array.from(values).slice(s * n, (s + 1) * n);

export function wholeBackward(): Measure[] {
  const everyUnit = { W, b: B, keep, activation: "sigmoid", mask: MASK.map(() => 1) } as const;
  const { cache } = denseDropoutForward(X, everyUnit);
  return [
    ...ACTIVATIONS.map(right),
    differs(
      "dX against dX without the mask, which the source's cache lacks",
      run("sigmoid").dx,
      denseDropoutBackward(DY, cache).dx,
      1e-3,
    ),
  ];
}

export function maskInCache(): Measure[] {
  const other = MASK.map((bit) => 1 - bit);
  const { cache, dx } = run("sigmoid");
  return [
    equals("dX from the cache, asked twice", denseDropoutBackward(DY, cache).dx, dx),
    differs(
      "dX against dX under another mask: X, Z, A, W, b and keep alone do not decide it",
      dx,
      denseDropoutBackward(DY, { ...cache, mask: other }).dx,
      1e-3,
    ),
  ];
}

export function keptScale(): Measure[] {
  const rates = [0.2, 0.5, 0.6, 0.7];
  const ours = rates.map((rate) => {
    const { cache } = denseDropoutForward([1], { W: [1], b: [0], rate, activation: "linear", mask: [1] });
    return denseDropoutBackward([1], cache).dx[0]!;
  });
  const first = rates.map((rate) => Math.sqrt(rate / (1 - (1 - rate))));
  const second = rates.map((rate) => Math.sqrt(1 - rate / (1 - rate)));
  return [
    equals("gradient of a kept unit at rates 0.2, 0.5, 0.6, 0.7: 1 / keep", ours, [1.25, 2, 2.5, 10 / 3]),
    equals("the source's factor sqrt(rate / (1 - keep))", first, [1, 1, 1, 1]),
    differs("that against the gradient", ours, first),
    equals("its factor sqrt(1 - rate / keep): imaginary above rate 0.5", second, [
      0.8660254037844386,
      0,
      Number.NaN,
      Number.NaN,
    ]),
  ];
}

export function noSharing(): Measure[] {
  const first = {
    W: [0.4, -0.6, 0.9, 0.3],
    b: [0.1, -0.2],
    keep: 0.5,
    activation: "sigmoid",
    mask: [1, 1, 0, 1, 1, 0, 1, 1],
  } as const;
  const second = {
    W: [0.7, -0.2, 0.5, 1],
    b: [0.3, 0],
    keep: 0.5,
    activation: "tanh",
    mask: [1, 0, 1, 1, 0, 1, 1, 1],
  } as const;
  const forward = (x: ArrayLike<number>) => {
    const below = denseDropoutForward(Array.from(x), first);
    return { below, above: denseDropoutForward(below.y, second) };
  };
  const { below, above } = forward(X);
  const h = denseDropoutBackward(new Float64Array(8).fill(1), above.cache).dx;
  const dx = denseDropoutBackward(h, below.cache).dx;
  const shared = denseDropoutBackward(h, { ...below.cache, W: above.cache.W }).dx;
  const loss = (x: Float64Array) => sum(forward(x).above.y);
  return [
    equals("two layers with weights of their own: relative error of dX", checkGradient(loss, X, dx).error, 0, 1e-7),
    differs("dX against dX with the upper layer's weights in both", dx, shared, 1e-3),
  ];
}

export function noBiasInGradient(): Measure[] {
  const plain = run("linear");
  const biased = run("linear", X, { b: [5, 5, 5] });
  return [
    equals("dX of a linear layer with bias 5, against that with its own", biased.dx, plain.dx),
    equals(
      "dX = dZ W', by hand",
      plain.dx,
      [0, 1, 2, 3].flatMap((s) => [0, 1].map((i) => dot(sample(byHand("linear"), s, 3), W.slice(3 * i, 3 * i + 3)))),
    ),
    differs(
      "dX against dX + b, cut to shape",
      plain.dx,
      Array.from(plain.dx, (v, i) => v + B[i % 2]!),
    ),
  ];
}

export function chainRule(): Measure[] {
  // dz_j / dx_i for one sample of a linear layer without dropout.
  const jacobian = [0, 1, 2].flatMap((j) => [
    ...numericalGradient(
      (x) => denseDropoutForward([...x], { W, b: B, rate: 0, activation: "linear" }, "eval").y[j]!,
      [0.5, -1],
    ),
  ]);
  return [
    equals(
      "dz/dx: the weights",
      jacobian,
      [0, 1, 2].flatMap((j) => [W[j]!, W[3 + j]!]),
      1e-9,
    ),
    right("sigmoid"),
    differs(
      "dX against (dx/dz)(dz/dX), which is 1 whatever the loss",
      run("sigmoid").dx,
      new Float64Array(8).fill(1),
      1e-3,
    ),
  ];
}

export function noSuchFactor(): Measure[] {
  const rates = [0.2, 0.5, 0.6, 0.7];
  const factor = rates.map((rate) => Math.sqrt(1 - rate) / (1 - rate));
  return [
    ...noBiasInGradient().slice(1, 2),
    equals(
      "the source's sqrt(1 - rate) / keep at rates 0.2, 0.5, 0.6, 0.7",
      factor,
      [1.118, Math.SQRT2, 1.581, 1.826],
      5e-4,
    ),
    differs(
      "against the only factor there is, 1 / keep",
      factor,
      rates.map((rate) => 1 / (1 - rate)),
      0.1,
    ),
  ];
}

export function nextLayer(): Measure[] {
  // The gradient of activations a is W dz of the layer that takes them in.
  const { cache } = denseDropoutForward(
    [0.2, -0.4, 0.9],
    { W: [0.7, -0.2, 0.5, 1, -1, 0.3], b: [0, 0], rate: 0, activation: "linear" },
    "eval",
  );
  const dz = [0.6, -1.5];
  return [
    equals(
      "dL/da against W dz of the next layer",
      denseDropoutBackward(dz, cache).dx,
      [0, 1, 2].map((k) => dot([...cache.W].slice(2 * k, 2 * k + 2), dz)),
    ),
  ];
}

export function biasGradient(): Measure[] {
  const dZ = byHand("sigmoid");
  const { db } = run("sigmoid");
  return [
    equals(
      "db: the sum of dZ over the samples",
      db,
      [0, 1, 2].map((j) => sum([0, 1, 2, 3].map((s) => dZ[3 * s + j]!))),
    ),
    differs("db against dZ of one sample, as a constant over samples would be", db, sample(dZ, 0, 3)),
    right("sigmoid"),
  ];
}

export function weightGradient(): Measure[] {
  const dZ = byHand("sigmoid");
  const { dW, cache } = run("sigmoid");
  const outer = [0, 1].flatMap((i) =>
    [0, 1, 2].map((j) => sum([0, 1, 2, 3].map((s) => X[2 * s + i]! * dZ[3 * s + j]!))),
  );
  const claimed = [0, 1].flatMap(() => [0, 1, 2].map((j) => dZ[j]! / cache.A[j]!));
  return [
    equals("dW: the sum over samples of x dz", dW, outer),
    differs("dW against dz over the activation", dW, claimed),
    right("sigmoid"),
  ];
}

export function nothingCancels(): Measure[] {
  const alone = (s: number) => {
    const { cache } = denseDropoutForward(sample(X, s, 2), {
      ...paramsOf("sigmoid"),
      mask: sample(MASK, s, 3),
    } as DenseDropoutParams);
    return { ...denseDropoutBackward(sample(DY, s, 3), cache), A: cache.A, Z: cache.Z };
  };
  const first = alone(0);
  const rows = [0, 1, 2, 3].map((s) => alone(s).dW);
  const slope = numericalGradient((w) => run("sigmoid", X, { W: [...w] }).dx[0]!, W);
  return [
    exactly("weights of the unit that sample 0 drops: gradient from that sample", [first.dW[1]!, first.dW[4]!], [0, 0]),
    atLeast(
      "the same weights: size of the gradient from the batch",
      [Math.abs(run("sigmoid").dW[1]!), Math.abs(run("sigmoid").dW[4]!)],
      0.01,
    ),
    equals(
      "gradient of the batch against the sum over samples: nothing cancels, nothing is lost",
      run("sigmoid").dW,
      rows[0]!.map((_, i) => sum(rows.map((row) => row[i]!))),
    ),
    atLeast(
      "largest slope of dX in the weights, for activations that differ from z",
      Math.max(...slope.map(Math.abs)),
      0.01,
    ),
    differs("activations against z, in that example", first.A, first.Z, 0.01),
  ];
}

export function anyActivation(): Measure[] {
  const logits = [0.3, -1.2, 0.8, 2, 0.1, -0.4];
  const labels = [2, 0];
  const { gradient } = softmaxCrossEntropy(logits, labels);
  const error = checkGradient((z) => softmaxCrossEntropy([...z], labels).loss, logits, gradient).error;
  return [
    ...ACTIVATIONS.map(right),
    equals("softmax and cross-entropy: relative error of the gradient", error, 0, 1e-7),
    differs(
      "norm of ReLU's slopes against the sigmoid's: the formulas are one, the slopes are not",
      norm(byHand("relu")),
      norm(byHand("sigmoid")),
      1e-3,
    ),
  ];
}
