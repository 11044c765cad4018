// One pass of ten numbers through dropout and back: what the figure shows, computed by the library.

import { keepMask, key, passKey, unpackMask } from "hadamask";
import { torchCpu } from "hadamask/streams";
import { type Formula, formulaOf } from "../../../../cli/src/explain/formula.js";
import { gradientWithout, type Pass, type PassRequest, runPass } from "../../../../cli/src/explain/pass.js";
import { short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { choiceField, type Field, listField, numberField, type StateOf } from "../../state/fields.js";
import type { Wording } from "./words.js";

export const UNITS = 10;
/** Inputs lie in [-LARGEST, LARGEST]. */
export const LARGEST = 3;

/** The units whose decision was turned round by hand: their numbers. */
const flipsField: Field<readonly number[]> = {
  start: [],
  print: (units) => [...units].sort((a, b) => a - b).join(""),
  parse: (text) => (/^\d*$/.test(text) ? [...new Set(text)].map(Number) : undefined),
};

export const FIELDS = {
  x: listField([1.5, -0.5, 2, 0.8, -1.2, 2.6, -2.1, 1.1, 0.4, -1.7], -LARGEST, LARGEST),
  rate: numberField(0.5, 0, 1),
  seed: numberField(4, 0, 999_999, true),
  scaling: choiceField("inverted", ["inverted", "classic"]),
  mode: choiceField("train", ["train", "eval", "sample"]),
  pass: numberField(0, 0, 99, true),
  loss: choiceField("sum-of-squares", ["sum", "sum-of-squares"]),
  stream: choiceField("hadamask", ["hadamask", "torch"]),
  flips: flipsField,
  unit: numberField(0, 0, UNITS - 1, true),
};

export type State = StateOf<typeof FIELDS>;

export interface OnePass extends Pass {
  /** The gradient that the same loss sends back without dropout. */
  readonly dxWithout: readonly number[];
  readonly kept: number;
  /** Mean over the units of y / x: 1 on average over masks, for inverted scaling. */
  readonly sums: { readonly x: number; readonly y: number };
}

/** The decisions that are drawn, before any is turned round by hand. */
export function drawnMask({ rate, seed, mode, pass, stream }: State): readonly number[] {
  if (stream === "torch") {
    const torch = torchCpu(seed);
    // Each pass of a layer goes on where the last one stopped.
    for (let p = 0; mode === "sample" && p < pass; p++) torch.keepMask(UNITS, { rate });
    return [...unpackMask(torch.keepMask(UNITS, { rate }), UNITS)];
  }
  const drawn = mode === "sample" ? passKey(key(seed), pass) : key(seed);
  return [...unpackMask(keepMask(UNITS, { rate, key: drawn }), UNITS)];
}

function requestOf(state: State): PassRequest {
  const { x, rate, seed, mode, scaling, loss, flips } = state;
  // At rate 1 nothing can be kept: there is no 1 / keep.
  const mask = drawnMask(state).map((bit, i) => (flips.includes(i) && rate < 1 ? 1 - bit : bit));
  return { x, rate: { rate }, mask, key: key(seed), mode, scaling, upstream: { loss } };
}

export function onePass(state: State): OnePass {
  const request = requestOf(state);
  const pass = runPass(request);
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  return {
    ...pass,
    dxWithout: gradientWithout(request),
    kept: pass.mask === null ? UNITS : total(pass.mask),
    sums: { x: total(pass.x), y: total(pass.y) },
  };
}

/** The walk of one unit: each line a quantity, the formula, the numbers in it, the result. */
export interface WalkLine {
  readonly name: string;
  readonly parts: readonly string[];
}

export function walk(pass: Pass, unit: number): readonly WalkLine[] {
  const formula: Formula = formulaOf(pass);
  const bit = pass.mask?.[unit] ?? 1;
  const [x, y, dy, dx] = [pass.x[unit]!, pass.y[unit]!, pass.dy[unit]!, pass.dx[unit]!];
  const line = (name: string, symbol: string, value: number, result: number): WalkLine => {
    const parts = [formula.symbols(symbol, "m"), formula.numbers(short(value, 6), bit), short(result, 6)];
    return { name, parts: [...new Set(parts)] };
  };
  return [
    { name: "x", parts: [short(x, 6)] },
    ...(pass.mask === null ? [] : [{ name: "m", parts: [String(bit)] }]),
    line("y", "x", x, y),
    { name: "∂L/∂y", parts: [short(dy, 6)] },
    line("∂L/∂x", "∂L/∂y", dy, dx),
  ];
}

/** What the figure says in words and in its table. */
export function present(state: State, words: Wording): Presented {
  const { x, mask, y, dy, dx, kept, rate, scale, loss } = onePass(state);
  const factor = scale === null ? "–" : short(scale);
  return {
    summary:
      mask === null
        ? words.summaryEval(factor, short(loss!))
        : words.summary(kept, UNITS, short(rate), factor, short(loss!)),
    table: {
      columns: words.columns,
      rows: x.map((value, i) => [i, value, mask === null ? "–" : mask[i]!, y[i]!, dy[i]!, dx[i]!]),
    },
  };
}
