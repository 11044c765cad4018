// A crowd of networks: the 16 submodels of four hidden units, their averages, and the network without dropout.

import { dropout, foldIn, key } from "hadamask";
import { submodelAverages } from "hadamask/theory";
import { short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { choiceField, numberField, type StateOf } from "../../state/fields.js";
import { SmallNet } from "../../training/small-net.js";
import type { Wording } from "./words.js";

export const UNITS = 4;
export const GRID = 18;
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

/** Trained once for each seed and depth: 300 steps with dropout 0.2, so that every submodel has learned something. */
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
    learningRate: 0.03,
    key: foldIn(key(seed), 7),
  });
  for (let step = 0; step < 300; step++) net.step(DATA);
  trained.set(name, net);
  return net;
}

/** Probability of the two classes from the four hidden units: through the layers behind them. */
function probabilities(net: SmallNet, hidden: ArrayLike<number>): [number, number] {
  let h = Float64Array.from(hidden);
  net.layers.slice(1).forEach(({ W, b }, l) => {
    const isLast = l === net.layers.length - 2;
    const z = Float64Array.from(b, (bias, o) => h.reduce((sum, v, i) => sum + v * W[i * b.length + o]!, bias));
    h = isLast ? z : z.map(Math.tanh);
  });
  const away = h[1]! - h[0]!;
  // Each from its own exponential: 1 - p would lose the digits of a small probability, which its logarithm needs.
  return [1 / (1 + Math.exp(away)), 1 / (1 + Math.exp(-away))];
}

/** The hidden units of a point. */
function hiddenOf(net: SmallNet, x: number, y: number): Float64Array {
  const { W, b } = net.layers[0]!;
  return Float64Array.from(b, (bias, o) => Math.tanh(bias + x * W[o]! + y * W[UNITS + o]!));
}

/** The mask with number `code`: bit i is unit i. */
export const maskOf = (code: number): number[] => Array.from({ length: UNITS }, (_, i) => (code >> i) & 1);

export interface Averages {
  readonly full: number;
  readonly arithmetic: number;
  readonly geometric: number;
}

/** Probability of the second class at a point: of each submodel, of the averages, of the whole network. */
export function crowdAt(state: State, x = state.x, y = state.y): Averages & { readonly submodels: readonly number[] } {
  const net = netOf(state);
  const { rate } = state;
  const hidden = hiddenOf(net, x, y);
  const each = Array.from({ length: 2 ** UNITS }, (_, code) =>
    probabilities(net, dropout(hidden, { rate, mask: maskOf(code) })),
  );
  const codeOf = (mask: ArrayLike<number>) => Array.from(mask).reduce((code, bit, i) => code + bit * 2 ** i, 0);
  const { arithmetic, geometric } = submodelAverages({ n: UNITS, rate }, (mask) => each[codeOf(mask)]!);
  return {
    submodels: each.map(([, p]) => p),
    full: probabilities(net, hidden)[1],
    arithmetic: arithmetic[1]!,
    geometric: geometric[1]!,
  };
}

export interface Pictures {
  readonly submodels: readonly Float64Array[];
  readonly full: Float64Array;
  readonly arithmetic: Float64Array;
  readonly geometric: Float64Array;
  /** Largest distance from the whole network, over the picture. */
  readonly farthest: { readonly arithmetic: number; readonly geometric: number };
}

let last: { readonly name: string; readonly drawn: Pictures } | undefined;

/** The same over the square [-EDGE, EDGE]^2, row by row from the top; the point of the state has no part in it. */
export function pictures(state: State): Pictures {
  const name = `${state.rate} ${state.depth} ${state.seed}`;
  if (last?.name !== name) last = { name, drawn: draw(state) };
  return last.drawn;
}

function draw(state: State): Pictures {
  const size = GRID * GRID;
  const empty = () => new Float64Array(size);
  const submodels = Array.from({ length: 2 ** UNITS }, empty);
  const [full, arithmetic, geometric] = [empty(), empty(), empty()];
  for (let i = 0; i < size; i++) {
    const x = ((2 * (i % GRID) + 1) / GRID - 1) * EDGE;
    const y = (1 - (2 * Math.floor(i / GRID) + 1) / GRID) * EDGE;
    const at = crowdAt(state, x, y);
    at.submodels.forEach((p, code) => {
      submodels[code]![i] = p;
    });
    full[i] = at.full;
    arithmetic[i] = at.arithmetic;
    geometric[i] = at.geometric;
  }
  const farthest = (values: Float64Array) => values.reduce((most, v, i) => Math.max(most, Math.abs(v - full[i]!)), 0);
  return {
    submodels,
    full,
    arithmetic,
    geometric,
    farthest: { arithmetic: farthest(arithmetic), geometric: farthest(geometric) },
  };
}

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
