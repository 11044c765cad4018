// Attention with dropout: the order of softmax and mask, modes, and exact gradients of queries, keys and values.

import { Attention, AttentionDropout, key } from "hadamask";
import { checkGradient } from "hadamask/theory";
import { describe, expect, test } from "vitest";

const SHAPE = { batch: 2, heads: 2, queries: 3, keys: 4, width: 2, valueWidth: 3 };
const wave = (n: number, speed: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(speed * i + 1));
const q = wave(24, 0.7);
const k = wave(32, 1.1);
const v = wave(48, 0.3);
const loss = (output: ArrayLike<number>): number =>
  Array.from(output).reduce((sum, value, i) => sum + Math.cos(i) * value + value ** 2 / 2, 0);
const lossGradient = (output: ArrayLike<number>): Float64Array =>
  Float64Array.from(output, (value, i) => Math.cos(i) + value);
/** Query i sees keys 0 … i + 1. */
const bias = Array.from({ length: 12 }, (_, i) => (i % 4 <= Math.floor(i / 4) + 1 ? 0 : Number.NEGATIVE_INFINITY));

describe("Attention", () => {
  test.each([
    { mode: "train", pass: { step: 3 } },
    { mode: "sample", pass: { pass: 2 } },
    { mode: "eval", pass: {} },
  ] as const)("in mode $mode the gradients are those of central differences", ({ mode, pass }) => {
    const attention = new Attention({ rate: 0.4, key: key(1), mode });
    const run = (a: Float64Array, b: Float64Array, c: Float64Array) =>
      attention.forward(a, b, c, { shape: SHAPE, bias, ...pass }).output;
    const { dq, dk, dv } = (() => {
      const output = run(q, k, v);
      return attention.backward(lossGradient(output));
    })();
    expect(checkGradient((x) => loss(run(x, k, v)), q, dq).error).toBeLessThan(1e-7);
    expect(checkGradient((x) => loss(run(q, x, v)), k, dk).error).toBeLessThan(1e-7);
    expect(checkGradient((x) => loss(run(q, k, x)), v, dv).error).toBeLessThan(1e-7);
  });

  test("returns the weights before the mask: rows sum to 1 in training, hidden keys have weight 0", () => {
    const attention = new Attention({ rate: 0.5, key: key(2) });
    const { weights } = attention.forward(q, k, v, { shape: SHAPE, bias });
    for (let row = 0; row < 12; row++) {
      const sum = Array.from(weights.slice(4 * row, 4 * row + 4)).reduce((total, w) => total + w, 0);
      expect(sum).toBeCloseTo(1, 14);
      if (row % 3 === 0) expect([...weights.slice(4 * row + 2, 4 * row + 4)]).toEqual([0, 0]);
    }
    const evaluated = new Attention({ rate: 0.5, mode: "eval" }).forward(q, k, v, { shape: SHAPE, bias });
    expect(weights).toEqual(evaluated.weights);
  });

  test("drops nothing in eval: the output is plain attention, whatever the rate", () => {
    const plain = new Attention({ rate: 0 }).forward(q, k, v, { shape: SHAPE }).output;
    const attention = new Attention({ rate: 0.9, key: key(2) }).eval();
    expect(attention.forward(q, k, v, { shape: SHAPE }).output).toEqual(plain);
    expect(attention.train().mode).toBe("train");
    expect(attention.forward(q, k, v, { shape: SHAPE }).output).not.toEqual(plain);
  });

  test("decides for every sample, head, query and key by itself", () => {
    const attention = new Attention({ rate: 0.5, key: key(3) });
    const shape = { batch: 4, heads: 4, queries: 4, keys: 16, width: 1 };
    attention.forward(new Float64Array(64), new Float64Array(256), new Float64Array(256), { shape });
    const bits = attention.dropout.mask!; // 1024 decisions: 16 heads of 64
    const heads = Array.from({ length: 16 }, (_, h) => `${bits[2 * h]},${bits[2 * h + 1]}`);
    expect(new Set(heads).size).toBe(16);
  });

  test("at rate 1 gives zeros and finite gradients", () => {
    const attention = new Attention({ rate: 1 });
    const { output } = attention.forward(q, k, v, { shape: SHAPE });
    expect([...output]).toEqual(new Array(36).fill(0));
    const { dq, dk, dv } = attention.backward(output.map(() => 1));
    for (const gradient of [dq, dk, dv]) for (const value of gradient) expect(value + 0).toBe(0);
  });

  test("goes on from its state with the same masks, and takes the element type of the queries", () => {
    const attention = new Attention({ rate: 0.5, key: key(4) });
    attention.forward(q, k, v, { shape: SHAPE });
    const resumed = Attention.fromState(JSON.parse(JSON.stringify(attention.state)));
    const { output } = attention.forward(Float32Array.from(q), k, v, { shape: SHAPE });
    expect(output).toBeInstanceOf(Float32Array);
    expect(resumed.forward(Float32Array.from(q), k, v, { shape: SHAPE }).output).toEqual(output);
  });

  test("the samples of a batch draw by their ids", () => {
    const attention = new Attention({ rate: 0.5, key: key(4) });
    const both = attention.forward(q, k, v, { shape: SHAPE, sampleIds: [8, 3], step: 0 }).output;
    const one = { ...SHAPE, batch: 1 };
    const alone = attention.forward(q.slice(12), k.slice(16), v.slice(24), { shape: one, sampleIds: [3], step: 0 });
    expect(alone.output).toEqual(both.slice(18));
  });

  test("says what is wrong, and keeps its last pass", () => {
    const attention = new Attention({ rate: 0.5 });
    expect(() => attention.backward([1])).toThrowError(
      "Attention.backward: nothing to differentiate; call forward() first",
    );
    const { output } = attention.forward(q, k, v, { shape: SHAPE });
    const before = attention.backward(output);
    expect(() => attention.forward(q, k, v.slice(1), { shape: SHAPE })).toThrowError(
      "Attention.forward: v must have 48 elements (2 x 2 x 4 x 3), got 47",
    );
    expect(() => attention.forward(q, k, v, { shape: SHAPE, bias: [1, 2] })).toThrowError(
      "Attention.forward: bias must have 48 elements like the scores, or 12, got 2",
    );
    expect(() => attention.forward(q, k, v, {} as never)).toThrowError(
      "Attention.forward: shape must be an object { batch, heads, queries, keys, width }, got undefined",
    );
    expect(() => attention.forward(q, k, v, { shape: { ...SHAPE, heads: 0 } })).toThrowError(
      "Attention.forward: shape.heads must be a whole number in [1, 2^53), got 0",
    );
    expect(() => attention.backward(output.slice(1))).toThrowError(
      "Attention.backward: dOutput must have 36 elements like the output, got 35",
    );
    expect(attention.backward(output)).toEqual(before);
  });
});

describe("AttentionDropout", () => {
  test("a row whose scores are all -Infinity has weights 0, not NaN", () => {
    const layer = new AttentionDropout({ rate: 0.5, mode: "eval" });
    const hidden = Number.NEGATIVE_INFINITY;
    expect([...layer.forward([hidden, hidden, 0, 0], { shape: [2, 2] })]).toEqual([0, 0, 0.5, 0.5]);
    expect([...layer.backward([1, 2, 1, 2])]).toEqual([0, 0, -0.25, 0.25]);
  });

  test("large scores do not overflow", () => {
    const layer = new AttentionDropout({ rate: 0.5, mode: "eval" });
    expect([...layer.forward([1000, 1000, -1000, 1000], { shape: [2, 2] })]).toEqual([0.5, 0.5, 0, 1]);
  });
});
