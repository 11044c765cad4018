// Noise on weights in jitted functions against the library's own layers: outputs and gradients to the rounding of
// float32, and what becomes of weights that are dropped or 0.

import { jit, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { DropConnect, SparseVariationalDense, VariationalDense } from "hadamask";
import { dropConnect, sparseVariationalDense, variationalDense } from "hadamask/jax";
import { beforeAll, describe, expect, test } from "vitest";
import { liveBuffers } from "./jax-buffers.js";
import {
  type AnyLayer,
  expectClose,
  flat,
  KEY,
  OUTPUTS,
  ROWS,
  STEP,
  TOLERANCE,
  type Tree,
  UNITS,
  values,
  WEIGHT,
  WITH_LOGARITHM,
} from "./jax-noise-support.js";

let live: () => number;
beforeAll(async () => {
  live = await liveBuffers();
});

const w = values(UNITS * OUTPUTS, 5);
const bias = values(OUTPUTS, 6);
const logSigma2 = values(UNITS * OUTPUTS, 7).map((v) => 4 * v - 2);
const logAlphas = values(UNITS * OUTPUTS, 8).map((v) => 3 * v - 2);
const dense = { inputs: UNITS, weights: Float64Array.from(w), bias: Float64Array.from(bias), key: KEY };
const sizes = { inputs: UNITS, outputs: OUTPUTS, key: KEY };

const weightCases = [
  {
    name: "variationalDense, one alpha",
    jax: variationalDense({ ...sizes, alpha: 0.4 }),
    start: { logAlpha: Float32Array.of(Math.log(0.4)) },
    layer: () => new VariationalDense({ ...dense, alpha: 0.4 }),
  },
  {
    name: "variationalDense, an alpha a weight",
    jax: variationalDense({ ...sizes, alpha: 0.4, alphaPer: "weight" }),
    start: { logAlpha: logAlphas },
    layer: () => new VariationalDense({ ...dense, alphaPer: "weight", logAlpha: Float64Array.from(logAlphas) }),
  },
  {
    name: "sparseVariationalDense",
    jax: sparseVariationalDense(sizes),
    start: { logSigma2 },
    layer: () => new SparseVariationalDense({ ...dense, logSigma2: Float64Array.from(logSigma2) }),
  },
  {
    name: "dropConnect, a mask a row",
    jax: dropConnect({ ...sizes, rate: 0.4 }),
    start: {},
    layer: () => new DropConnect({ ...dense, rate: 0.4 }),
  },
  {
    name: "dropConnect, a mask a batch",
    jax: dropConnect({ ...sizes, rate: 0.4, maskPer: "batch" }),
    start: {},
    layer: () => new DropConnect({ ...dense, rate: 0.4, maskPer: "batch" }),
  },
] as const;

interface AnyWeightNoise {
  apply(x: np.Array, weights: { w: np.Array; b: np.Array }, parameters: Tree, draw?: np.Array): np.Array;
  penalty(w: np.Array, parameters: Tree): np.Array;
  train(step: number, batch: number): np.Array;
  sample(pass: number, batch: number): np.Array;
  parameters(): Tree;
}
type Point = { x: np.Array; weights: { w: np.Array; b: np.Array }; learned: Tree };

describe.each(weightCases.map((c) => [c.name, c] as const))("%s", (name, { jax, start, layer }) => {
  const noise = jax as unknown as AnyWeightNoise;
  const x = values(ROWS * UNITS, 2);
  const dy = values(ROWS * OUTPUTS, 3);
  const tolerance = name.startsWith("sparse") ? WITH_LOGARITHM : TOLERANCE;
  const point = (): Point => ({
    x: np.array(x, { shape: [ROWS, UNITS] }),
    weights: { w: np.array(w, { shape: [UNITS, OUTPUTS] }), b: np.array(bias) },
    learned: Object.fromEntries(
      Object.entries(start).map(([parameter, numbers]) => [
        parameter,
        np.array(numbers as Float32Array, {
          shape: (numbers as Float32Array).length === 1 ? [1] : [UNITS, OUTPUTS],
        }),
      ]),
    ),
  });
  const loss = (p: Point, g: np.Array, draws: Tree): [np.Array, np.Array] => {
    const penalty = noise.penalty(p.weights.w.ref, tree.ref(p.learned)).mul(WEIGHT);
    const y = noise.apply(p.x, p.weights, p.learned, draws.draw);
    return [y.ref.mul(g).sum().add(penalty), y];
  };
  const step = jit((p: Point, g: np.Array, draws: Tree) => {
    const [[value, y], gradient] = valueAndGrad(loss, { hasAux: true })(p, g, draws);
    return [value, y, gradient];
  });

  test.each(["train", "sample", "eval"] as const)(
    "gives the output and the gradients of the layer in mode %s",
    (mode) => {
      const draws: Tree =
        mode === "eval" ? {} : { draw: mode === "train" ? noise.train(STEP, ROWS) : noise.sample(STEP, ROWS) };
      const g = np.array(dy, { shape: [ROWS, OUTPUTS] });
      const [value, y, gradient] = step(point(), g, draws) as unknown as [np.Array, np.Array, Point];
      value.dispose();
      const own = layer() as unknown as AnyLayer;
      own.mode = mode;
      const number = mode === "train" ? { step: STEP } : mode === "sample" ? { pass: STEP } : {};
      expectClose(flat(y), own.forward(Float64Array.from(x), number));
      expectClose(flat(gradient.x), own.backward(Float64Array.from(dy), { penaltyWeight: WEIGHT }));
      const { weights, bias: ofBias, ...learned } = own.gradients;
      expectClose(flat(gradient.weights.w), weights!, tolerance);
      expectClose(flat(gradient.weights.b), ofBias!);
      for (const [parameter, expected] of Object.entries(learned)) {
        expectClose(flat(gradient.learned[parameter]!), expected, tolerance);
      }
    },
  );

  test("charges the penalty of the layer", () => {
    const { weights, learned, x: unused } = point();
    tree.dispose([weights.b, unused]);
    const own = layer() as unknown as AnyLayer;
    expectClose([noise.penalty(weights.w, learned).item()], [own.penalty()], 2e-5);
  });

  test("leaves no array behind", () => {
    const work = (round: number): void => {
      const g = np.array(dy, { shape: [ROWS, OUTPUTS] });
      tree.dispose(step(point(), g, { draw: noise.train(round, ROWS) }) as never);
      tree.dispose(step(point(), np.ones([ROWS, OUTPUTS]), {}) as never);
      tree.dispose(noise.parameters());
    };
    work(0);
    const before = live();
    for (const round of [1, 2, 3]) work(round);
    expect(live()).toBe(before);
  });
});

test("a weight that DropConnect drops counts for nothing, even where it is NaN, and gets the gradient 0", () => {
  for (const maskPer of ["sample", "batch"] as const) {
    const noise = dropConnect({ ...sizes, rate: 0.5, maskPer });
    const mask = flat(noise.train(0, 1));
    const broken = w.map((value, i) => (mask[i] === 0 ? Number.NaN : value));
    const loss = (weight: np.Array, x: np.Array, m: np.Array): np.Array =>
      noise.apply(x, { w: weight, b: np.zeros([OUTPUTS]) }, {}, m).sum();
    const [value, gradient] = jit((weight: np.Array, x: np.Array, m: np.Array) => valueAndGrad(loss)(weight, x, m))(
      np.array(broken, { shape: [UNITS, OUTPUTS] }),
      np.ones([1, UNITS]),
      noise.train(0, 1),
    );
    const kept = w.reduce((sum, v, i) => sum + (mask[i] === 0 ? 0 : 2 * v), 0);
    expectClose([value.item()], [kept]);
    expect(flat(gradient)).toEqual(mask);
  }
});

test("a weight of 0 is only noise: no divergence, no gradient, left out", () => {
  const noise = sparseVariationalDense({ inputs: 1, outputs: 1, key: KEY });
  const penalty = (weight: np.Array, learned: Tree): np.Array => noise.penalty(weight, learned as never);
  const [value, gradient] = jit((weight: np.Array, learned: Tree) => valueAndGrad(penalty)(weight, learned))(
    np.zeros([1, 1]),
    noise.parameters(),
  );
  expect(Math.abs(value.item())).toBeLessThan(1e-30);
  expect(Math.abs(flat(gradient)[0]!)).toBe(0);
});
