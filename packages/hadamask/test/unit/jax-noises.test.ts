// Learned and Gaussian noise in jitted functions against the library's own layers: draws bit for bit, outputs and gradients to the
// rounding of float32.

import { jit, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import {
  AlphaDropout,
  ConcreteDropout,
  DropConnect,
  GaussianDropout,
  key,
  LogitNormalDropout,
  SparseVariationalDense,
  UniformDropout,
  VariationalDense,
  VariationalDropout,
  VariationalLogitNormalDropout,
} from "hadamask";
import {
  alphaDropout,
  concreteDropout,
  dropConnect,
  gaussianDropout,
  logitNormalDropout,
  logUniformKl,
  sparseVariationalDense,
  uniformDropout,
  variationalDense,
  variationalDropout,
  variationalLogitNormalDropout,
} from "hadamask/jax";
import { logUniformKl as klOf, logUniformKlSlope } from "hadamask/noise";
import { beforeAll, describe, expect, test } from "vitest";
import { liveBuffers } from "./jax-buffers.js";

let live: () => number;
beforeAll(async () => {
  live = await liveBuffers();
});

const [ROWS, UNITS, OUTPUTS, STEP, WEIGHT] = [6, 5, 4, 3, 0.01];
const KEY = key(21);

/** Values that are not round, in (-1, 1). */
const values = (n: number, seed: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233));
const flat = (array: np.Array): Float32Array => array.dataSync() as Float32Array;

/** Float32 against float64: jax-js's exp has a relative error of 1.3e-6, its logarithm an absolute one of 1.5e-5. */
const TOLERANCE = 1e-5;
const WITH_LOGARITHM = 1e-4;

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = TOLERANCE): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs), 1e-3);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(tolerance * scale);
}

type Tree = { [name: string]: np.Array };

/** What stands behind each noise on activations: the jax side, and the layer of the library with parameters in float32. */
const activationCases = [
  {
    name: "gaussianDropout",
    jax: gaussianDropout({ rate: 0.3, shape: [UNITS], key: KEY }),
    start: {},
    layer: () => new GaussianDropout({ rate: 0.3, key: KEY }),
  },
  {
    name: "uniformDropout",
    jax: uniformDropout({ rate: 0.3, shape: [UNITS], key: KEY }),
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

interface AnyLayer {
  mode: string;
  forward(x: Float64Array, options?: object): Float64Array;
  backward(dy: Float64Array, options?: object): Float64Array;
  penalty(): number;
  readonly gradients: Readonly<Record<string, ArrayLike<number>>>;
}

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

test("Gaussian multipliers are the layer's, rounded once; at rate 1 even NaN becomes 0", () => {
  for (const rate of [0, 0.1, 0.5, 1]) {
    const noise = gaussianDropout({ rate, shape: [3, 7], key: KEY });
    const layer = new GaussianDropout({ rate, key: KEY });
    const ones = new Float64Array(4 * 21).fill(1);
    expect(flat(noise.train(5, 4))).toEqual(Float32Array.from(layer.forward(ones, { step: 5 })));
  }
  const all = gaussianDropout({ rate: 1, shape: [2], key: KEY });
  expect(flat(all.apply(np.array([[Number.NaN, 1]]), {}, all.train(0, 1)))).toEqual(new Float32Array(2));
});

test("concrete draws far out, at a low temperature, leave all gradients finite", () => {
  const noise = concreteDropout({ rate: 0.1, shape: [20_000], temperature: 0.05, key: KEY });
  const loss = (p: { h: np.Array; learned: Tree }, draw: np.Array): np.Array =>
    noise.apply(p.h, p.learned as never, draw).sum();
  const [value, gradient] = jit((p: { h: np.Array; learned: Tree }, draw: np.Array) => valueAndGrad(loss)(p, draw))(
    { h: np.ones([1, 20_000]), learned: noise.parameters() },
    noise.train(0, 1),
  );
  const layer = new ConcreteDropout({ rate: 0.1, units: 20_000, temperature: 0.05, key: KEY });
  const y = layer.forward(new Float64Array(20_000).fill(1), { step: 0 });
  expectClose([value.item()], [y.reduce((sum, v) => sum + v, 0)], 20_000 * 2 ** -24); // a sum one by one in float32
  expectClose(flat(gradient.h), layer.backward(new Float64Array(20_000).fill(1)), 1e-4); // 20 times the error of a logit near 3
  expect(Math.abs(flat(gradient.learned.logit!)[0]! / layer.gradients.logit[0]! - 1)).toBeLessThan(1e-3);
});

test("concrete draws under one key are shared over an axis of size 1", () => {
  const noise = concreteDropout({ rate: 0.5, shape: [1, 1, 3], key: KEY });
  const y = noise.apply(np.ones([2, 2, 2, 3]), noise.parameters(), noise.train(0, 2)).js() as number[][][][];
  for (const image of y) for (const row of image) for (const pixel of row) expect(pixel).toEqual(image[0]![0]);
  expect(y[0]).not.toEqual(y[1]);
});

test("the log-uniform divergence and its derivative are the exact ones, for every alpha", () => {
  const logAlpha = Float32Array.from({ length: 801 }, (_, i) => -40 + i / 10);
  const [value, slope] = jit((la: np.Array) => {
    const [[, each], gradient] = valueAndGrad(
      (a: np.Array): [np.Array, np.Array] => {
        const kl = logUniformKl(a);
        return [kl.ref.sum(), kl];
      },
      { hasAux: true },
    )(la);
    return [each, gradient];
  })(np.array(logAlpha)) as [np.Array, np.Array];
  const [kl, dkl] = [flat(value), flat(slope)];
  logAlpha.forEach((la, i) => {
    expect(Math.abs(kl[i]! / klOf(la) - 1)).toBeLessThan(4e-6);
    expect(Math.abs(dkl[i]! / logUniformKlSlope(la) - 1)).toBeLessThan(4e-6);
  });
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

describe("wrong options", () => {
  test.each([
    [() => gaussianDropout({ rate: 2, shape: [1], key: KEY }), "GaussianDropout: rate must be in [0, 1], got 2"],
    [() => variationalDropout({ alpha: 0, shape: [1], key: KEY }), "alpha must be a finite number above 0"],
    [() => variationalDense({ ...sizes, inputs: 0, alpha: 1 }), "variationalDense: inputs must be"],
    [() => concreteDropout({ rate: 0, shape: [1], key: KEY }), "ConcreteDropout: rate must be above 0 and below 1"],
    [() => logitNormalDropout({ sigma: -1, shape: [1], key: KEY }), "sigma must be a finite number at least 0"],
    [() => dropConnect({ ...sizes, rate: 0.5, maskPer: "row" as never }), "dropConnect: maskPer must be"],
    [() => gaussianDropout({ rate: 0.5, shape: [1] } as never), "gaussianDropout: key is missing"],
  ])("%#", (make, message) => {
    expect(make).toThrow(message);
  });
});
