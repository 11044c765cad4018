// A crowd of networks: the 16 submodels of four hidden units, their averages, and the network without dropout.

import { dropout, foldIn, key } from "hadamask";
import { submodelAverages } from "hadamask/theory";
import { short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { choiceField, numberField, type StateOf } from "../../state/fields.js";
import { remembered } from "../../state/remembered.js";
import { SmallNet } from "../../training/small-net.js";
import type { Wording } from "./words.js";

export const UNITS = 4;
export const GRID = 16;
export const EDGE = 2;

export const FIELDS = {
  rate: numberField(0.5, 0, 0.9),
  depth: choiceField("one", ["one", "two"]),
  seed: numberField(2, 0, 999_999, true),
  x: numberField(0.6, -EDGE, EDGE),
  y: numberField(0.9, -EDGE, EDGE),
};

export type State = StateOf<typeof FIELDS>;

/** Points on a ring belong to one class, those inside to the other. */
const DATA = (() => {
  const x = new Float64Array(2 * 48);
  const y = new Uint8Array(48);
  for (let i = 0; i < 48; i++) {
    const radius = i % 2 === 0 ? 0.5 : 1.5;
    x[2 * i] = radius * Math.cos(i * 0.81);
    x[2 * i + 1] = radius * Math.sin(i * 0.81);
    y[i] = i % 2;
  }
  return { x, y };
})();

/** Trained once for each seed and depth: 100 steps with dropout 0.2, so that every submodel has learned something. */
const trained = new Map<string, SmallNet>();

function netOf({ seed, depth }: Pick<State, "seed" | "depth">): SmallNet {
  const name = `${seed} ${depth}`;
  const known = trained.get(name);
  if (known !== undefined) return known;
  const net = new SmallNet({
    sizes: depth === "one" ? [2, UNITS, 2] : [2, UNITS, 6, 2],
    rate: 0.2,
    activation: "tanh",
    loss: "classes",
    learningRate: 0.12,
    key: foldIn(key(seed), 7),
  });
  for (let step = 0; step < 100; step++) net.step(DATA);
  trained.set(name, net);
  return net;
}

/** The hidden units of points, x and y in turn. */
function hiddenOf(net: SmallNet, points: ArrayLike<number>): Float64Array {
  const { W, b } = net.layers[0]!;
  return Float64Array.from({ length: (points.length / 2) * UNITS }, (_, k) => {
    const [row, o] = [Math.floor(k / UNITS), k % UNITS];
    return Math.tanh(b[o]! + points[2 * row]! * W[o]! + points[2 * row + 1]! * W[UNITS + o]!);
  });
}

/** Probabilities of the two classes from the hidden units of points: through the layers behind them. */
function probabilities(net: SmallNet, hidden: Float64Array): readonly (readonly [number, number])[] {
  let h = hidden;
  net.layers.slice(1).forEach(({ W, b }, l) => {
    const isLast = l === net.layers.length - 2;
    const [inputs, outputs] = [W.length / b.length, b.length];
    const z = new Float64Array((h.length / inputs) * outputs);
    for (let k = 0; k < z.length; k++) {
      const [row, o] = [Math.floor(k / outputs), k % outputs];
      let sum = b[o]!;
      for (let i = 0; i < inputs; i++) sum += h[row * inputs + i]! * W[i * outputs + o]!;
      z[k] = isLast ? sum : Math.tanh(sum);
    }
    h = z;
  });
  // Each from its own exponential: 1 - p would lose the digits of a small probability, which its logarithm needs.
  return Array.from({ length: h.length / 2 }, (_, row) => {
    const away = h[2 * row + 1]! - h[2 * row]!;
    return [1 / (1 + Math.exp(away)), 1 / (1 + Math.exp(-away))] as const;
  });
}

/** The mask with number `code`: bit i is unit i. */
export const maskOf = (code: number): number[] => Array.from({ length: UNITS }, (_, i) => (code >> i) & 1);
function codeOf(mask: ArrayLike<number>): number {
  let code = 0;
  for (let i = 0; i < UNITS; i++) code |= mask[i]! << i;
  return code;
}

/** Probability of the second class at each of some points. */
interface Crowd {
  readonly submodels: readonly Float64Array[];
  readonly full: Float64Array;
  readonly arithmetic: Float64Array;
  readonly geometric: Float64Array;
}

/** All submodels, the averages and the whole network at points, x and y in turn. */
function crowd(state: State, points: ArrayLike<number>): Crowd {
  const net = netOf(state);
  const { rate } = state;
  const hidden = hiddenOf(net, points);
  const each = Array.from({ length: 2 ** UNITS }, (_, code) => {
    const one = maskOf(code);
    const mask = Uint8Array.from(hidden, (_h, k) => one[k % UNITS]!); // the same for all points
    return probabilities(net, dropout(hidden, { rate, mask }));
  });
  const second = (ps: readonly (readonly [number, number])[]) => Float64Array.from(ps, ([, p]) => p);
  const averages = Array.from({ length: points.length / 2 }, (_, row) =>
    submodelAverages({ n: UNITS, rate }, (mask) => each[codeOf(mask)]![row]!),
  );
  return {
    submodels: each.map(second),
    full: second(probabilities(net, hidden)),
    arithmetic: Float64Array.from(averages, ({ arithmetic }) => arithmetic[1]!),
    geometric: Float64Array.from(averages, ({ geometric }) => geometric[1]!),
  };
}

export interface Averages {
  readonly full: number;
  readonly arithmetic: number;
  readonly geometric: number;
}

/** Probability of the second class at a point: of each submodel, of the averages, of the whole network. */
export function crowdAt(state: State, x = state.x, y = state.y): Averages & { readonly submodels: readonly number[] } {
  const { submodels, full, arithmetic, geometric } = crowd(state, [x, y]);
  return {
    submodels: submodels.map((p) => p[0]!),
    full: full[0]!,
    arithmetic: arithmetic[0]!,
    geometric: geometric[0]!,
  };
}

export interface Pictures extends Crowd {
  /** Largest distance from the whole network, over the picture. */
  readonly farthest: { readonly arithmetic: number; readonly geometric: number };
}

const GRID_POINTS = Float64Array.from({ length: 2 * GRID * GRID }, (_, k) => {
  const square = Math.floor(k / 2);
  return k % 2 === 0
    ? ((2 * (square % GRID) + 1) / GRID - 1) * EDGE
    : (1 - (2 * Math.floor(square / GRID) + 1) / GRID) * EDGE;
});

/** The same over the square [-EDGE, EDGE]^2, row by row from the top; the point of the state has no part in it. */
export const pictures = remembered(
  ({ rate, depth, seed }: State) => [rate, depth, seed],
  (state): Pictures => {
    const drawn = crowd(state, GRID_POINTS);
    const farthest = (values: Float64Array) =>
      values.reduce((most, v, i) => Math.max(most, Math.abs(v - drawn.full[i]!)), 0);
    return {
      ...drawn,
      farthest: { arithmetic: farthest(drawn.arithmetic), geometric: farthest(drawn.geometric) },
    };
  },
);

export function present(state: State, words: Wording): Presented {
  const { submodels, full, arithmetic, geometric } = crowdAt(state);
  const { farthest } = pictures(state);
  const weight = (mask: readonly number[]) =>
    mask.reduce((product, bit) => product * (bit === 1 ? 1 - state.rate : state.rate), 1);
  return {
    summary: words.summary({
      x: short(state.x, 2),
      y: short(state.y, 2),
      full: short(full),
      arithmetic: short(arithmetic),
      geometric: short(geometric),
      farArithmetic: short(farthest.arithmetic, 2),
      farGeometric: short(farthest.geometric, 2),
    }),
    table: {
      columns: words.columns,
      rows: submodels.map((p, code) => [maskOf(code).join(" "), weight(maskOf(code)), p]),
    },
  };
}
