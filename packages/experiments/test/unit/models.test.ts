// The networks: their pieces against loops in float64, their gradients against differences, and what they learn.

import { type Array as JaxArray, jit, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { foldIn, key } from "hadamask";
import { beforeAll, describe, expect, test } from "vitest";
import { loadDataset } from "../../../cli/src/data/load.js";
import { epochOrder, runKeys, uniforms } from "../../src/chance.js";
import type { Dataset } from "../../src/data/dataset.js";
import type { ModelKind } from "../../src/kinds.js";
import { buildModel } from "../../src/models/build.js";
import { convolve, pool } from "../../src/models/convolution.js";
import type { LayerWeights, Model, Pass } from "../../src/models/model.js";
import { MODELS, networkSettings } from "../../src/models/spec.js";
import { Batches } from "../../src/training/batches.js";
import { Network } from "../../src/training/network.js";
import { splitRows } from "../../src/training/split.js";
import { classTask } from "../../src/training/task.js";
import { activate } from "../../src/variants/activate.js";
import { readVariant } from "../../src/variants/spec.js";

const valuesOf = (array: JaxArray): Float32Array => array.dataSync() as Float32Array;
const numbers = (n: number, seed: number): Float32Array => uniforms(foldIn(key(20), seed), n, 1);

describe("convolve", () => {
  const [batch, height, width, maps, outputs] = [2, 4, 3, 2, 3];
  const x = numbers(batch * height * width * maps, 1);
  const w = numbers(9 * maps * outputs, 2);
  const b = numbers(outputs, 3);
  const at = (n: number, i: number, j: number, m: number): number =>
    i < 0 || j < 0 || i >= height || j >= width ? 0 : x[((n * height + i) * width + j) * maps + m]!;

  test("is the sum over the nine neighbours and the maps, with zeros around the picture", () => {
    const weights = { w: np.array(w, { shape: [9 * maps, outputs] }), b: np.array(b) };
    const y = convolve(np.array(x, { shape: [batch, height, width, maps] }), weights);
    expect(y.shape).toEqual([batch, height, width, outputs]);
    valuesOf(y).forEach((value, place) => {
      const [o, j] = [place % outputs, Math.floor(place / outputs) % width];
      const i = Math.floor(place / outputs / width) % height;
      const n = Math.floor(place / outputs / width / height);
      let sum = b[o]!;
      for (let k = 0; k < 9 * maps; k++) {
        const [row, column, map] = [Math.floor(k / maps / 3), Math.floor(k / maps) % 3, k % maps];
        sum += at(n, i + row - 1, j + column - 1, map) * w[k * outputs + o]!;
      }
      expect(value).toBeCloseTo(sum, 5); // float32 against float64
    });
  });
});

describe("pool", () => {
  test.each([
    [4, 2],
    [5, 3],
    [3, 1],
    [1, 1],
  ])("halves a picture of %i × %i places by means; odd ends are left out, and a side of 1 stays", (height, width) => {
    const x = numbers(2 * height * width, 4);
    const y = pool(np.array(x, { shape: [1, height, width, 2] }));
    const [rows, columns] = [Math.max(1, height >> 1), Math.max(1, width >> 1)];
    expect(y.shape).toEqual([1, rows, columns, 2]);
    const [down, across] = [Math.min(2, height), Math.min(2, width)];
    valuesOf(y).forEach((value, place) => {
      const [m, j, i] = [place % 2, Math.floor(place / 2) % columns, Math.floor(place / 2 / columns)];
      let sum = 0;
      for (let r = 0; r < down; r++)
        for (let c = 0; c < across; c++) sum += x[((i * down + r) * width + j * across + c) * 2 + m]!;
      expect(value).toBeCloseTo(sum / (down * across), 6);
    });
  });
});

const SMALL: Readonly<Record<ModelKind, readonly number[]>> = {
  mlp: [6],
  cnn: [3, 4],
  gru: [5],
  lstm: [5],
  residual: [6, 5],
};
const small = (kind: ModelKind): Model =>
  buildModel(kind, {
    features: 12,
    image: { height: 4, width: 3 },
    outputs: 3,
    hidden: SMALL[kind],
    activation: "tanh",
  });

/** Nothing is changed in it. */
const plain: Pass = { hooks: {}, draws: {}, learned: {} };

describe.each(MODELS)("%s", (kind) => {
  test("gives a row of logits for each row, which depends on that row alone", () => {
    const model = small(kind);
    const x = numbers(4 * 12, 5);
    const predict = jit((layers: LayerWeights[], rows: JaxArray) => model.forward(layers, rows, plain));
    const logits = (rows: number) =>
      predict(model.initialWeights(key(1)), np.array(x.slice(0, rows * 12), { shape: [rows, 12] }));
    const [two, four] = [logits(2), logits(4)];
    expect([two.shape, four.shape]).toEqual([
      [2, 3],
      [4, 3],
    ]);
    const [first, all] = [valuesOf(two), valuesOf(four)];
    first.forEach((value, i) => {
      expect(value).toBeCloseTo(all[i]!, 5);
    });
    expect(Math.abs(all[0]! - all[3]!)).toBeGreaterThan(1e-4);
  });

  test("has the gradient that differences along it show", () => {
    const model = small(kind);
    const [x, mix] = [numbers(4 * 12, 6), numbers(4 * 3, 7)];
    const value = (layers: LayerWeights[]): JaxArray =>
      np
        .square(model.forward(layers, np.array(x, { shape: [4, 12] }), plain).sub(np.array(mix, { shape: [4, 3] })))
        .sum();
    const [, gradient] = valueAndGrad(value)(model.initialWeights(key(1))) as unknown as [JaxArray, LayerWeights[]];
    const leaves = (trees: LayerWeights[]): JaxArray[] => trees.flatMap((layer) => Object.values(layer));
    const squares = leaves(tree.ref(gradient) as never).map((leaf) => {
      const square = np.square(leaf).sum().item() as number;
      expect(square).toBeGreaterThan(0); // every array has a part in it
      return square;
    });
    const length = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
    /** The value at a small way along the gradient, by a step of length 1. */
    const along = (by: number): number => {
      const moved = tree.map(
        (w: JaxArray, g: JaxArray) => w.add(g.mul(by / length)),
        model.initialWeights(key(1)) as never,
        tree.ref(gradient) as never,
      );
      return value(moved as unknown as LayerWeights[]).item() as number;
    };
    // In float32: the difference of two values of size 10 at a distance of 0.02 has an error of about 1e-4, curvature
    // one of 1e-4.
    expect((along(0.01) - along(-0.01)) / 0.02 / length).toBeCloseTo(1, 2);
  });

  test("begins with weights that depend on the key alone", () => {
    const weights = (seed: number) =>
      small(kind)
        .initialWeights(key(seed))
        .flatMap((layer) => Object.values(layer).map((array) => Array.from(valuesOf(array))));
    expect(weights(1)).toEqual(weights(1));
    expect(weights(2)).not.toEqual(weights(1));
    for (const array of weights(1)) expect(Math.max(...array.map(Math.abs))).toBeLessThanOrEqual(1);
  });
});

describe("residual", () => {
  const model = small("residual");
  const x = () => np.array(numbers(4 * 12, 8), { shape: [4, 12] });
  const layers = () => model.initialWeights(key(1)) as unknown as { w: JaxArray; b: JaxArray }[];
  const product = (h: JaxArray, layer: number): JaxArray => np.dot(h, layers()[layer]!.w).add(layers()[layer]!.b);

  test("adds to the stream what each branch makes of it", () => {
    let h = product(x(), 0);
    for (const block of [0, 1]) h = h.ref.add(product(np.tanh(product(h, 1 + 2 * block)), 2 + 2 * block));
    const logits = valuesOf(model.forward(layers(), x(), plain));
    const expected = valuesOf(product(h, 5));
    logits.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
  });

  test("passes the stream on where all branches are dropped", () => {
    const without: Pass = { ...plain, hooks: { branch: (h) => h.mul(0) } };
    expect(valuesOf(model.forward(layers(), x(), without))).toEqual(valuesOf(product(product(x(), 0), 5)));
  });
});

describe("Network", () => {
  let data: Dataset;
  beforeAll(async () => {
    data = await loadDataset("optdigits");
  });

  const STEPS = 60;

  /** The losses of some steps on one batch of digits, then what it predicts for them, then its weights. */
  function trained(kind: ModelKind, hidden: readonly number[], variant: string, inputRate: number) {
    const { activation } = networkSettings({ model: kind, hidden, activation: undefined });
    const model = buildModel(kind, { features: 64, image: data.image!, outputs: 10, hidden, activation });
    const keys = runKeys(1);
    const active = activate(readVariant(variant, inputRate, kind), model, keys.dropout, STEPS);
    const network = new Network(model, classTask(10).likelihood, active, keys.weights);
    const batches = new Batches(splitRows(data, { design: "disjoint", trainRows: 30 }, 1).train, 30, classTask(10));
    const batch = batches.take(epochOrder(keys, 0, 30), 0);
    const losses = Array.from({ length: STEPS }, (_, t) => network.train(t, batch, 0.02));
    const logits = network.predict(batch.inputs, batch.rows);
    return { losses, logits, weights: network.takeWeights() };
  }

  /** A model, small sizes, a variant that at rate 0 leaves the graph's numbers alone, and one that has an effect. */
  const CASES = [
    ["cnn", [4, 8], "channel:0", "drop-block:0.2"],
    ["gru", [12], "gal:0", "zoneout:0.1"],
    ["lstm", [12], "semeniuta:0", "moon:0.2"],
    ["residual", [16, 16, 16], "drop-path:0", "layer-drop:0.2"],
  ] as const;

  test.each(CASES)(
    "trains a %s of %j: %s is none to the bit, %s repeats to the bit, both learn",
    (kind, hidden, zero, noisy) => {
      const none = trained(kind, hidden, "none", 0.1);
      expect(none.losses.at(-1)!).toBeLessThan(none.losses[0]! / 2);
      expect(trained(kind, hidden, zero, 0)).toEqual(none);
      const run = trained(kind, hidden, noisy, 0.1);
      expect(trained(kind, hidden, noisy, 0.1)).toEqual(run);
      expect(Math.min(...run.losses.slice(-5))).toBeLessThan(run.losses[0]! / 2);
      expect(run.losses[0]).not.toBe(none.losses[0]);
      expect(run.weights.map(({ shape }) => shape)).toEqual(none.weights.map(({ shape }) => shape));
    },
  );
});
