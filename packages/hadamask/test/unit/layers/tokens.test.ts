// Token dropout: how many tokens stay, that all choices are equally likely, and what happens at the ends.

import { key, TokenDropout } from "hadamask";
import { describe, expect, test } from "vitest";
import { choosePlaces } from "../../../src/placement/choice.js";
import { noiseWord } from "../../../src/random/draw.js";
import { FALSE_ALARM, normalBound } from "../../support/bounds.js";

describe("TokenDropout", () => {
  test.each([
    { rate: 0.5, tokens: 7, left: 4 },
    { rate: 0.9, tokens: 100, left: 10 },
    { rate: 0.7, tokens: 10, left: 3 },
    { rate: 0.99, tokens: 10, left: 1 },
    { rate: 0, tokens: 10, left: 10 },
    { rate: 1, tokens: 10, left: 0 },
  ])("keeps $left of $tokens tokens at rate $rate", ({ rate, tokens, left }) => {
    const layer = new TokenDropout({ rate });
    expect(layer.tokensLeft(tokens)).toBe(left);
    const y = layer.forward(
      Float64Array.from({ length: 2 * tokens }, (_, i) => i + 1),
      { shape: [1, tokens, 2] },
    );
    expect(y).toHaveLength(2 * left);
    expect(layer.indices).toHaveLength(left);
  });

  test("at rate 1 leaves the prefix and sends no gradient to the rest", () => {
    const layer = new TokenDropout({ rate: 1, prefix: 2 });
    expect([...layer.forward([1, 2, 3, 4], { shape: [1, 4, 1] })]).toEqual([1, 2]);
    expect([...layer.backward([5, 6])]).toEqual([5, 6, 0, 0]);
  });

  test("keeps tokens in their order, whole, and tells which", () => {
    const layer = new TokenDropout({ rate: 0.5, prefix: 1, key: key(3) });
    const x = Float64Array.from({ length: 2 * 9 * 3 }, (_, i) => i);
    const y = layer.forward(x, { shape: [2, 9, 3] });
    const indices = [...layer.indices!];
    expect(indices).toHaveLength(10);
    for (const sequence of [0, 1]) {
      const kept = indices.slice(sequence * 5, sequence * 5 + 5);
      expect(kept[0]).toBe(0);
      expect(kept).toEqual([...kept].sort((a, b) => a - b));
      kept.forEach((token, at) => {
        const start = (sequence * 9 + token) * 3;
        expect(y.slice((sequence * 5 + at) * 3, (sequence * 5 + at + 1) * 3)).toEqual(x.slice(start, start + 3));
      });
    }
  });

  test("copies NaN and infinities of tokens that stay, and forgets those of tokens that go", () => {
    const layer = new TokenDropout({ rate: 0.5 });
    const y = layer.forward([Number.NaN, 1, Number.POSITIVE_INFINITY, 2], { shape: [1, 4, 1], mask: [0, 1, 0, 1] });
    expect([...y]).toEqual([1, 2]);
    expect([...layer.backward([Number.NaN, 3])]).toEqual([0, Number.NaN, 0, 3]);
  });

  test("chooses the places with the smallest noise words", () => {
    const bits = new Uint32Array(1);
    choosePlaces(bits, 0, 8, 3, key(9));
    const words = Array.from({ length: 8 }, (_, i) => noiseWord(key(9), i));
    const smallest = [...words].sort((a, b) => a - b).slice(0, 3);
    words.forEach((word, i) => {
      expect((bits[0]! >>> i) & 1).toBe(Number(smallest.includes(word)));
    });
  });

  test("makes every choice of 2 of 5 tokens equally often", () => {
    const layer = new TokenDropout({ rate: 0.6, key: key(2) });
    const counts = new Map<string, number>();
    const n = 20_000;
    layer.forward(new Float32Array(5 * n), { shape: [n, 5, 1] });
    const indices = layer.indices!;
    for (let s = 0; s < n; s++) {
      const choice = `${indices[2 * s]},${indices[2 * s + 1]}`;
      counts.set(choice, (counts.get(choice) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    const bound = normalBound(FALSE_ALARM / 10) * Math.sqrt(n * 0.1 * 0.9);
    for (const count of counts.values()) expect(Math.abs(count - n / 10)).toBeLessThan(bound);
  });

  test("refuses an output that overlaps the input", () => {
    const x = new Float64Array(4);
    expect(() => new TokenDropout({ rate: 0.5 }).forward(x, { shape: [1, 4, 1], out: x.subarray(0, 2) })).toThrowError(
      "TokenDropout.forward: out must not overlap the input, which has another length",
    );
  });
});
