// Rows of the layers whose noise is a Bernoulli mask.

import {
  Dropout,
  Dropout1d,
  Dropout2d,
  Dropout3d,
  key,
  type Scaling,
  SpatialDropout,
  SpatialDropout1D,
  SpatialDropout2D,
  SpatialDropout3D,
} from "hadamask";
import type { ForwardOptions, Law, LayerRow, MakeOptions } from "../row.js";

export const X = [0.5, -1.25, 2, 3.5, -0.75, 1, 1.5, -2.5, 0.25, -3, 4, 0.125];
export const RATE = 0.4;

/** Mean and covariance of masked `x`: elements of one draw vary together, others do not. */
export function maskedLaw(x: readonly number[], rate: number, scaling: Scaling, drawOf: (i: number) => number): Law {
  const keep = 1 - rate;
  const mean = scaling === "inverted" ? 1 : keep;
  const variance = scaling === "inverted" ? rate / keep : keep * rate;
  const covariance = x.flatMap((a, i) => x.map((b, j) => (drawOf(i) === drawOf(j) ? variance * a * b : 0)));
  return { mean: x.map((value) => mean * value), covariance };
}

export const defaults = (options: MakeOptions): MakeOptions & { rate: number } => ({
  rate: RATE,
  key: key(1),
  ...options,
});

/** The errors that all of these layers word alike. */
export function commonErrors(
  Layer: new (options: never) => unknown,
  name: string,
  extra: object = {},
): LayerRow["errors"] {
  const make = (options: object) => () => new Layer({ ...extra, ...options } as never);
  return [
    [make({ rate: 1.5 }), `${name}: rate must be in [0, 1], got 1.5`],
    [make({ rate: 50 }), `${name}: rate must be in [0, 1], got 50; pass 0.5 for 50 %`],
    [make({ rate: Number.NaN }), `${name}: rate must be in [0, 1], got NaN`],
    [make({ rate: "0.5" }), `${name}: rate must be a number in [0, 1], got "0.5"`],
    [make({}), `${name}: rate is missing; pass { rate } (probability of dropping) or { keep } (1 - rate)`],
    [make({ rate: 0.5, keep: 0.5 }), `${name}: pass either rate or keep, not both; keep is 1 - rate`],
    [make({ rate: 0.5, key: 42 }), `${name}: key must be a key of two 32-bit words, got 42; make one with key(seed)`],
    [make({ rate: 0.5, mode: "test" }), `${name}: mode must be "train", "eval" or "sample", got "test"`],
    [make({ rate: 0.5, scaling: "both" }), `${name}: scaling must be "inverted" or "classic", got "both"`],
    [make({ rate: 0.5, key: key(1), stream: {} }), `${name}: pass either key or stream, not both`],
    [make({ rate: 0.5, stream: 7 }), `${name}: stream must be a stream made by a function of hadamask/streams, got 7`],
    [
      make({ rate: 0.5, arithmetic: "ours" }),
      `${name}: arithmetic goes with stream; with a key the arithmetic is always ours`,
    ],
  ];
}

function dropoutRow(scaling: Scaling): LayerRow {
  const x = X.slice(0, 6);
  return {
    name: `Dropout, ${scaling}`,
    make: (options = {}) => new Dropout({ ...defaults(options), scaling }),
    fromState: Dropout.fromState,
    x,
    outputs: x.length,
    samples: 3,
    evaluated: () => (scaling === "inverted" ? x : x.map((value) => (1 - RATE) * value)),
    law: () => maskedLaw(x, RATE, scaling, (i) => i),
    decisions: x.length,
    hasRate: scaling === "inverted",
    errors: [
      ...commonErrors(Dropout, "Dropout"),
      [
        () => new Dropout({ rate: 0.5 }).forward(x, { mask: [1, 0] }),
        "Dropout.forward: mask must have 6 elements like the input, got 2",
      ],
      [
        () => new Dropout({ rate: 0.5 }).forward(x, { sampleIds: [0, 1, 2, 3] }),
        "Dropout.forward: x must have the same number of elements for each of 4 sampleIds, got 6",
      ],
      [
        () => new Dropout({ rate: 0.5 }).forward(x, { sampleIds: [0, -1] }),
        "Dropout.forward: sampleIds[1] must be a whole number in [0, 2^53), got -1",
      ],
      [
        () => new Dropout({ rate: 0.5 }).forward(x, { sampleIds: [0, 1], mask: [1, 0, 1, 1, 0, 1] }),
        "Dropout.forward: sampleIds goes with key; a mask has no draws by id",
      ],
    ],
  };
}

interface Placed {
  readonly Layer: new (options: never) => ReturnType<LayerRow["make"]>;
  readonly fromState: LayerRow["fromState"];
  readonly shape: readonly number[];
  /** The draw of each element of `shape`. */
  readonly drawOf: (i: number) => number;
  readonly draws: number;
  readonly extra?: object;
  readonly errors?: LayerRow["errors"];
}

export function placedRow(name: string, placed: Placed): LayerRow {
  const { Layer, fromState, shape, drawOf, draws, extra, errors = [] } = placed;
  const x = X.slice(
    0,
    shape.reduce((product, length) => product * length, 1),
  );
  const options: ForwardOptions = { shape };
  return {
    name,
    make: (made = {}) => new Layer({ ...defaults(made), ...extra } as never),
    fromState,
    x,
    outputs: x.length,
    options,
    emptyOptions: { shape: [0, ...shape.slice(1)] },
    samples: shape[0]!,
    optionsFor: (samples) => ({ shape: [samples, ...shape.slice(1)] }),
    evaluated: () => x,
    law: () => maskedLaw(x, RATE, "inverted", drawOf),
    decisions: draws,
    hasRate: true,
    errors: [...commonErrors(Layer, name, extra), ...errors],
  };
}

const wrongShape =
  (layer: { forward(x: readonly number[], o: never): unknown }, x: readonly number[], options: object) => () =>
    layer.forward(x, options as never);

const spatial = placedRow("SpatialDropout", {
  Layer: SpatialDropout,
  fromState: SpatialDropout.fromState,
  shape: [2, 3, 2],
  drawOf: (i) => Math.floor(i / 2),
  draws: 6,
  extra: { sharedAxes: [-1] },
  errors: [
    [
      () => new SpatialDropout({ rate: 0.5, sharedAxes: 2 as never }),
      "SpatialDropout: sharedAxes must be an array of whole numbers, got 2; for instance [2, 3]",
    ],
    [
      wrongShape(new SpatialDropout({ rate: 0.5, sharedAxes: [4] }), [1, 2], { shape: [1, 2] }),
      "SpatialDropout.forward: sharedAxes [4] are out of range for shape [1,2]",
    ],
    [
      wrongShape(new SpatialDropout({ rate: 0.5, sharedAxes: [1, -1] }), [1, 2], { shape: [1, 2] }),
      "SpatialDropout.forward: sharedAxes must be different axes, got [1,-1]",
    ],
    [
      wrongShape(new SpatialDropout({ rate: 0.5, sharedAxes: [1] }), [1, 2, 3], { shape: [1, 2] }),
      "SpatialDropout.forward: x must have 2 elements for shape [1,2], got 3",
    ],
    [
      wrongShape(new SpatialDropout({ rate: 0.5, sharedAxes: [1] }), [1, 2], { shape: [1, -2] }),
      "SpatialDropout.forward: shape[1] must be a whole number in [0, 2^53), got -2",
    ],
    [
      wrongShape(new SpatialDropout({ rate: 0.5, sharedAxes: [1] }), [1, 2], {}),
      "SpatialDropout.forward: shape is missing; pass { shape: [2, 3, 4] }, the lengths of the axes of x",
    ],
    [
      wrongShape(new SpatialDropout({ rate: 0.5, sharedAxes: [0] }), [1, 2], { shape: [2, 1], sampleIds: [0, 1] }),
      "SpatialDropout.forward: axis 0 cannot be shared with sampleIds, which give each row draws of its own",
    ],
    [
      wrongShape(new SpatialDropout({ rate: 0.5, sharedAxes: [1] }), [1, 2], { shape: [2, 1], sampleIds: [0] }),
      "SpatialDropout.forward: sampleIds must have one id a row (2), got 1",
    ],
  ],
});

const rankError = (
  Layer: new (options: never) => { forward(x: never, o: never): unknown },
  wanted: string,
): LayerRow["errors"] => [
  [
    () => new Layer({ rate: 0.5 } as never).forward([1, 2] as never, { shape: [1, 2] } as never),
    `${Layer.name}.forward: shape must be ${wanted}, got [1,2]`,
  ],
  [
    () => new Layer({ rate: 0.5, dataFormat: "NHWC" } as never),
    `${Layer.name}: dataFormat must be "channels-first" or "channels-last", got "NHWC"`,
  ],
];

const channelRow = (
  Layer: typeof Dropout1d | typeof Dropout2d | typeof Dropout3d | typeof SpatialDropout1D,
  shape: readonly number[],
  draws: number,
  drawOf: (i: number) => number,
  wanted: string,
): LayerRow =>
  placedRow(Layer.name, { Layer, fromState: Layer.fromState, shape, drawOf, draws, errors: rankError(Layer, wanted) });

export const bernoulliRows: readonly LayerRow[] = [
  dropoutRow("inverted"),
  dropoutRow("classic"),
  spatial,
  channelRow(Dropout1d, [2, 3, 2], 6, (i) => Math.floor(i / 2), "[N,C,L]"),
  channelRow(Dropout2d, [1, 3, 2, 2], 3, (i) => Math.floor(i / 4), "[N,C,H,W]"),
  channelRow(Dropout3d, [2, 1, 3, 2, 1], 2, (i) => Math.floor(i / 6), "[N,C,D,H,W]"),
  channelRow(SpatialDropout1D, [2, 2, 3], 6, (i) => Math.floor(i / 6) * 3 + (i % 3), "[N,L,C]"),
  channelRow(SpatialDropout2D, [1, 2, 2, 3], 3, (i) => i % 3, "[N,H,W,C]"),
  channelRow(SpatialDropout3D, [2, 2, 1, 1, 3], 6, (i) => Math.floor(i / 6) * 3 + (i % 3), "[N,D,H,W,C]"),
];
