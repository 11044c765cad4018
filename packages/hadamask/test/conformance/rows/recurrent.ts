// Rows of the recurrent layers. Their outputs have no closed law; unit/layers/recurrent.test.ts checks the laws of
// the placements.

import { DropoutGRU, DropoutLSTM, DropoutRNN, gal, key, type RateOption, type RecurrentDropout } from "hadamask";
import type { LayerRow, MakeOptions } from "../row.js";

const [BATCH, TIME, INPUTS, HIDDEN] = [2, 3, 2, 2];
const X = [0.5, -1.25, 2, 0.7, -0.75, 1, 1.5, -0.5, 0.25, -1, 0.4, 0.125];

/** Numbers with nothing special about them. */
const numbers = (n: number, phase: number): number[] =>
  Array.from({ length: n }, (_, i) => Math.round(800 * Math.sin(phase + 1.7 * i)) / 1000);

const arrays = (gates: number) => ({
  inputs: INPUTS,
  hidden: HIDDEN,
  weights: numbers(INPUTS * gates * HIDDEN, 0.3),
  recurrentWeights: numbers(HIDDEN * gates * HIDDEN, 1.1),
  bias: numbers(gates * HIDDEN, 2.2),
});

interface Recurrent {
  readonly name: string;
  readonly Layer: typeof DropoutRNN | typeof DropoutGRU | typeof DropoutLSTM;
  readonly gates: number;
  readonly dropout: (rate: RateOption) => RecurrentDropout;
  readonly extra?: object;
  readonly errors?: LayerRow["errors"];
  /**
   * With zoneout, "eval" mixes by the rate, so rate 0 has to be another layer: there the ends are not those of the
   * suite.
   */
  readonly hasRate: boolean;
}

function recurrentRow({ name, Layer, gates, dropout, extra, errors = [], hasRate }: Recurrent): LayerRow {
  const make = ({ rate = 0.4, ...options }: MakeOptions = {}) =>
    new Layer({ key: key(1), ...options, ...arrays(gates), ...extra, dropout: dropout({ rate }) });
  return {
    name,
    make,
    fromState: Layer.fromState,
    x: X,
    outputs: BATCH * TIME * HIDDEN,
    options: { shape: [BATCH, TIME, INPUTS] },
    emptyOptions: { shape: [0, TIME, INPUTS] },
    samples: BATCH,
    optionsFor: (samples) => ({ shape: [samples, TIME, INPUTS] }),
    evaluated: () => {
      // Without dropout the modes are one.
      if (hasRate) return make({ rate: 0 }).forward(X, { shape: [BATCH, TIME, INPUTS] });
      return make({ mode: "eval" }).forward(X, { shape: [BATCH, TIME, INPUTS] });
    },
    hasRate,
    atRateOne: () => make({ rate: 0 }).forward(new Float64Array(X.length), { shape: [BATCH, TIME, INPUTS] }),
    notInPlace: "its output has another shape than its input",
    errors,
  };
}

const wrong =
  (options: object, x: readonly number[] = X, pass: object = { shape: [BATCH, TIME, INPUTS] }) =>
  () =>
    new DropoutRNN({ ...arrays(1), ...options } as never).forward(x, pass as never);

const errors: LayerRow["errors"] = [
  [wrong({ inputs: 3 }), "DropoutRNN: weights must have 6 elements (3 x 2), got 4"],
  [wrong({ recurrentWeights: [1] }), "DropoutRNN: recurrentWeights must have 4 elements (2 x 2), got 1"],
  [wrong({ bias: [1] }), "DropoutRNN: bias must have 2 elements (one a gate and unit), got 1"],
  [wrong({ activation: "gelu" }), 'DropoutRNN: activation must be one of linear, relu, tanh, sigmoid, got "gelu"'],
  [
    wrong({ dropout: { output: { rate: 0.5 } } }),
    'DropoutRNN: dropout: unknown option "output"; it takes input, recurrent, update, cell, recurrentWeights, zoneout',
  ],
  [
    wrong({ dropout: { input: { rate: 2 } } }),
    "DropoutRNN: dropout.input: rate must be in [0, 1], got 2; pass 0.02 for 2 %",
  ],
  [
    wrong({ dropout: { input: { rate: 0.5, per: "batch" } } }),
    'DropoutRNN: dropout.input.per must be "step" or "sequence", got "batch"',
  ],
  [
    wrong({ dropout: { input: { rate: 0.5, gates: "all" } } }),
    'DropoutRNN: dropout.input.gates must be "shared" or "each", got "all"',
  ],
  [wrong({ dropout: { update: { rate: 0.5 } } }), "DropoutRNN: dropout.update has no place in this kind of cell"],
  [wrong({ dropout: { cell: { rate: 0.5 } } }), "DropoutRNN: dropout.cell has no place in this kind of cell"],
  [
    wrong({ dropout: { zoneout: { cell: 0.1 } } }),
    "DropoutRNN: dropout.zoneout.cell has no place in this kind of cell",
  ],
  [wrong({ dropout: { zoneout: { hidden: 1.5 } } }), "DropoutRNN: dropout.zoneout.hidden must be in [0, 1], got 1.5"],
  [wrong({}, X, {}), "DropoutRNN.forward: shape is missing; pass { shape: [batch, time, 2] }"],
  [wrong({}, X, { shape: [6, 2] }), "DropoutRNN.forward: shape must be [batch,time,2], got [6,2]"],
  [wrong({}, X, { shape: [2, 2, 3] }), "DropoutRNN.forward: shape must be [batch,time,2], got [2,2,3]"],
  [wrong({}, X, { shape: [1, 1, 2] }), "DropoutRNN.forward: x must have 2 elements for shape [1,1,2], got 12"],
  [
    wrong({}, X, { shape: [2, 3, 2], initial: { h: [1] } }),
    "DropoutRNN.forward: initial.h must have 4 elements (2 x 2), got 1",
  ],
  [
    wrong({}, X, { shape: [2, 3, 2], initial: { c: [1, 1, 1, 1] } }),
    "DropoutRNN.forward: initial.c goes with a cell that has one",
  ],
];

export const recurrentRows: readonly LayerRow[] = [
  recurrentRow({
    name: "DropoutRNN, tied input and recurrent masks (Gal)",
    Layer: DropoutRNN,
    gates: 1,
    dropout: (rate) => gal({ input: rate, recurrent: rate }),
    hasRate: false,
    errors,
  }),
  recurrentRow({
    name: "DropoutRNN, new input masks each step (Zaremba)",
    Layer: DropoutRNN,
    gates: 1,
    dropout: (rate) => ({ input: rate }),
    hasRate: true,
  }),
  recurrentRow({
    name: "DropoutGRU, masks for each gate, update, zoneout",
    Layer: DropoutGRU,
    gates: 3,
    dropout: (rate) => ({
      ...gal({ input: rate, recurrent: rate, gates: "each" }),
      update: rate,
      zoneout: { hidden: 0.3 },
    }),
    extra: { recurrentBias: [0.3, -0.2] },
    hasRate: false,
  }),
  recurrentRow({
    name: "DropoutLSTM, every place, classic",
    Layer: DropoutLSTM,
    gates: 4,
    dropout: (rate) => ({
      input: { ...rate, gates: "each" },
      recurrent: { ...rate, per: "sequence" },
      update: { ...rate, per: "sequence" },
      cell: rate,
      zoneout: { hidden: 0.2, cell: 0.3 },
    }),
    extra: { scaling: "classic" },
    hasRate: false,
  }),
  recurrentRow({
    name: "DropoutLSTM, new input masks for each gate",
    Layer: DropoutLSTM,
    gates: 4,
    dropout: (rate) => ({ input: { ...rate, gates: "each" } }),
    hasRate: true,
  }),
];
