// Recurrent layers with the numbers that PyTorch's were asked about (oracles/recurrent_torch.py).

import { DropoutGRU, DropoutLSTM, DropoutRNN, key, type RecurrentDropout } from "hadamask";
import { nearTo } from "./compare.js";

export const K = key(4);
export const numbers = (n: number, phase: number): number[] =>
  Array.from({ length: n }, (_, i) => Number((0.8 * Math.sin(phase + 1.7 * i)).toFixed(4)));

export const near = nearTo(13);

const LAYERS = { RNN: DropoutRNN, GRU: DropoutGRU, LSTM: DropoutLSTM } as const;
const GATES = { RNN: 1, GRU: 3, LSTM: 4 } as const;
export type Kind = keyof typeof LAYERS;

/** A layer of the given kind, with numbers as in oracles/recurrent_torch.py. */
export function layerOf(kind: Kind, dropout: RecurrentDropout = {}, inputs = 3, hidden = 2) {
  const width = GATES[kind] * hidden;
  return new LAYERS[kind]({
    inputs,
    hidden,
    weights: numbers(inputs * width, 0.3),
    recurrentWeights: numbers(hidden * width, 1.1),
    bias: numbers(width, 2.2),
    dropout,
    key: K,
    ...(kind === "GRU" && { recurrentBias: numbers(hidden, 0.9) }),
  });
}
