// Rows of the layers that drop parts of a network's structure: branches, layers, tokens, whole copies.

import { DropPath, key, LayerDrop, MultiSampleDropout, TokenDropout } from "hadamask";
import { enumeratedLaw } from "../enumerated-law.js";
import type { LayerRow } from "../row.js";
import { defaults, maskedLaw, placedRow, RATE, X } from "./bernoulli.js";

const perError: LayerRow["errors"][number] = [
  () => new DropPath({ rate: 0.5, per: "row" as never }),
  'DropPath: per must be "sample" or "batch", got "row"',
];

const perBatch: LayerRow = {
  name: "DropPath, one decision for the batch",
  make: (options = {}) => new DropPath({ ...defaults(options), per: "batch" }),
  fromState: DropPath.fromState,
  x: X.slice(0, 6),
  outputs: 6,
  options: { shape: [3, 2] },
  emptyOptions: { shape: [0, 2] },
  evaluated: () => X.slice(0, 6),
  law: () => maskedLaw(X.slice(0, 6), RATE, "inverted", () => 0),
  decisions: 1,
  hasRate: true,
  errors: [
    [
      () => new DropPath({ rate: 0.5, per: "batch" }).forward([1, 2], { shape: [2, 1], sampleIds: [0, 1] }),
      "DropPath.forward: axis 0 cannot be shared with sampleIds, which give each row draws of its own",
    ],
  ],
};

/** x + g x^2, with its gradient. */
function residual(g: number) {
  let last: Float32Array | Float64Array = new Float64Array(0);
  return {
    forward(x: Float32Array | Float64Array) {
      last = x.slice();
      return x.map((v) => v + g * v * v);
    },
    backward: (dy: Float32Array | Float64Array) => dy.map((v, i) => v * (1 + 2 * g * last[i]!)),
  };
}

const GAINS = [0.1, -0.2, 0.05];
const STACK_X = X.slice(0, 4);
const runStack = (bits: ArrayLike<number>): number[] =>
  STACK_X.map((x) => GAINS.reduce((v, g, l) => (bits[l] === 1 ? v + g * v * v : v), x));

const layerDrop: LayerRow = {
  name: "LayerDrop",
  make: (options = {}) => new LayerDrop({ ...defaults(options), layers: GAINS.map(residual) }),
  fromState: (state: never) => LayerDrop.fromState(state, { layers: GAINS.map(residual) }),
  x: STACK_X,
  outputs: 4,
  evaluated: () => runStack([1, 1, 1]),
  law: () => enumeratedLaw(3, 1 - RATE, runStack),
  decisions: 3,
  dropped: (value) => ({ y: value, dx: value }),
  hasRate: true,
  atRateOne: () => STACK_X,
  errors: [
    [
      () => new LayerDrop({ rate: 0.5, layers: {} as never }),
      "LayerDrop: layers must be an array of layers, got Object",
    ],
    [
      () => new LayerDrop({ rate: 0.5, layers: [residual(1), {} as never] }),
      "LayerDrop: layers[1] must be a layer with forward and backward, got Object",
    ],
    [
      () =>
        new LayerDrop({
          rate: 0,
          layers: [{ forward: () => new Float64Array(3), backward: (dy) => dy }],
        }).forward([1, 2]),
      "LayerDrop.forward: the output of layers[0] must have 2 elements like x, got 3",
    ],
  ],
};

const TOKENS = [2, 5, 1];
const TOKEN_X = X.slice(0, 10);

/** Of 4 tokens behind a prefix of 1, 2 stay: all 6 choices are equally likely. */
function tokenLaw(): ReturnType<typeof enumeratedLaw> {
  const pairs = [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].filter((b) => b > a).map((b) => [a, b] as const));
  const outcomes = pairs.flatMap((one) =>
    pairs.map((two) => [0, ...one.map((t) => 1 + t), 5, ...two.map((t) => 6 + t)].map((i) => TOKEN_X[i]!)),
  );
  const mean = outcomes[0]!.map((_, i) => outcomes.reduce((sum, y) => sum + y[i]!, 0) / outcomes.length);
  const covariance = mean.flatMap((a, i) =>
    mean.map((b, j) => outcomes.reduce((sum, y) => sum + (y[i]! - a) * (y[j]! - b), 0) / outcomes.length),
  );
  return { mean, covariance };
}

const tokens: LayerRow = {
  name: "TokenDropout",
  make: ({ rate: _rate, ...options } = {}) => new TokenDropout({ rate: 0.5, prefix: 1, key: key(1), ...options }),
  fromState: TokenDropout.fromState,
  x: TOKEN_X,
  outputs: 6,
  options: { shape: TOKENS },
  emptyOptions: { shape: [0, 5, 1] },
  samples: 2,
  optionsFor: (samples) => ({ shape: [samples, 5, 1] }),
  evaluated: () => TOKEN_X,
  law: tokenLaw,
  hasRate: false,
  notInPlace: "the output is shorter than the input",
  errors: [
    [
      () => new TokenDropout({ rate: 0.5, prefix: 3 }).forward([1, 2], { shape: [1, 2, 1] }),
      "TokenDropout.forward: shape must have at least 3 tokens, the prefix, got 2",
    ],
    [
      () => new TokenDropout({ rate: 0.5 }).forward([1, 2], { shape: [1, 2, 1], mask: [1, 1] }),
      "TokenDropout.forward: mask must keep 1 of 2 tokens of each sequence, got 2 in sequence 0",
    ],
    [
      () => new TokenDropout({ rate: 0.5 }).forward([1, 2], { shape: [2] }),
      "TokenDropout.forward: shape must be [sequences,tokens,width], got [2]",
    ],
    [
      () => new TokenDropout({ rate: 0.5, prefix: 3 }).tokensLeft(2),
      "TokenDropout.tokensLeft: tokens must be at least the prefix (3), got 2",
    ],
    [
      () => new TokenDropout({ rate: 0.5, prefix: -1 }),
      "TokenDropout: prefix must be a whole number in [0, 2^53), got -1",
    ],
  ],
};

const COPIES_X = X.slice(0, 4);

const multiSample: LayerRow = {
  name: "MultiSampleDropout",
  make: (options = {}) => new MultiSampleDropout({ ...defaults(options), samples: 2 }),
  fromState: MultiSampleDropout.fromState,
  x: COPIES_X,
  outputs: 8,
  evaluated: () => COPIES_X,
  law: () => maskedLaw([...COPIES_X, ...COPIES_X], RATE, "inverted", (i) => i),
  decisions: 8,
  hasRate: false,
  notInPlace: "the output holds several copies of the input",
  errors: [
    [
      () => new MultiSampleDropout({ rate: 0.5, samples: 0 }),
      "MultiSampleDropout: samples must be a whole number in [1, 4294967296], got 0",
    ],
    [
      () =>
        new MultiSampleDropout({ rate: 0.5, samples: 2 }).forward([1, 2], { sampleIds: [0, 1], mask: [1, 1, 1, 1] }),
      "MultiSampleDropout.forward: sampleIds goes with key; a mask has no draws by id",
    ],
  ],
};

export const structureRows: readonly LayerRow[] = [
  placedRow("DropPath", {
    Layer: DropPath,
    fromState: DropPath.fromState,
    shape: [3, 2],
    drawOf: (i) => Math.floor(i / 2),
    draws: 3,
    errors: [perError],
  }),
  perBatch,
  layerDrop,
  tokens,
  multiSample,
];
