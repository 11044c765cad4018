// DropConnect against dropout, and what shapes their masks have: source 002, sections 1, 2.4 and 3.

import { ConcreteDropout, DropConnect, Dropout, dropout, key } from "hadamask";
import { bernoulliMultiplier, checkGradient, expectedMoments, linearMoments } from "hadamask/theory";
import { maskSizes } from "../mask-size.js";
import { atLeast, differs, equals, exactly, type Measure } from "../measure.js";
import { allMasks, apply, sum, transpose } from "../vectors.js";

/** Weights [output][input], and the input. */
const W = [
  [1, -2],
  [0.5, 1],
  [-1, 0.25],
];
const v = [2, -1];
const keep = 0.6;
/** The layer's order: [input, output]. */
const weights = transpose(W).flat();

const layerOf = (scaling: "inverted" | "classic" = "inverted") =>
  new DropConnect({ keep, inputs: 2, weights, scaling, key: key(2) });

export function connectionsAndUnits(): Measure[] {
  const full = apply(W, v);
  const changed = (z: ArrayLike<number>) => Array.from(z).filter((value, i) => value !== full[i]).length;
  const withoutUnit = apply(W, dropout(v, { keep: 0.5, scaling: "classic", mask: [0, 1] }));
  const withoutWeight = layerOf("classic").forward(v, { mask: [1, 0, 1, 1, 1, 1] });
  return [
    exactly(
      "outputs of 3 that a dropped input changes, and that a dropped weight changes",
      [changed(withoutUnit), changed(withoutWeight)],
      [3, 1],
    ),
    differs(
      "outputs 0 and 2 without a unit against those without one of its weights",
      [withoutUnit[0]!, withoutUnit[2]!],
      [withoutWeight[0]!, withoutWeight[2]!],
    ),
  ];
}

/** Exact moments of the layer's output over all 64 masks. */
const enumerated = (scaling: "inverted" | "classic") => {
  const layer = layerOf(scaling);
  return expectedMoments({ n: 6, keep }, (mask) => layer.forward(v, { mask }));
};

export function weightMasks(): Measure[] {
  const layer = layerOf();
  const before = [...layer.parameters.weights];
  const [inverted, classic] = [enumerated("inverted"), enumerated("classic")];
  const onInputs = linearMoments(v, W, bernoulliMultiplier({ keep }));
  const rows = layer.forward([...v, ...v, ...v, ...v]);
  const rowsThatDiffer = [1, 2, 3].filter((s) => [0, 1, 2].some((j) => rows[3 * s + j] !== rows[j])).length;
  layer.forward(v, { mask: [1, 0, 1, 0, 1, 1] });
  const dv = layer.backward([0.1, 0.2, 0.3]);
  return [
    equals("DropConnect, keep 0.6: mean output over 64 masks", inverted.mean, [4, 0, -2.25]),
    equals("covariance: diagonal", inverted.covariance, [16 / 3, 0, 0, 0, 4 / 3, 0, 0, 0, 65 / 24]),
    equals(
      "classic: mean and variances",
      [...classic.mean, ...[0, 4, 8].map((at) => classic.covariance[at]!)],
      [2.4, 0, -1.35, 1.92, 0.48, 0.975],
    ),
    equals(
      "the layer's closed form: mean and variances",
      [...layer.moments(v).mean, ...layer.moments(v).variance],
      [4, 0, -2.25, 16 / 3, 4 / 3, 65 / 24],
    ),
    differs(
      "covariances of outputs 0 and 1 with output 2 under dropout on the input, against none",
      [onInputs.covariance[2]!, onInputs.covariance[5]!],
      [inverted.covariance[2]!, inverted.covariance[5]!],
    ),
    equals(
      "gradient of the weights for one mask",
      transpose([[...layer.gradients.weights].slice(0, 3), [...layer.gradients.weights].slice(3)]).flat(),
      [1 / 3, 0, 0, -1 / 3, 1, -0.5],
    ),
    equals("gradient of the input", dv, [-1 / 3, 11 / 24]),
    atLeast(
      "equal rows of a batch, of 3, that come out different from the first: a mask for each example",
      rowsThatDiffer,
      1,
    ),
    exactly("weights after all that", layer.parameters.weights, before),
    ...inference(),
  ];
}

/** What the paper does at test time: an average over a normal with the right moments, in closed form for ReLU. */
function inference(): Measure[] {
  const layer = layerOf("classic");
  const exact = expectedMoments({ n: 6, keep }, (mask) => layer.forward(v, { mask }).map((z) => Math.max(0, z))).mean;
  return [
    equals("mean ReLU over masks, classic: exact", exact, [2.4, 0.24, 0]),
    equals("by the Gaussian formula", layer.infer(v, { activation: "relu" }), [2.4234, 0.2764, 0.0389], 5e-5),
    equals("by the ReLU of the mean", layer.infer(v, { activation: "relu", inference: "mean" }), [2.4, 0, 0]),
  ];
}

/** A mask on weights that is learned: concrete noise, whose rate has a gradient. */
export function learnedMask(): Measure[] {
  const mask = new ConcreteDropout({ rate: 0.3, temperature: 0.1, key: key(3) });
  const lossAt = (logit: Float64Array) => {
    mask.parameters.logit.set(logit);
    const z = apply(transposed(mask.forward(weights, { step: 0 })), v);
    return sum(z.map((value) => value ** 2));
  };
  const start = Float64Array.from(mask.parameters.logit);
  const z = apply(transposed(mask.forward(weights, { step: 0 })), v);
  mask.backward(v.flatMap((input) => z.map((value) => 2 * value * input)));
  const error = checkGradient(lossAt, start, mask.gradients.logit).error;
  const random = layerOf();
  const outputs = [random.forward(v), random.forward(v)];
  return [
    equals("gradient of the learned rate, at a fixed draw: relative error", error, 0, 1e-7),
    atLeast("size of that gradient", Math.abs(mask.gradients.logit[0]!), 1e-3),
    exactly("parameters of DropConnect other than weights: none", Object.keys(random.parameters).length - 1, 0),
    differs("two passes of DropConnect: its mask is drawn, not learned", outputs[0]!, outputs[1]!),
  ];
}

const transposed = (flat: ArrayLike<number>): number[][] =>
  transpose([Array.from(flat).slice(0, 3), Array.from(flat).slice(3)]);

/** Batch 4, 2 inputs, 3 units. */
export function maskShapes(): Measure[] {
  const x = new Float64Array(8).fill(1);
  const h = new Float64Array(12).fill(1);
  const unitMask = new Dropout({ keep, key: key(1) });
  const connect = layerOf();
  const sizes = [
    maskSizes((mask) => unitMask.forward(x, { mask })),
    maskSizes((mask) => unitMask.forward(h, { mask })),
    maskSizes((mask) => connect.forward(x, { mask })),
  ];
  const lengths = [unitMask.forward(h).length, connect.forward(x).length];
  return [
    exactly("decisions on the input [4, 2], on the units [4, 3], on the weights [4, 2, 3]", sizes.flat(), [8, 12, 24]),
    exactly("numbers that come out: of dropout on the units, of DropConnect", lengths, [12, 12]),
    differs("against the output of shape [4, 2, 1, 3]", lengths, [24, 24]),
    equals(
      "an output as the sum over inputs of x W m / keep, all 64 masks of one row",
      allMasks(6).flatMap((mask) => [...connect.forward(v, { mask })]),
      allMasks(6).flatMap((mask) => [0, 1, 2].map((j) => connected(mask, j))),
    ),
  ];
}

/** Output j, written out. */
const connected = (mask: readonly number[], j: number): number =>
  sum(v.map((input, i) => (input * weights[3 * i + j]! * mask[3 * i + j]!) / keep));
