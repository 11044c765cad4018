// Source 002, in its order: rate, mask, DropConnect, the forward pass in its modes, the backward pass of a dense layer.
// It calls both the probability of dropping and that of keeping p; here they are `rate` and `keep` = 1 - rate.

import {
  ConcreteDropout,
  DropConnect,
  Dropout,
  denseDropoutBackward,
  denseDropoutForward,
  dropout,
  dropoutBackward,
  keepMask,
  key,
  softmaxCrossEntropy,
  unpackMask,
} from "hadamask";
import { bernoulliMultiplier, checkGradient, expectation, expectedMoments, stationaryVariance } from "hadamask/theory";

// Six digits; what is 0 but for rounding is 0.
const number = (v: number): string => String(Math.abs(v) < 1e-12 ? 0 : Number(v.toPrecision(6)));
const show = (values: Iterable<number>): string => `[${[...values].map(number).join(", ")}]`;
const line = (name: string, ...rest: readonly (string | number)[]): void =>
  console.log(`  ${name.padEnd(42)}`, ...rest.map((v) => (typeof v === "number" ? number(v) : v)));
const section = (title: string): void => console.log(`\n${title}`);
const corrected = (text: string): void => console.log(`  corrected: ${text}`);

console.log("1 What is dropped");
const W = [1, 0.5, -1, -2, 1, 0.25]; // [input, output], 2 x 3
const v = [2, -1];
const connect = (mask?: number[]): Float64Array =>
  new DropConnect({ keep: 0.6, inputs: 2, weights: W, scaling: "classic", key: key(0) }).forward(v, {
    mask: mask ?? [1, 1, 1, 1, 1, 1],
  });
line("nothing", show(connect()));
line("unit 0 (dropout)", show(connect([0, 0, 0, 1, 1, 1])));
line("one weight of unit 0 (DropConnect)", show(connect([0, 1, 1, 1, 1, 1])));
corrected("dropout zeroes units; to disconnect single weights is DropConnect");

section("2.2 Rate");
for (const rate of [0.2, 0.5, 0.7]) line(`noise variance at rate ${rate}`, bernoulliMultiplier({ rate }).variance);
corrected(
  "0.5 to 0.7 are usual values of keep, not of the rate; strength grows with the rate, the test error is U-shaped",
);

section("2.3 Mask");
const draw = (seed: number): Uint8Array => unpackMask(keepMask(8, { rate: 0.5, key: key(seed) }), 8);
line("key 0, drawn twice", draw(0).join(""), draw(0).join(""));
line("key 1", draw(1).join(""));
corrected("masks differ by design, not because a GPU cannot control them: a key gives the same mask anywhere");
for (const keep of [0.5, 0.8]) {
  const meanOf = (factor: number): number => expectation({ n: 1, keep }, ([m]) => factor * m!);
  line(`mean at keep ${keep}: mask * keep, mask / keep`, meanOf(keep), meanOf(1 / keep));
}
corrected("a kept element is not multiplied by keep in training; that has mean keep^2 x");

section("2.4 DropConnect");
const moments = expectedMoments({ n: 6, keep: 0.6 }, (mask) =>
  new DropConnect({ keep: 0.6, inputs: 2, weights: W, key: key(0) }).forward(v, { mask }),
);
line("mean output over all 64 masks", show(moments.mean));
line("variances", show([0, 4, 8].map((i) => moments.covariance[i]!)));
const layer = new DropConnect({ keep: 0.6, inputs: 2, weights: W, key: key(2) });
const batch = layer.forward([...v, ...v]);
line("one input twice in a batch", show(batch.slice(0, 3)), show(batch.slice(3)));
corrected("its mask is random, a fresh one for each example, and not learned");
const learned = new ConcreteDropout({ rate: 0.3, key: key(3) });
learned.forward(W);
learned.backward(W.map(() => 1));
line("a mask that is learned: concrete noise", "gradient of its rate's logit", learned.gradients.logit[0]!);

section("3 Shapes: batch 4, 2 inputs, 3 units");
line("mask on the input [4, 2]", unpackMask(keepMask(4 * 2, { rate: 0.5, key: key(4) }), 8).join(""));
line("mask on the units [4, 3]", unpackMask(keepMask(4 * 3, { rate: 0.5, key: key(5) }), 12).join(""));
layer.forward(new Float64Array(8).fill(1));
line("mask on the weights [4, 2, 3]", unpackMask(layer.mask!, 24).join(""));
corrected("not [4, 2, 1, 3]; the output of the layer is [4, 3]");

section("3 The forward pass");
const x = [1, 2, 3, 4];
const mask = [1, 0, 1, 1];
line("train, rate 0.2: mask * x / keep", show(dropout(x, { rate: 0.2, mask })));
line("as the source: mask * x * rate / keep", show(x.map((value, i) => (value * mask[i]! * 0.2) / 0.8)));
corrected("the scale is 1 / keep; rate / keep has mean rate * x, and is 0 at rate 0");
line("eval", show(dropout(x, { rate: 0.2, mode: "eval" })));
corrected("eval draws nothing; the source multiplies by a random mask there");
line("rate 0, rate 1", show(dropout(x, { rate: 0, key: key(0) })), show(dropout(x, { rate: 1, key: key(0) })));
corrected("no dropout is rate 0, not rate 1");
const sampler = new Dropout({ rate: 0.5, key: key(9), mode: "sample" });
line("sample at rate 0.5, passes 0 and 1", show(sampler.forward(x)), show(sampler.forward(x)));
corrected("its sgld is a stochastic pass at prediction; SGLD itself is a sampler of weights:");
for (const step of [0.5, 0.1, 0.01]) {
  line(`  variance of SGLD, step ${step}`, stationaryVariance({ precision: 2, step }), "target 0.5");
}
line("x after all that", show(x));
corrected("the source changes its input in place, and returns no mask");

section("3.1 The backward pass");
const dy = [0.1, 0.2, 0.3, 0.4];
line("dy * mask / keep", show(dropoutBackward(dy, { rate: 0.2, mask })));
corrected("kept units get a gradient and dropped ones none, not the other way round");

console.log("\n  Z = XW + b, A = sigmoid(Z), Y = A * m / keep: two samples, two inputs, three units");
const params = {
  W: [0.4, -0.6, 1.1, 0.9, 0.3, -0.8],
  b: [0.1, -0.2, 0.3],
  keep: 0.8,
  activation: "sigmoid",
  mask: [1, 0, 1, 1, 1, 0],
} as const;
const X = [0.5, -1, 1.5, 2];
const dY = [0.3, -0.5, 0.2, 0.7, -0.1, 0.4];
const { y, cache } = denseDropoutForward(X, params);
const { dx, dW, db } = denseDropoutBackward(dY, cache);
line("  Z", show(cache.Z));
line("  A", show(cache.A));
line("  Y", show(y));
line("  dX = dZ W'", show(dx));
line("  dW = X' dZ", show(dW));
line("  db = sum of dZ over samples", show(db));
corrected("no square roots, no bias in dX, no inverse activations; the cache needs the mask, or its key");
const lossOf = (change: object, input: readonly number[] = X): number =>
  denseDropoutForward(input, { ...params, ...change }).y.reduce((sum, value, i) => sum + dY[i]! * value, 0);
const errors = [
  checkGradient((p) => lossOf({}, [...p]), X, dx).error,
  checkGradient((p) => lossOf({ W: p }), params.W, dW).error,
  checkGradient((p) => lossOf({ b: p }), params.b, db).error,
];
line("  against central differences", errors.every((error) => error < 1e-7) ? "dX, dW, db agree to 1e-7" : "wrong");
for (const activation of ["tanh", "relu", "linear"] as const) {
  line(
    `  dX with ${activation}`,
    show(denseDropoutBackward(dY, denseDropoutForward(X, { ...params, activation }).cache).dx),
  );
}
corrected("nothing is special to the sigmoid: dZ = dA * phi'(Z)");
const head = softmaxCrossEntropy(y, [2, 0]);
line("  softmax and cross-entropy on Y", "loss", head.loss);
line("  its gradient", show(head.gradient));
line("  through the layer to X", show(denseDropoutBackward(head.gradient, cache).dx));
