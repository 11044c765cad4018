// A network of three layers, small enough to enumerate all masks of (9 bits), and what dropout makes of its output.

import { exactMeanPass, fullPass, keepProduct, meanFieldPass, type NetworkLayer } from "hadamask/theory";

const INPUT: readonly number[] = [1, 2, -1];

const WEIGHTS: readonly (readonly (readonly number[])[])[] = [
  [
    [1, -0.5, 0.25],
    [0.5, 1, -1],
    [-1, 0.5, 1],
  ],
  [
    [0.5, 1, -1],
    [1, -0.5, 0.5],
    [0.25, 1, 1],
  ],
  [[1, -1, 0.5]],
];
const KEEPS = [0.8, 0.5, 0.5];

export type HiddenActivation = "linear" | "relu" | "tanh" | "sigmoid";

/** Dropout before each layer; one bias for all hidden units. */
function threeLayers(activation: HiddenActivation, bias: number): NetworkLayer[] {
  return WEIGHTS.map((weights, l) => ({
    weights,
    keep: KEEPS[l]!,
    ...(l < 2 ? { activation, bias: weights.map(() => bias) } : {}),
  }));
}

export interface Means {
  /** Exact mean with classic scaling. */
  readonly classic: number;
  /** Product of the keeps times the output without dropout. */
  readonly product: number;
  /** Mean-field pass with classic scaling. */
  readonly meanField: number;
  /** Exact mean with inverted scaling. */
  readonly inverted: number;
  /** Output without dropout. */
  readonly full: number;
}

export function meansOf(activation: HiddenActivation, bias: number): Means {
  const net = threeLayers(activation, bias);
  const full = fullPass(INPUT, net)[0]!;
  return {
    classic: exactMeanPass(INPUT, net, "classic")[0]!,
    product: keepProduct(net) * full,
    meanField: meanFieldPass(INPUT, net, "classic")[0]!,
    inverted: exactMeanPass(INPUT, net)[0]!,
    full,
  };
}
