// Noise on activations in jitted functions against the library's own layers: draws bit for bit, outputs and gradients
// to the rounding of float32.

import { jit, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import {
  AlphaDropout,
  ConcreteDropout,
  Dropout,
  GaussianDropout,
  GaussianNoise,
  LogitNormalDropout,
  UniformDropout,
  VariationalDropout,
  VariationalLogitNormalDropout,
} from "hadamask";
import {
  alphaDropout,
  concreteDropout,
  layerNoise,
  logitNormalDropout,
  variationalDropout,
  variationalLogitNormalDropout,
} from "hadamask/jax";
import { beforeAll, describe, expect, test } from "vitest";
import { liveBuffers } from "./jax-buffers.js";
import {
  type AnyLayer,
  expectClose,
  flat,
  KEY,
  ROWS,
  STEP,
  type Tree,
  UNITS,
  values,
  WEIGHT,
} from "./jax-noise-support.js";

let live: () => number;
beforeAll(async () => {
  live = await liveBuffers();
});

/**
 * What stands behind each noise on activations: the jax side, and the layer of the library with parameters in
 * float32.
 */
const activationCases = [
  {
    name: "layerNoise of GaussianDropout",
    jax: layerNoise(new GaussianDropout({ rate: 0.3, key: KEY }), { shape: [UNITS] }),
    start: {},
    layer: () => new GaussianDropout({ rate: 0.3, key: KEY }),
  },
  {
    name: "layerNoise of Dropout",
    jax: layerNoise(new Dropout({ rate: 0.3, key: KEY }), { shape: [UNITS] }),
    start: {},
    layer: () => new Dropout({ rate: 0.3, key: KEY }),
  },
  {
    name: "layerNoise of classic Dropout",
    jax: layerNoise(new Dropout({ rate: 0.3, scaling: "classic", key: KEY }), { shape: [UNITS] }),
    start: {},
    layer: () => new Dropout({ rate: 0.3, scaling: "classic", key: KEY }),
  },
  {
    name: "layerNoise of GaussianNoise",
    jax: layerNoise(new GaussianNoise({ deviation: 0.7, key: KEY }), { shape: [UNITS] }),
    start: {},
    layer: () => new GaussianNoise({ deviation: 0.7, key: KEY }),
  },
  {
    name: "layerNoise of UniformDropout",
    jax: layerNoise(new UniformDropout({ rate: 0.3, key: KEY }), { shape: [UNITS] }),
    start: {},
    layer: () => new UniformDropout({ rate: 0.3, key: KEY }),
  },
  {
    name: "alphaDropout",
    jax: alphaDropout({ rate: 0.3, shape: [UNITS], key: KEY }),
    start: {},
    layer: () => new AlphaDropout({ rate: 0.3, key: KEY }),
  },
  {
    name: "variationalDropout",
    jax: variationalDropout({ alpha: 0.3, shape: [UNITS], key: KEY }),
    start: { logAlpha: [-3, -1, 0, 0.5, -7] }, // 0.5 is cut off
    layer: () => new VariationalDropout({ logAlpha: [-3, -1, 0, 0.5, -7], units: UNITS, key: KEY }),
  },
  {
    name: "concreteDropout",
    jax: concreteDropout({ rate: 0.2, shape: [UNITS], weightRegularizer: 0.5, key: KEY }),
    start: { logit: [-1.375] },
    layer: () => new ConcreteDropout({ logit: -1.375, units: UNITS, weightRegularizer: 0.5, key: KEY }),
  },
  {
    name: "logitNormalDropout",
    jax: logitNormalDropout({ sigma: 1.5, shape: [UNITS], key: KEY }),
    start: { sigma: [1.5] },
    layer: () => new LogitNormalDropout({ sigma: 1.5, key: KEY }),
  },
  {
    name: "variationalLogitNormalDropout",
    jax: variationalLogitNormalDropout({ sigma: 1.5, shape: [UNITS], key: KEY }),
    start: { mu: [0.5, -1, 2, 0, -0.25], rho: [-0.5, 0.25, 0, -2, 1] },
    layer: () =>
      new VariationalLogitNormalDropout({
        units: UNITS,
        sigma: 1.5,
        mu: [0.5, -1, 2, 0, -0.25],
        rho: [-0.5, 0.25, 0, -2, 1],
        key: KEY,
      }),
  },
] as const;

const arrays = (start: object): Tree =>
  Object.fromEntries(Object.entries(start).map(([name, numbers]) => [name, np.array(numbers as number[])]));

interface AnyNoise {
  apply(h: np.Array, parameters: Tree, draw?: np.Array): np.Array;
  penalty(parameters: Tree): np.Array;
  train(step: number, batch: number): np.Array;
  sample(pass: number, batch: number): np.Array;
  parameters(): Tree;
}

describe.each(activationCases.map((c) => [c.name, c] as const))("%s", (_name, { jax, start, layer }) => {
  const noise = jax as unknown as AnyNoise;
  const x = values(ROWS * UNITS, 2);
  const dy = values(ROWS * UNITS, 3);
  const shaped = (a: Float32Array): np.Array => np.array(a, { shape: [ROWS, UNITS] });

  test.each(["train", "sample", "eval"] as const)(
    "gives the output and the gradients of the layer in mode %s",
    (mode) => {
      type Point = { h: np.Array; learned: Tree };
      const loss = (p: Point, g: np.Array, draws: Tree): np.Array => {
        const y = noise.apply(p.h, tree.ref(p.learned), draws.draw);
        return y.mul(g).sum().add(noise.penalty(p.learned).mul(WEIGHT));
      };
      const draw = (): Tree =>
        mode === "eval" ? {} : { draw: mode === "train" ? noise.train(STEP, ROWS) : noise.sample(STEP, ROWS) };
      const forward = jit((h: np.Array, learned: Tree, draws: Tree) => noise.apply(h, learned, draws.draw));
      const step = jit((p: Point, g: np.Array, draws: Tree) => valueAndGrad(loss)(p, g, draws));
      const y = forward(shaped(x), arrays(start), draw());
      const [value, gradient] = step({ h: shaped(x), learned: arrays(start) }, shaped(dy), draw());
      value.dispose();
      const own = layer() as unknown as AnyLayer;
      own.mode = mode;
      const number = mode === "train" ? { step: STEP } : mode === "sample" ? { pass: STEP } : {};
      expectClose(flat(y), own.forward(Float64Array.from(x), number));
      expectClose(flat(gradient.h), own.backward(Float64Array.from(dy), { penaltyWeight: WEIGHT }));
      for (const [name, expected] of Object.entries(own.gradients))
        expectClose(flat(gradient.learned[name]!), expected);
    },
  );

  test("charges the penalty of the layer", () => {
    const own = layer() as unknown as AnyLayer;
    expectClose([jit((p: Tree) => noise.penalty(p))(arrays(start)).item()], [own.penalty()], 2e-5);
  });

  test("begins with the parameters of the layer, and leaves no array behind", () => {
    const step = jit((h: np.Array, p: Tree, draws: Tree) =>
      noise.apply(h, tree.ref(p), draws.draw).sum().add(noise.penalty(p)),
    );
    const work = (): void => {
      step(shaped(x), noise.parameters(), { draw: noise.train(1, ROWS) }).js();
      step(shaped(x), noise.parameters(), {}).js();
    };
    work();
    const before = live();
    work();
    work();
    expect(live()).toBe(before);
  });
});
