// Attention with later keys hidden, keys dropped before the softmax, and whole heads dropped.

import { Attention, AttentionDropout, keepMask, key, layerFromState, stepKey, unpackMask } from "hadamask";
import { checkGradient } from "hadamask/theory";
import { describe, expect, test } from "vitest";

const K = key(6);
const numbers = (n: number, phase: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(phase + 1.3 * i));
const softmax = (row: readonly number[]): number[] => {
  const powers = row.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => (sum === 0 ? 0 : power / sum));
};

describe("isCausal", () => {
  const shape = { batch: 1, heads: 2, queries: 3, keys: 4, width: 2 };
  const q = numbers(12, 0.1);
  const [k, v] = [numbers(16, 0.7), numbers(16, 1.9)];

  test("is the bias that hides later keys, counted from the end, forward and backward", () => {
    const bias = [0, 1, 2].flatMap((i) => [0, 1, 2, 3].map((j) => (j > i + 1 ? Number.NEGATIVE_INFINITY : 0)));
    const causal = new Attention({ rate: 0.3, key: K, isCausal: true });
    const biased = new Attention({ rate: 0.3, key: K });
    const [a, b] = [causal.forward(q, k, v, { shape }), biased.forward(q, k, v, { shape, bias })];
    expect(a).toEqual(b);
    expect(a.weights[2]).toBe(0);
    const g = numbers(12, 2.2);
    expect(causal.backward(g)).toEqual(biased.backward(g));
  });

  test("is in the state, and refused where it is neither true nor false", () => {
    const layer = new Attention({ rate: 0.3, key: K, isCausal: true });
    layer.forward(q, k, v, { shape });
    const again = Attention.fromState(JSON.parse(JSON.stringify(layer.state)));
    expect(again.isCausal).toBe(true);
    expect(again.forward(q, k, v, { shape })).toEqual(layer.forward(q, k, v, { shape }));
    expect(() => new Attention({ rate: 0.3, causal: true } as never)).toThrow(
      'Attention: unknown option "causal"; did you mean isCausal?',
    );
    expect(() => new Attention({ rate: 0.3, isCausal: 1 as never })).toThrow(
      new TypeError("Attention: isCausal must be true or false, got 1"),
    );
  });
});

describe('drops: "keys" (DropKey)', () => {
  const shape = [2, 3, 4];
  const scores = numbers(24, 0.4);

  test("is the softmax over the keys that are kept: nothing is scaled, and the rest adds up to 1", () => {
    const layer = new AttentionDropout({ rate: 0.4, drops: "keys", key: K });
    const y = layer.forward(scores, { shape });
    const bits = unpackMask(keepMask(24, { rate: 0.4, key: stepKey(K, 0) }), 24);
    for (let row = 0; row < 6; row++) {
      const kept = Array.from(scores.subarray(4 * row, 4 * row + 4), (s, j) =>
        bits[4 * row + j] === 1 ? s : Number.NEGATIVE_INFINITY,
      );
      softmax(kept).forEach((w, j) => {
        expect(y[4 * row + j]).toBeCloseTo(w, 14);
      });
    }
    expect(new Set(bits)).toEqual(new Set([0, 1]));
    const plain = new AttentionDropout({ rate: 0.4, drops: "keys", key: K, mode: "eval" }).forward(scores, { shape });
    expect(plain).toEqual(new AttentionDropout({ rate: 0, key: K }).forward(scores, { shape }));
  });

  test("has the gradient of central differences, and none at dropped keys", () => {
    const layer = new AttentionDropout({ rate: 0.4, drops: "keys", key: K });
    const g = numbers(24, 3.1);
    const loss = (x: Float64Array): number =>
      layer.forward(x, { shape, step: 0 }).reduce((sum, y, i) => sum + y * g[i]!, 0);
    loss(scores);
    const dx = layer.backward(g, { step: 0 });
    expect(checkGradient(loss, scores, dx).error).toBeLessThan(1e-7);
    layer.forward(scores, { shape, step: 0 }).forEach((w, i) => {
      if (w === 0) expect(Math.abs(dx[i]!)).toBe(0);
    });
  });

  test("needs no scaling, and says so", () => {
    expect(() => new AttentionDropout({ rate: 0.4, drops: "keys", scaling: "classic" })).toThrow(
      'AttentionDropout: scaling goes with drops "weights" or "heads"; dropped keys need none',
    );
    expect(() => new AttentionDropout({ rate: 0.4, drops: "rows" as never })).toThrow(
      'AttentionDropout: drops must be "weights", "keys" or "heads", got "rows"',
    );
  });
});

describe('drops: "heads" (DropHead)', () => {
  const shape = { batch: 4, heads: 3, queries: 2, keys: 5, width: 2 };
  const [q, k, v] = [numbers(48, 0.1), numbers(120, 0.7), numbers(120, 1.9)];

  test("keeps or drops the output of a head as a whole, divided by keep", () => {
    const all = new Attention({ rate: 0.5, key: K, mode: "eval" }).forward(q, k, v, { shape }).output;
    const layer = new Attention({ rate: 0.5, drops: "heads", key: K });
    const { output } = layer.forward(q, k, v, { shape });
    const bits = unpackMask(keepMask(12, { rate: 0.5, key: stepKey(K, 0) }), 12);
    output.forEach((value, i) => {
      expect(value).toBeCloseTo(bits[Math.floor(i / 4)] === 1 ? 2 * all[i]! : 0, 13);
    });
    expect(new Set(bits)).toEqual(new Set([0, 1]));
    const { dq } = layer.backward(output.map(() => 1));
    for (let head = 0; head < 12; head++) {
      const isZero = dq.subarray(4 * head, 4 * head + 4).every((value) => value === 0);
      expect(isZero).toBe(bits[head] === 0);
    }
  });

  test("is in the state, and wants heads in its shape", () => {
    const layer = new AttentionDropout({ rate: 0.5, drops: "heads", key: K });
    expect((layerFromState(JSON.parse(JSON.stringify(layer))) as AttentionDropout).drops).toBe("heads");
    expect(() => layer.forward([1, 2], { shape: [1, 2] })).toThrow(
      "AttentionDropout.forward: shape must be […,heads,queries,keys], got [1,2]",
    );
  });
});
