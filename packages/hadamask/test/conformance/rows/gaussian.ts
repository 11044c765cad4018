// Rows of the layers whose noise is a normal number.

import { GaussianDropout, key } from "hadamask";
import type { Law, LayerRow } from "../row.js";

const X = [0.5, -1.25, 2, 3.5, -0.75, 1];

const independent = (x: readonly number[], mean: number, variance: number): Law => ({
  mean: x.map((value) => mean * value),
  covariance: x.flatMap((a, i) => x.map((_, j) => (i === j ? variance * a * a : 0))),
});

const errors: LayerRow["errors"] = [
  [() => new GaussianDropout({ rate: 2 }), "GaussianDropout: rate must be in [0, 1], got 2; pass 0.02 for 2 %"],
  [() => new GaussianDropout({ alpha: -1 }), "GaussianDropout: alpha must be a finite number at least 0, got -1"],
  [
    () => new GaussianDropout({ alpha: Number.POSITIVE_INFINITY }),
    "GaussianDropout: alpha must be a finite number at least 0, got Infinity",
  ],
  [
    () => new GaussianDropout({ alpha: 1, rate: 0.5 } as never),
    "GaussianDropout: pass one of rate, keep and alpha; alpha is rate / keep",
  ],
  [
    () => new GaussianDropout({} as never),
    "GaussianDropout: rate is missing; pass { rate } (probability of dropping) or { keep } (1 - rate)",
  ],
  [
    () => new GaussianDropout({ rate: 0.5, variance: 0.1 }),
    'GaussianDropout: scaling must be "classic" with variance, got "inverted"; pass alpha for the unit-mean form',
  ],
  [
    () => new GaussianDropout({ rate: 0.5, stream: {} } as never),
    "GaussianDropout: stream must not be given, this layer draws from a key",
  ],
  [
    () => new GaussianDropout({ rate: 0.5, sharedAxes: [1] }).forward([1, 2]),
    "GaussianDropout.forward: sharedAxes goes with shape; pass { shape: [2, 3, 4] }, the lengths of the axes",
  ],
];

export const gaussianRows: readonly LayerRow[] = [
  {
    name: "GaussianDropout, inverted",
    make: (options = {}) => new GaussianDropout({ rate: 0.4, key: key(1), ...options }),
    fromState: GaussianDropout.fromState,
    x: X,
    outputs: 6,
    samples: 3,
    evaluated: () => X,
    law: () => independent(X, 1, 2 / 3),
    hasRate: true,
    errors,
  },
  {
    name: "GaussianDropout, classic",
    make: ({ rate = 0.4, ...options } = {}) =>
      new GaussianDropout({ rate, key: key(1), ...options, scaling: "classic" }),
    fromState: GaussianDropout.fromState,
    x: X,
    outputs: 6,
    samples: 3,
    evaluated: () => X.map((value) => 0.6 * value),
    law: () => independent(X, 0.6, 0.24),
    hasRate: true,
    errors: [],
  },
  {
    name: "GaussianDropout, given alpha, one draw a channel",
    make: ({ rate: _rate, ...options } = {}) =>
      new GaussianDropout({ alpha: 0.25, key: key(1), ...options, sharedAxes: [2] }),
    fromState: GaussianDropout.fromState,
    x: X,
    outputs: 6,
    options: { shape: [1, 3, 2] },
    emptyOptions: { shape: [0, 3, 2] },
    evaluated: () => X,
    law: () => ({
      mean: X,
      covariance: X.flatMap((a, i) => X.map((b, j) => (Math.floor(i / 2) === Math.floor(j / 2) ? 0.25 * a * b : 0))),
    }),
    hasRate: false,
    errors: [],
  },
];
