// The network on jax-js against the same network written out in float64, with the library's own dropout.

import { Dropout, foldIn, type Key, key } from "hadamask";
import { dropoutSites } from "hadamask/jax";
import { describe, expect, test } from "vitest";
import { uniforms } from "../../src/chance.js";
import { categorical } from "../../src/models/categorical.js";
import { mlp } from "../../src/models/mlp.js";
import type { ModelOptions, WeightArray } from "../../src/models/model.js";
import { adamFactors } from "../../src/training/adam.js";
import { type Batch, Network } from "../../src/training/network.js";
import { activate } from "../../src/variants/activate.js";
import { readVariant } from "../../src/variants/spec.js";

const RATE = 0.5;
const INPUT_RATE = 0.1;
const LEARNING_RATE = 0.01;
const BATCH = 8;

const shapeOf = (activation: ModelOptions["activation"]): ModelOptions => ({
  features: 5,
  hidden: [7, 6],
  outputs: 3,
  activation,
});

/** Inputs and labels that change from step to step. */
function batchOf(step: number): Batch {
  const targets = new Float32Array(BATCH * 3);
  for (let row = 0; row < BATCH; row++) targets[row * 3 + ((row + step) % 3)] = 1;
  return { inputs: uniforms(foldIn(key(99), step), BATCH * 5, 2), targets, rows: BATCH };
}

/** A network with a variant, first weights from key 1. */
function networkWith(shape: ModelOptions, variant: string, inputRate: number, dropoutKey: Key): Network {
  const model = mlp(shape);
  return new Network(
    model,
    categorical(3),
    activate(readVariant(variant, inputRate, "mlp"), model, dropoutKey, 10),
    key(1),
  );
}

const weightsBefore = (shape: ModelOptions): WeightArray[] => networkWith(shape, "none", 0, key(0)).takeWeights();

/** y = x w for x [n, k] and w [k, m]. */
function product(x: Float64Array, w: Float64Array, k: number, m: number): Float64Array {
  return Float64Array.from({ length: (x.length / k) * m }, (_, at) => {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += x[Math.floor(at / m) * k + i]! * w[i * m + (at % m)]!;
    return sum;
  });
}

const transposed = (a: Float64Array, columns: number): Float64Array => {
  const rows = a.length / columns;
  return Float64Array.from(a, (_, at) => a[(at % rows) * columns + Math.floor(at / rows)]!);
};

/** Sums over rows. */
const columnSums = (a: Float64Array, columns: number): Float64Array =>
  Float64Array.from({ length: columns }, (_, c) => a.reduce((sum, v, at) => (at % columns === c ? sum + v : sum), 0));

/**
 * The network written out: forward, loss, backward, Adam, all in float64. Layer i has weights 2 i and biases 2 i + 1.
 */
class ByHand {
  readonly shape: ModelOptions;
  readonly params: Float64Array[];
  readonly #mean: Float64Array[];
  readonly #square: Float64Array[];
  readonly #sizes: number[];
  readonly #drops: Dropout[];

  constructor(shape: ModelOptions, dropoutKey: Key) {
    this.shape = shape;
    this.params = weightsBefore(shape).map(({ values }) => Float64Array.from(values));
    this.#mean = this.params.map((p) => new Float64Array(p.length));
    this.#square = this.params.map((p) => new Float64Array(p.length));
    this.#sizes = [shape.features, ...shape.hidden, shape.outputs];
    const names = ["input", "hidden1", "hidden2"] as const;
    const places = Object.fromEntries(names.map((name) => [name, { rate: RATE, shape: [1] }]));
    const sites = dropoutSites(places, { key: dropoutKey });
    this.#drops = names.map((name, i) => new Dropout({ rate: i === 0 ? INPUT_RATE : RATE, key: sites.siteKey(name) }));
  }

  /** One training step; returns the loss before it. */
  train(t: number, { inputs, targets }: Batch): number {
    const { activation } = this.shape;
    const [act, slope] = ACTIVATIONS[activation];
    const layers = this.#sizes.length - 1;
    const dropped: Float64Array[] = [];
    const before: Float64Array[] = [];
    let h = Float64Array.from(inputs);
    for (let i = 0; i < layers; i++) {
      h = this.#drops[i]!.forward(h, { step: t }) as Float64Array<ArrayBuffer>;
      dropped.push(h);
      const [k, m] = [this.#sizes[i]!, this.#sizes[i + 1]!];
      const z = product(h, this.params[2 * i]!, k, m).map((v, at) => v + this.params[2 * i + 1]![at % m]!);
      before.push(z);
      h = i < layers - 1 ? z.map(act) : z;
    }
    const { loss, gradient } = this.#softmax(h, targets);
    let dz = gradient;
    for (let i = layers - 1; i >= 0; i--) {
      const [k, m] = [this.#sizes[i]!, this.#sizes[i + 1]!];
      const da = product(dz, transposed(this.params[2 * i]!, m), m, k);
      const dw = product(transposed(dropped[i]!, k), dz, BATCH, m);
      const db = columnSums(dz, m);
      if (i > 0) dz = this.#drops[i]!.backward(da).map((g, at) => g * slope(before[i - 1]![at]!));
      this.#adam(2 * i, dw, t);
      this.#adam(2 * i + 1, db, t);
    }
    return loss;
  }

  #softmax(logits: Float64Array, targets: Float32Array): { loss: number; gradient: Float64Array } {
    const m = this.shape.outputs;
    const exps = logits.map(Math.exp);
    const sums = Float64Array.from({ length: BATCH }, (_, row) =>
      exps.subarray(row * m, row * m + m).reduce((a, b) => a + b, 0),
    );
    const p = exps.map((e, at) => e / sums[Math.floor(at / m)]!);
    const loss = -p.reduce((sum, v, at) => sum + targets[at]! * Math.log(v), 0) / BATCH;
    return { loss, gradient: p.map((v, at) => (v - targets[at]!) / BATCH) };
  }

  /** Algorithm 1 of Kingma and Ba (2015), with its default constants. */
  #adam(at: number, gradient: Float64Array, t: number): void {
    const [mean, square] = [this.#mean[at]!, this.#square[at]!];
    gradient.forEach((g, i) => {
      mean[i] = 0.9 * mean[i]! + 0.1 * g;
      square[i] = 0.999 * square[i]! + 0.001 * g * g;
      const corrected = mean[i]! / (1 - 0.9 ** (t + 1));
      const scale = Math.sqrt(square[i]! / (1 - 0.999 ** (t + 1))) + 1e-8;
      this.params[at]![i]! -= (LEARNING_RATE * corrected) / scale;
    });
  }
}

/** SELU's scale, and scale times alpha (Klambauer et al. 2017). */
const [SCALE, LIMIT] = [1.0507009873554805, 1.7580993408473768];

/** Activations with their derivatives. */
const ACTIVATIONS = {
  relu: [(z: number) => Math.max(z, 0), (z: number) => (z > 0 ? 1 : 0)],
  tanh: [Math.tanh, (z: number) => 1 - Math.tanh(z) ** 2],
  selu: [
    (z: number) => (z > 0 ? SCALE * z : LIMIT * Math.expm1(z)),
    (z: number) => (z > 0 ? SCALE : LIMIT * Math.exp(z)),
  ],
} as const;

describe("Network", () => {
  test.each(["relu", "tanh", "selu"] as const)(
    "trains with dropout as the same network in float64 does (%s)",
    (activation) => {
      const shape = shapeOf(activation);
      const network = networkWith(shape, `bernoulli:${RATE}`, INPUT_RATE, key(5));
      const hand = new ByHand(shape, key(5));
      for (let t = 0; t < 5; t++) {
        const batch = batchOf(t);
        // Float32 against float64: the losses stay within rounding, a few ulps a layer.
        expect(network.train(t, batch, LEARNING_RATE)).toBeCloseTo(hand.train(t, batch), 5);
      }
      network.takeWeights().forEach(({ values }, i) => {
        // Adam divides by the gradient's own size, so an error of 1e-7 in a small gradient can move a weight by 1e-5
        // of a step.
        const error = values.reduce((most, value, at) => Math.max(most, Math.abs(value - hand.params[i]![at]!)), 0);
        expect(error).toBeLessThan(2e-4 * LEARNING_RATE * 5);
      });
    },
  );

  test("predicts without dropout, for any number of rows, as the network in float64 does", () => {
    const shape = shapeOf("relu");
    const network = networkWith(shape, "bernoulli:0.5", 0.1, key(5));
    const weights = weightsBefore(shape).map(({ values }) => Float64Array.from(values));
    for (const rows of [1, 4]) {
      const inputs = uniforms(key(3), rows * 5, 2);
      let h = Float64Array.from(inputs);
      [5, 7, 6].forEach((k, i) => {
        const m = [7, 6, 3][i]!;
        const z = product(h, weights[2 * i]!, k, m).map((v, at) => v + weights[2 * i + 1]![at % m]!);
        h = (i < 2 ? z.map((v) => Math.max(v, 0)) : z) as Float64Array<ArrayBuffer>;
      });
      for (const [at, logit] of network.predict(inputs, rows).entries()) expect(logit).toBeCloseTo(h[at]!, 5);
    }
    network.release();
  });

  test("has the same first weights whatever the variant", () => {
    const shape = shapeOf("relu");
    const dropped = networkWith(shape, "bernoulli:0.5", 0.1, key(5)).takeWeights();
    expect(dropped).toEqual(weightsBefore(shape));
    expect(dropped.map((array) => array.shape)).toEqual([[5, 7], [7], [7, 6], [6], [6, 3], [3]]);
  });
});

test("max-norm keeps the incoming weights of hidden units within a ball, and leaves the rest as they are", () => {
  const model = mlp(shapeOf("relu"));
  const trained = (maxNorm?: number, steps = 1): WeightArray[] => {
    const variant = activate(readVariant("none", 0, "mlp"), model, key(5), 10);
    const network = new Network(
      model,
      categorical(3),
      maxNorm === undefined ? variant : { ...variant, maxNorm },
      key(1),
    );
    for (let t = 0; t < steps; t++) network.train(t, batchOf(t), 0.3);
    return network.takeWeights();
  };
  const [free, bounded] = [trained(), trained(0.6)];
  let shortened = 0;
  for (const [i, { shape, values }] of bounded.entries()) {
    const before = free[i]!.values;
    // Biases, and the weights of the answers.
    if (shape.length === 1 || i === 4) {
      expect(values).toEqual(before);
      continue;
    }
    const [inputs, units] = shape as [number, number];
    for (let unit = 0; unit < units; unit++) {
      const column = (from: Float32Array) => Array.from({ length: inputs }, (_, k) => from[k * units + unit]!);
      const norm = Math.hypot(...column(before));
      if (norm > 0.6) shortened++;
      // One product, one root and one quotient in float32.
      column(values).forEach((w, k) => {
        expect(w).toBeCloseTo(column(before)[k]! * Math.min(1, 0.6 / norm), 6);
      });
    }
  }
  expect(shortened).toBeGreaterThan(0);
  expect(shortened).toBeLessThan(13);
  const { shape, values } = trained(0.6, 3)[0]!;
  for (let unit = 0; unit < shape[1]!; unit++) {
    const column = values.filter((_, at) => at % shape[1]! === unit);
    expect(Math.hypot(...column)).toBeLessThan(0.6 + 1e-6);
  }
});

test("adamFactors holds the bias correction of step t", () => {
  const [a, b] = adamFactors(0.01, 0);
  expect(a).toBeCloseTo((0.01 * Math.sqrt(0.001)) / 0.1, 9);
  expect(b).toBeCloseTo(1e-8 * Math.sqrt(0.001), 15);
  expect(adamFactors(0.01, 100_000)[0]).toBeCloseTo(0.01, 9);
});
