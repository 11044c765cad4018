// A network with dropout at two places: jax-js differentiates it through the multipliers, and the library's layers by
// hand.

import { jit, numpy as np, valueAndGrad } from "@jax-js/jax";
import { Dropout, key } from "hadamask";
import { dropoutSites } from "hadamask/jax";
import { expect, test } from "vitest";

const [BATCH, INPUTS, HIDDEN, OUTPUTS] = [6, 7, 20, 3];
const STEP = 2;
const sites = dropoutSites({ x: { rate: 0.1, shape: [INPUTS] }, h: { rate: 0.5, shape: [HIDDEN] } }, { key: key(11) });

type Weights = { w1: np.Array; w2: np.Array };

/** Values that are not round, in (-1, 1). */
const values = (n: number, seed: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233));
const x = values(BATCH * INPUTS, 4);
const w1 = values(INPUTS * HIDDEN, 5);
const w2 = values(HIDDEN * OUTPUTS, 6);

function byEngine(): { loss: number; dw1: Float32Array; dw2: Float32Array } {
  const loss = (w: Weights, input: np.Array, m: ReturnType<typeof sites.eval>): np.Array => {
    const z = np.dot(sites.apply(input, m.x), w.w1);
    return np.square(np.dot(sites.apply(np.maximum(z, 0), m.h), w.w2)).sum();
  };
  const step = jit((w: Weights, input: np.Array, m: ReturnType<typeof sites.eval>) => valueAndGrad(loss)(w, input, m));
  const weights = { w1: np.array(w1, { shape: [INPUTS, HIDDEN] }), w2: np.array(w2, { shape: [HIDDEN, OUTPUTS] }) };
  const [value, gradient] = step(weights, np.array(x, { shape: [BATCH, INPUTS] }), sites.train(STEP, BATCH));
  return {
    loss: value.item(),
    dw1: gradient.w1.dataSync() as Float32Array,
    dw2: gradient.w2.dataSync() as Float32Array,
  };
}

function byHand(): { loss: number; dw1: Float64Array; dw2: Float64Array } {
  const input = new Dropout({ rate: 0.1, key: sites.siteKey("x") });
  const hidden = new Dropout({ rate: 0.5, key: sites.siteKey("h") });
  const a0 = input.forward(Float64Array.from(x), { step: STEP });
  const z1 = product(a0, Float64Array.from(w1), BATCH, INPUTS, HIDDEN);
  const a1 = hidden.forward(
    z1.map((z) => Math.max(z, 0)),
    { step: STEP },
  );
  const y = product(a1, Float64Array.from(w2), BATCH, HIDDEN, OUTPUTS);
  const dy = y.map((v) => 2 * v);
  const da1 = product(dy, transposed(Float64Array.from(w2), HIDDEN, OUTPUTS), BATCH, OUTPUTS, HIDDEN);
  const dz1 = hidden.backward(da1).map((g, i) => (z1[i]! > 0 ? g : 0));
  return {
    loss: y.reduce((sum, v) => sum + v * v, 0),
    dw1: product(transposed(a0, BATCH, INPUTS), dz1, INPUTS, BATCH, HIDDEN),
    dw2: product(transposed(a1, BATCH, HIDDEN), dy, HIDDEN, BATCH, OUTPUTS),
  };
}

/** The matrix product of a [n, k] and b [k, m]. */
function product(a: Float64Array, b: Float64Array, n: number, k: number, m: number): Float64Array {
  return Float64Array.from({ length: n * m }, (_, at) => {
    const [row, column] = [Math.floor(at / m), at % m];
    let sum = 0;
    for (let i = 0; i < k; i++) sum += a[row * k + i]! * b[i * m + column]!;
    return sum;
  });
}

const transposed = (a: Float64Array, rows: number, columns: number): Float64Array =>
  Float64Array.from({ length: a.length }, (_, at) => a[(at % rows) * columns + Math.floor(at / rows)]!);

/** Float32 against float64: sums of at most 20 products, two of them in a row, each rounded to 2^-24. */
const TOLERANCE = 40 * 2 ** -24;

function largestError(actual: Float32Array, expected: Float64Array): number {
  const scale = expected.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  return expected.reduce((max, v, i) => Math.max(max, Math.abs(actual[i]! - v)), 0) / scale;
}

test("gradients through jax-js are those of the library's backward, in a network with two places", () => {
  const [engine, hand] = [byEngine(), byHand()];
  expect(Math.abs(engine.loss - hand.loss) / hand.loss).toBeLessThan(TOLERANCE);
  expect(engine.dw1.length).toBe(INPUTS * HIDDEN);
  expect(engine.dw2.length).toBe(HIDDEN * OUTPUTS);
  expect(largestError(engine.dw1, hand.dw1)).toBeLessThan(TOLERANCE);
  expect(largestError(engine.dw2, hand.dw2)).toBeLessThan(TOLERANCE);
});
