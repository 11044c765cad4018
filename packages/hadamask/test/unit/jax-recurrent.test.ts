// Recurrent layers in jitted functions against the library's own, with masks at every place of the literature.

import { jit, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import {
  DropoutGRU,
  DropoutLSTM,
  DropoutRNN,
  gal,
  key,
  moon,
  type RecurrentDropout,
  SpatialDropout,
  semeniuta,
  weightDrop,
  zaremba,
  zoneout,
} from "hadamask";
import { dropoutGRU, dropoutLSTM, dropoutRNN, dropoutSites, type RecurrentDraws } from "hadamask/jax";
import { beforeAll, describe, expect, test } from "vitest";
import { liveBuffers } from "./jax-buffers.js";

let live: () => number;
beforeAll(async () => {
  live = await liveBuffers();
});

const [BATCH, TIME, INPUTS, HIDDEN, NUMBER] = [3, 3, 2, 3, 5];
const KEY = key(8);
const values = (n: number, seed: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233));
const flat = (array: np.Array): Float32Array => array.dataSync() as Float32Array;

/**
 * Float32 against float64 through three steps; jax-js's exp has a relative error of 1.3e-6, its tanh an absolute one
 * of 1e-7.
 */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs), 1e-3);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(2e-5 * scale);
}

const rates = { input: { rate: 0.3 }, recurrent: { rate: 0.5 } };
const CELLS = {
  RNN: { Layer: DropoutRNN, make: dropoutRNN, gates: 1 },
  GRU: { Layer: DropoutGRU, make: dropoutGRU, gates: 3 },
  LSTM: { Layer: DropoutLSTM, make: dropoutLSTM, gates: 4 },
} as const;
type CellName = keyof typeof CELLS;

const all: readonly CellName[] = ["RNN", "GRU", "LSTM"];
const cases: readonly (readonly [string, RecurrentDropout, readonly CellName[]])[] = [
  ["nothing", {}, all],
  ["zaremba", zaremba({ rate: 0.4 }), all],
  ["gal", gal(rates), all],
  ["gal, a mask a gate", gal({ ...rates, gates: "each" }), ["GRU", "LSTM"]],
  ["semeniuta", semeniuta({ rate: 0.4 }), ["GRU", "LSTM"]],
  ["moon", moon({ rate: 0.4 }), ["LSTM"]],
  ["zoneout", zoneout({ hidden: 0.4 }), all],
  ["zoneout of both states", zoneout({ hidden: 0.2, cell: 0.5 }), ["LSTM"]],
  ["weight drop", weightDrop({ rate: 0.4 }), ["RNN", "GRU", "LSTM"]],
];
const table = cases.flatMap(([name, dropout, cells]) => cells.map((cell) => [name, cell, dropout] as const));

type Numbers = Record<string, Float32Array>;

function numbersFor(cell: CellName): Numbers {
  const width = CELLS[cell].gates * HIDDEN;
  return {
    weights: values(INPUTS * width, 2),
    recurrentWeights: values(HIDDEN * width, 3),
    bias: values(width, 4),
    ...(cell === "GRU" && { recurrentBias: values(HIDDEN, 5) }),
  };
}

function arraysOf(numbers: Numbers): { weights: np.Array; recurrentWeights: np.Array; bias: np.Array } {
  const rows: Record<string, number> = { weights: INPUTS, recurrentWeights: HIDDEN };
  return Object.fromEntries(
    Object.entries(numbers).map(([name, array]) => {
      const n = rows[name];
      return [name, np.array(array, n === undefined ? {} : { shape: [n, array.length / n] })];
    }),
  ) as never;
}

type Point = { x: np.Array; parameters: ReturnType<typeof arraysOf> };

describe.each(table)("%s in %s", (_name, cell, dropout) => {
  const { Layer, make } = CELLS[cell];
  const noise = make({ inputs: INPUTS, hidden: HIDDEN, dropout, key: KEY });
  const numbers = numbersFor(cell);
  const x = values(BATCH * TIME * INPUTS, 6);
  const dy = values(BATCH * TIME * HIDDEN, 7);
  const point = (): Point => ({ x: np.array(x, { shape: [BATCH, TIME, INPUTS] }), parameters: arraysOf(numbers) });
  const forward = jit(({ x: input, parameters }: Point, pass: { draws?: RecurrentDraws }) =>
    noise.apply(input, parameters, pass.draws),
  );
  const gradient = jit((p: Point, g: np.Array, pass: { draws?: RecurrentDraws }) =>
    valueAndGrad((at: Point) => noise.apply(at.x, at.parameters, pass.draws).mul(g).sum())(p),
  );

  test.each(["train", "sample", "eval"] as const)("has the states and gradients of the layer in mode %s", (mode) => {
    const pass = (): { draws?: RecurrentDraws } => (mode === "eval" ? {} : { draws: noise[mode](NUMBER, BATCH, TIME) });
    const options = { inputs: INPUTS, hidden: HIDDEN, dropout, key: KEY, mode } as const;
    const doubles = Object.fromEntries(
      Object.entries(numbers).map(([name, array]) => [name, Float64Array.from(array)]),
    );
    const layer = new Layer({ ...options, ...doubles } as never);
    const number = mode === "train" ? { step: NUMBER } : mode === "sample" ? { pass: NUMBER } : {};
    const h = layer.forward(Float64Array.from(x), { shape: [BATCH, TIME, INPUTS], ...number });
    expectClose(flat(forward(point(), pass())), h);
    const g = np.array(dy, { shape: [BATCH, TIME, HIDDEN] });
    const [value, found] = gradient(point(), g, pass()) as unknown as [np.Array, Point];
    value.dispose();
    expectClose(flat(found.x), layer.backward(Float64Array.from(dy)));
    for (const [name, expected] of Object.entries(layer.gradients)) {
      expectClose(flat((found.parameters as Record<string, np.Array>)[name]!), expected as Float64Array);
    }
  });

  test("leaves no array behind", () => {
    const work = (step: number): void => {
      flat(forward(point(), { draws: noise.train(step, BATCH, TIME) }));
      const g = np.array(dy, { shape: [BATCH, TIME, HIDDEN] });
      tree.dispose(gradient(point(), g, { draws: noise.train(step, BATCH, TIME) }) as never);
      const alone = point();
      flat(noise.apply(alone.x, alone.parameters, noise.train(step, BATCH, TIME))); // outside of jit
    };
    work(0);
    const before = live();
    work(1);
    expect(live()).toBe(before);
  });
});

test("a NaN that a recurrent mask drops does not spread", () => {
  const dropout = gal({ input: { rate: 1 }, recurrent: { rate: 0 } });
  const noise = dropoutGRU({ inputs: INPUTS, hidden: HIDDEN, dropout, key: KEY });
  const x = np.full([BATCH, TIME, INPUTS], Number.NaN);
  const h = flat(noise.apply(x, arraysOf(numbersFor("GRU")), noise.train(0, BATCH, TIME)));
  expect(h.every(Number.isFinite)).toBe(true);
});

test("channel dropout of dropoutSites is SpatialDropout, channels last and first", () => {
  for (const [shape, site, sharedAxes] of [
    [
      [2, 3, 3, 4],
      [1, 1, 4],
      [1, 2],
    ],
    [
      [2, 4, 3, 3],
      [4, 1, 1],
      [2, 3],
    ],
  ] as const) {
    const sites = dropoutSites({ c: { rate: 0.5, shape: site } }, { key: KEY });
    const layer = new SpatialDropout({ rate: 0.5, sharedAxes, key: sites.siteKey("c") });
    const x = values(72, 3);
    const y = sites.apply(np.array(x, { shape: [...shape] }), sites.train(2, 2).c);
    expect(flat(y)).toEqual(layer.forward(x, { shape, step: 2 }));
  }
});

test.each([
  [() => dropoutGRU({ inputs: 0, hidden: 1, dropout: {}, key: KEY }), "dropoutGRU: inputs must be"],
  [() => dropoutGRU({ inputs: 1, hidden: 1, dropout: moon({ rate: 0.5 }), key: KEY }), "dropoutGRU: dropout.cell"],
  [
    () => dropoutRNN({ inputs: 1, hidden: 1, dropout: {}, key: KEY }).train(0, 1, 0),
    "train: time must be a whole number in [1, 2^53), got 0",
  ],
])("refuses wrong options, %#", (make, message) => {
  expect(make).toThrow(message);
});
