// Rows of the dense layers with noisy weights.

import { DropConnect, key, SparseVariationalDense, VariationalDense } from "hadamask";
import type { Law, LayerRow, MakeOptions } from "../row.js";

const notInPlace = "its output has another shape than its input";
const WEIGHTS = [1, -2, 0.5, 1, -1, 0.25]; // [2, 3] or [3, 2]
const BIAS3 = [0.5, -0.25, 1];

/** x W + b. */
function dense(x: readonly number[], weights: readonly number[], inputs: number, bias?: readonly number[]): number[] {
  const outputs = weights.length / inputs;
  return Array.from({ length: (x.length / inputs) * outputs }, (_, o) => {
    const [s, j] = [Math.floor(o / outputs), o % outputs];
    let sum = bias?.[j] ?? 0;
    for (let i = 0; i < inputs; i++) sum += x[s * inputs + i]! * weights[i * outputs + j]!;
    return sum;
  });
}

/** Independent outputs with the given variances. */
const diagonal = (mean: readonly number[], variance: readonly number[]): Law => ({
  mean,
  covariance: mean.flatMap((_, i) => mean.map((_, j) => (i === j ? variance[i]! : 0))),
});

const squares = (values: readonly number[]): number[] => values.map((value) => value ** 2);
const scaled = (values: readonly number[], factor: number): number[] => values.map((value) => value * factor);

const RATE = 0.4;
const rated = (options: MakeOptions): MakeOptions & { rate: number } => ({ rate: RATE, key: key(1), ...options });
const X2 = [2, -1, 0.5, 3]; // two rows of two inputs

const dropConnectErrors: LayerRow["errors"] = [
  [
    () => new DropConnect({ rate: 2, inputs: 2, weights: WEIGHTS }),
    "DropConnect: rate must be in [0, 1], got 2; pass 0.02 for 2 %",
  ],
  [
    () => new DropConnect({ rate: 0.5, inputs: 0, weights: WEIGHTS }),
    "DropConnect: inputs must be a whole number in [1, 2^53), got 0",
  ],
  [
    () => new DropConnect({ rate: 0.5, inputs: 4, weights: WEIGHTS }),
    "DropConnect: the number of weights must be a multiple of inputs (4), got 6",
  ],
  [
    () => new DropConnect({ rate: 0.5, inputs: 2, weights: WEIGHTS, bias: [1] }),
    "DropConnect: bias must have 3 elements (one an output), got 1",
  ],
  [
    () => new DropConnect({ rate: 0.5, inputs: 2, weights: WEIGHTS, dropBias: true }),
    "DropConnect: dropBias needs a bias to drop",
  ],
  [
    () => new DropConnect({ rate: 0.5, inputs: 2, weights: WEIGHTS, maskPer: "row" as never }),
    'DropConnect: maskPer must be "sample" or "batch", got "row"',
  ],
  [
    () => new DropConnect({ rate: 0.5, inputs: 2, weights: WEIGHTS }).forward([1, 2, 3]),
    "DropConnect.forward: x must have a multiple of 2 elements (inputs), got 3",
  ],
  [
    () => new DropConnect({ rate: 0.5, inputs: 2, weights: WEIGHTS }).forward([1, 2], { mask: [1, 0] }),
    "DropConnect.forward: mask must have 6 elements like the input, got 2",
  ],
  [
    () => {
      const x = new Float64Array(6);
      new DropConnect({ rate: 0.5, inputs: 2, weights: WEIGHTS }).forward(x.subarray(0, 2), { out: x.subarray(1, 4) });
    },
    "DropConnect.forward: out must not overlap the input, which has another length",
  ],
];

const varianceOf = (x: readonly number[], spread: number, bias?: readonly number[]): number[] =>
  scaled(dense(squares(x), squares(WEIGHTS), 2, bias && squares(bias)), spread);

const perBatchLaw = (): Law => {
  const mean = dense(X2, WEIGHTS, 2);
  const spread = RATE / (1 - RATE);
  // Rows share the mask: outputs j of rows s and t vary together by sum over i of W_ij^2 x_si x_ti.
  const covariance = mean.flatMap((_, a) =>
    mean.map((_, b) => {
      if (a % 3 !== b % 3) return 0;
      const [s, t, j] = [Math.floor(a / 3), Math.floor(b / 3), a % 3];
      return spread * [0, 1].reduce((sum, i) => sum + WEIGHTS[i * 3 + j]! ** 2 * X2[s * 2 + i]! * X2[t * 2 + i]!, 0);
    }),
  );
  return { mean, covariance };
};

const dropConnectRows: readonly LayerRow[] = [
  {
    name: "DropConnect, a mask for each sample",
    make: (options = {}) => new DropConnect({ ...rated(options), inputs: 2, weights: WEIGHTS }),
    fromState: DropConnect.fromState,
    x: X2,
    outputs: 6,
    samples: 2,
    evaluated: () => dense(X2, WEIGHTS, 2),
    law: () => diagonal(dense(X2, WEIGHTS, 2), varianceOf(X2, RATE / (1 - RATE))),
    decisions: 12,
    hasRate: true,
    notInPlace,
    errors: dropConnectErrors,
  },
  {
    name: "DropConnect, one mask for the batch",
    make: (options = {}) => new DropConnect({ ...rated(options), inputs: 2, weights: WEIGHTS, maskPer: "batch" }),
    fromState: DropConnect.fromState,
    x: X2,
    outputs: 6,
    evaluated: () => dense(X2, WEIGHTS, 2),
    law: perBatchLaw,
    decisions: 6,
    hasRate: true,
    notInPlace,
    errors: [
      [
        () =>
          new DropConnect({ rate: 0.5, inputs: 2, weights: WEIGHTS, maskPer: "batch" }).forward(X2, {
            sampleIds: [0, 1],
          }),
        "DropConnect.forward: axis 0 cannot be shared with sampleIds, which give each row draws of its own",
      ],
    ],
  },
  {
    name: "DropConnect, bias dropped, classic",
    make: ({ rate = RATE, ...options } = {}) =>
      new DropConnect({
        rate,
        key: key(1),
        ...options,
        inputs: 2,
        weights: WEIGHTS,
        bias: BIAS3,
        dropBias: true,
        scaling: "classic",
      }),
    fromState: DropConnect.fromState,
    x: X2.slice(0, 2),
    outputs: 3,
    evaluated: () => scaled(dense(X2.slice(0, 2), WEIGHTS, 2, BIAS3), 1 - RATE),
    law: () =>
      diagonal(
        scaled(dense(X2.slice(0, 2), WEIGHTS, 2, BIAS3), 1 - RATE),
        varianceOf(X2.slice(0, 2), RATE * (1 - RATE), BIAS3),
      ),
    decisions: 9,
    hasRate: false,
    notInPlace,
    errors: [],
  },
  {
    name: "DropConnect, bias kept",
    make: (options = {}) => new DropConnect({ ...rated(options), inputs: 2, weights: WEIGHTS, bias: BIAS3 }),
    fromState: DropConnect.fromState,
    x: X2,
    outputs: 6,
    samples: 2,
    evaluated: () => dense(X2, WEIGHTS, 2, BIAS3),
    law: () => diagonal(dense(X2, WEIGHTS, 2, BIAS3), varianceOf(X2, RATE / (1 - RATE))),
    hasRate: true,
    atRateOne: () => [...BIAS3, ...BIAS3],
    notInPlace,
    errors: [],
  },
];

const LOG_ALPHA = [-1, 0.4, -0.2, 0.2, -2, 0.1];
const alphaOf = (w: number): number => Math.exp(LOG_ALPHA[w]!);

const variational = (alphaPer: "layer" | "weight"): LayerRow => ({
  name: `VariationalDense, an alpha a ${alphaPer}`,
  make: ({ rate: _rate, ...options } = {}) => {
    const noise = alphaPer === "layer" ? { alpha: 0.4 } : { logAlpha: LOG_ALPHA, alphaPer, maxAlpha: 1.6 };
    return new VariationalDense({ key: key(1), ...options, inputs: 2, weights: WEIGHTS, bias: BIAS3, ...noise });
  },
  fromState: VariationalDense.fromState,
  x: X2,
  outputs: 6,
  samples: 2,
  evaluated: () => dense(X2, WEIGHTS, 2, BIAS3),
  law: () => {
    const variances = WEIGHTS.map((theta, w) => (alphaPer === "layer" ? 0.4 : alphaOf(w)) * theta ** 2);
    return diagonal(dense(X2, WEIGHTS, 2, BIAS3), dense(squares(X2), variances, 2));
  },
  hasRate: false,
  notInPlace,
  errors: [
    [
      () => new VariationalDense({ alpha: 0.5, inputs: 2, weights: WEIGHTS, alphaPer: "unit" as never }),
      'VariationalDense: alphaPer must be "layer" or "weight", got "unit"',
    ],
    [
      () => new VariationalDense({ logAlpha: [0, 0], inputs: 2, weights: WEIGHTS }),
      "VariationalDense: logAlpha must have 1 element (one for all), got 2",
    ],
  ],
});

const LOG_SIGMA2 = [-2, -1, 0.5, -3, 3.2, -4]; // the fifth weight has log alpha 3.2: pruned
const sparse = (kl: "exact" | "fit"): LayerRow => ({
  name: `SparseVariationalDense, ${kl} divergence`,
  make: ({ rate: _rate, ...options } = {}) =>
    new SparseVariationalDense({ key: key(1), ...options, inputs: 3, weights: WEIGHTS, logSigma2: LOG_SIGMA2, kl }),
  fromState: SparseVariationalDense.fromState,
  x: [2, -1, 0.5, 1, 3, -2],
  outputs: 4,
  samples: 2,
  evaluated: () => dense([2, -1, 0.5, 1, 3, -2], WEIGHTS.with(4, 0), 3),
  law: () => {
    const x = [2, -1, 0.5, 1, 3, -2];
    return diagonal(dense(x, WEIGHTS, 3), dense(squares(x), LOG_SIGMA2.map(Math.exp), 3));
  },
  hasRate: false,
  notInPlace,
  errors: [
    [
      () => new SparseVariationalDense({ inputs: 3, weights: WEIGHTS, logSigma2: [1] }),
      "SparseVariationalDense: logSigma2 must have 6 elements (one each), got 1",
    ],
    [
      () => new SparseVariationalDense({ inputs: 3, weights: WEIGHTS, kl: "cubic" as never }),
      'SparseVariationalDense: kl must be "exact" or "fit", got "cubic"',
    ],
    [
      () => new SparseVariationalDense({ inputs: 3, weights: WEIGHTS, threshold: Number.NaN }),
      "SparseVariationalDense: threshold must be a finite number, got NaN",
    ],
  ],
});

export const denseRows: readonly LayerRow[] = [
  ...dropConnectRows,
  variational("layer"),
  variational("weight"),
  sparse("exact"),
  sparse("fit"),
];
