// Rows of the layers for activations that are not plain masks: alpha dropout, additive and uniform noise.

import { AlphaDropout, FeatureAlphaDropout, GaussianNoise, key, UniformDropout } from "hadamask";
import { independentLaw } from "../enumerated-law.js";
import type { AnyLayer, ForwardOptions, Law, LayerRow } from "../row.js";
import { defaults, RATE, X } from "./bernoulli.js";

/**
 * Klambauer et al. 2017, in their notation: q keeps, alpha is the value of dropped units, y = a (x d + alpha (1 - d))
 * + b.
 */
function affine(q: number): { a: number; b: number; alpha: number } {
  const alpha = -1.0507009873554805 * 1.6732632423543772;
  const a = (q + alpha ** 2 * q * (1 - q)) ** -0.5;
  return { a, b: -a * (1 - q) * alpha, alpha };
}

function alphaLaw(x: readonly number[], drawOf: (i: number) => number): Law {
  const q = 1 - RATE;
  const { a, b, alpha } = affine(q);
  return {
    mean: x.map((value) => a * (q * value + (1 - q) * alpha) + b),
    covariance: x.flatMap((u, i) =>
      x.map((v, j) => (drawOf(i) === drawOf(j) ? a * a * q * (1 - q) * (u - alpha) * (v - alpha) : 0)),
    ),
  };
}

interface Alpha {
  readonly name: string;
  readonly make: LayerRow["make"];
  readonly fromState: LayerRow["fromState"];
  readonly size: number;
  readonly draws: number;
  readonly drawOf: (i: number) => number;
  readonly shape?: readonly number[];
  readonly errors?: LayerRow["errors"];
}

function alphaRow({ name, make, fromState, size, draws, drawOf, shape, errors = [] }: Alpha): LayerRow {
  const x = X.slice(0, size);
  const options = (samples: number): ForwardOptions =>
    shape === undefined ? {} : { shape: [samples, ...shape.slice(1)] };
  const { a, b, alpha } = affine(1 - RATE);
  return {
    name,
    make,
    fromState,
    x,
    outputs: size,
    options: options(2),
    emptyOptions: options(0),
    optionsFor: options,
    samples: 2,
    evaluated: () => x,
    law: () => alphaLaw(x, drawOf),
    decisions: draws,
    dropped: () => ({ y: exactly(a * alpha + b, droppedValue(make(), options(1))), dx: 0 }),
    hasRate: true,
    errors,
  };
}

/** What the layer makes of a dropped element. */
function droppedValue(layer: AnyLayer, { shape = [1] }: ForwardOptions): number {
  const ones = shape.map(() => 1);
  return layer.forward([1], { ...(shape.length > 1 && { shape: ones }), mask: [0] })[0]!;
}

/** `given`, after checking that it is `expected` but for rounding. */
function exactly(expected: number, given: number): number {
  if (!(Math.abs(given - expected) < 1e-14)) throw new Error(`dropped value is ${given}, not ${expected}`);
  return given;
}

export const activationRows: readonly LayerRow[] = [
  alphaRow({
    name: "AlphaDropout",
    make: (options = {}) => new AlphaDropout(defaults(options)),
    fromState: AlphaDropout.fromState,
    size: 8,
    draws: 8,
    drawOf: (i) => i,
    errors: [
      [() => new AlphaDropout({ rate: 50 }), "AlphaDropout: rate must be in [0, 1], got 50; pass 0.5 for 50 %"],
      [() => new AlphaDropout({ rate: Number.NaN }), "AlphaDropout: rate must be in [0, 1], got NaN"],
      [
        () => new AlphaDropout({} as never),
        "AlphaDropout: rate is missing; pass { rate } (probability of dropping) or { keep } (1 - rate)",
      ],
      [
        () => new AlphaDropout({ rate: 0.5 }).forward([1, 2], { mask: [1, 0], sampleIds: [0, 1] }),
        "AlphaDropout.forward: sampleIds goes with key; a mask has no draws by id",
      ],
      [
        () => new AlphaDropout({ rate: 0.5, sharedAxes: [1] }).forward([1, 2]),
        "AlphaDropout.forward: sharedAxes goes with shape; pass { shape: [2, 3, 4] }, the lengths of the axes",
      ],
      [
        () => {
          new AlphaDropout({ rate: 0.5 }).rate = 2;
        },
        "AlphaDropout: rate must be in [0, 1], got 2; pass 0.02 for 2 %",
      ],
    ],
  }),
  alphaRow({
    name: "AlphaDropout, one decision for each time step",
    make: (options = {}) => new AlphaDropout({ ...defaults(options), sharedAxes: [2] }),
    fromState: AlphaDropout.fromState,
    size: 8,
    draws: 4,
    drawOf: (i) => Math.floor(i / 2),
    shape: [2, 2, 2],
  }),
  alphaRow({
    name: "FeatureAlphaDropout",
    make: (options = {}) => new FeatureAlphaDropout(defaults(options)),
    fromState: FeatureAlphaDropout.fromState,
    size: 12,
    draws: 6,
    drawOf: (i) => Math.floor(i / 2),
    shape: [2, 3, 2],
    errors: [
      [
        () => new FeatureAlphaDropout({ rate: 0.5 }).forward([1], { shape: [1] }),
        "FeatureAlphaDropout.forward: shape must be [N,C,…], got [1]",
      ],
      [
        () => new FeatureAlphaDropout({ rate: 0.5 }).forward([1], {} as never),
        "FeatureAlphaDropout.forward: shape is missing; pass { shape }, the lengths of the axes of x, [N,C,…]",
      ],
      [
        () => new FeatureAlphaDropout({ rate: 0.5, dataFormat: "NHWC" as never }),
        'FeatureAlphaDropout: dataFormat must be "channels-first" or "channels-last", got "NHWC"',
      ],
    ],
  }),
  alphaRow({
    name: "FeatureAlphaDropout, channels last",
    make: (options = {}) => new FeatureAlphaDropout({ ...defaults(options), dataFormat: "channels-last" }),
    fromState: FeatureAlphaDropout.fromState,
    size: 12,
    draws: 6,
    drawOf: (i) => Math.floor(i / 6) * 3 + (i % 3),
    shape: [2, 2, 3],
  }),
  gaussianNoiseRow(),
  uniformRow(),
];

function gaussianNoiseRow(): LayerRow {
  const x = X.slice(0, 6);
  return {
    name: "GaussianNoise",
    make: ({ rate: _rate, ...options } = {}) => new GaussianNoise({ deviation: 0.5, key: key(1), ...options }),
    fromState: GaussianNoise.fromState,
    x,
    outputs: 6,
    samples: 3,
    evaluated: () => x,
    law: () => independentLaw(x, () => 0.25),
    hasRate: false,
    errors: [
      [
        () => new GaussianNoise({ deviation: -1 }),
        "GaussianNoise: deviation must be a finite number at least 0, got -1",
      ],
      [
        () => new GaussianNoise({} as never),
        "GaussianNoise: deviation must be a finite number at least 0, got undefined",
      ],
      [
        () => new GaussianNoise({ deviation: 1, stream: {} } as never),
        "GaussianNoise: stream must not be given, this layer draws from a key",
      ],
    ],
  };
}

function uniformRow(): LayerRow {
  const x = X.slice(0, 6);
  return {
    name: "UniformDropout",
    make: (options = {}) => new UniformDropout(defaults(options)),
    fromState: UniformDropout.fromState,
    x,
    outputs: 6,
    samples: 3,
    evaluated: () => x,
    law: () => independentLaw(x, (i) => (RATE / (1 - RATE)) * x[i]! ** 2),
    hasRate: true,
    errors: [
      [() => new UniformDropout({ rate: 2 }), "UniformDropout: rate must be in [0, 1], got 2; pass 0.02 for 2 %"],
      [() => new UniformDropout({ beta: -1 }), "UniformDropout: beta must be a finite number at least 0, got -1"],
      [
        () => new UniformDropout({ beta: 1, rate: 0.5 } as never),
        "UniformDropout: pass one of rate, keep and beta; beta is sqrt(3 rate / keep)",
      ],
    ],
  };
}
