// A recurrent network that reads a picture row by row from the top, and answers from its last state.

import { numpy as np } from "@jax-js/jax";
import { foldIn, type Key, type RecurrentDropout, split } from "hadamask";
import { dropoutGRU, dropoutLSTM, type RecurrentNoise, type RecurrentParameters } from "hadamask/jax";
import { uniforms } from "../chance.js";
import type { CellKind } from "../kinds.js";
import {
  changed,
  type DenseWeights,
  denseProduct,
  denseWeights,
  type LayerWeights,
  type Model,
  type ModelOptions,
  type Place,
  type Recurrence,
} from "./model.js";

const CELLS = {
  gru: { layer: dropoutGRU, gates: 3, hasRecurrentBias: true },
  lstm: { layer: dropoutLSTM, gates: 4, hasRecurrentBias: false },
} as const;

/** The recurrent layer of a model with this dropout. */
export const recurrentLayer = (
  { cell, inputs, hidden }: Recurrence,
  dropout: RecurrentDropout,
  key: Key,
): RecurrentNoise => CELLS[cell].layer({ inputs, hidden, dropout, key });

/** A network of one recurrent layer of `hidden[0]` units and a dense one: a step for each row of the picture. */
const recurrent =
  (cell: CellKind) =>
  ({ features, image, hidden, outputs }: ModelOptions): Model => {
    const recurrence: Recurrence = { cell, time: image!.height, inputs: image!.width, hidden: hidden[0]! };
    const state: Place = { name: "state", kind: "state", shape: [recurrence.hidden] };
    return {
      inputs: features,
      outputs,
      places: [state],
      dense: [],
      blocks: 0,
      recurrence,
      initialWeights: (key) => [
        recurrentWeights(recurrence, foldIn(key, 0)),
        denseWeights(key, 1, [recurrence.hidden, outputs]),
      ],
      forward(layers, x, pass) {
        const { time, inputs } = recurrence;
        const rows = x.reshape([-1, time, inputs]);
        const [own, head] = layers as readonly [RecurrentParameters, DenseWeights];
        const states =
          pass.hooks.recurrent?.(rows, own, pass.draws) ?? recurrentLayer(recurrence, {}, NO_DRAWS).apply(rows, own);
        return denseProduct(changed(states.slice([], time - 1, []), state, pass), head);
      },
    };
  };

/** Without dropout nothing is drawn from it. */
const NO_DRAWS: Key = [0, 0];

export const gru = recurrent("gru");
export const lstm = recurrent("lstm");

/** Uniform in ±1 / sqrt(units), as PyTorch's recurrent layers begin. */
function recurrentWeights({ cell, inputs, hidden }: Recurrence, key: Key): LayerWeights {
  const { gates, hasRecurrentBias } = CELLS[cell];
  const limit = 1 / Math.sqrt(hidden);
  const keys = split(key, 4) as [Key, Key, Key, Key];
  const matrix = (from: Key, rows: number) =>
    np.array(uniforms(from, rows * gates * hidden, limit), { shape: [rows, gates * hidden] });
  return {
    weights: matrix(keys[0], inputs),
    recurrentWeights: matrix(keys[1], hidden),
    bias: np.array(uniforms(keys[2], gates * hidden, limit)),
    ...(hasRecurrentBias && { recurrentBias: np.array(uniforms(keys[3], hidden, limit)) }),
  };
}
