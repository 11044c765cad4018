import { readFileSync } from "node:fs";
import { grad, jit, numpy as np, random } from "@jax-js/jax";
import { dropout } from "hadamask/jax";
import { describe, expect, test } from "vitest";

interface Vectors {
  readonly cases: readonly { seed: number; rate: number; shape: number[]; mask: string }[];
}
const vectors = JSON.parse(
  readFileSync(new URL("../vectors/equinox-dropout.json", import.meta.url), "utf8"),
) as Vectors;

const flat = (array: np.Array): number[] => Array.from(array.dataSync() as Float32Array);

/** Bit i mod 8 of byte i div 8, bytes in hex. */
const bitsOf = (hex: string, n: number): number[] =>
  Array.from({ length: n }, (_, i) => (Number.parseInt(hex.slice((i >> 3) * 2, (i >> 3) * 2 + 2), 16) >> (i & 7)) & 1);

describe("dropout with a jax-js key", () => {
  test("keeps what Equinox's dropout keeps under the same key", () => {
    expect(vectors.cases.length).toBe(12);
    for (const { seed, rate, shape, mask } of vectors.cases) {
      const n = shape.reduce((product, size) => product * size, 1);
      const y = jit((x: np.Array, k: np.Array) => dropout(x, k, { rate }))(np.ones(shape), random.key(seed));
      const kept = flat(y).map((value) => (value === 0 ? 0 : 1));
      expect(kept).toEqual(bitsOf(mask, n));
    }
  });

  test("divides what it keeps by the probability of keeping", () => {
    const y = flat(dropout(np.full([1000], 3), random.key(1), { rate: 0.25 }));
    expect(new Set(y)).toEqual(new Set([0, 4]));
  });

  test("takes a key that is traced: a new key gives a new mask without compiling again", () => {
    let compilations = 0;
    const f = jit((x: np.Array, k: np.Array) => {
      compilations++;
      return dropout(x, k, { rate: 0.5 });
    });
    const [a, b, again] = [1, 2, 1].map((seed) => flat(f(np.ones([64]), random.key(seed))));
    expect(a).toEqual(again);
    expect(a).not.toEqual(b);
    expect(compilations).toBe(1);
  });

  test("returns x at rate 0 and zeros at rate 1, even of NaN, with finite gradients", () => {
    const x = [1, Number.NaN, Number.POSITIVE_INFINITY, -2];
    expect(flat(dropout(np.array(x), random.key(0), { rate: 0 }))).toEqual(x);
    expect(flat(dropout(np.array(x), random.key(0), { rate: 1 }))).toEqual([0, 0, 0, 0]);
    for (const [rate, expected] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const df = jit(grad((v: np.Array, k: np.Array) => dropout(v, k, { rate }).sum()));
      expect(flat(df(np.array(x), random.key(0)))).toEqual([expected, expected, expected, expected]);
    }
  });

  test("drops NaN and infinities, and their gradient is 0 or 1 / keep", () => {
    const x = np.array(Array.from({ length: 64 }, (_, i) => [Number.NaN, Number.POSITIVE_INFINITY][i % 2]!));
    const y = flat(dropout(x.ref, random.key(3), { rate: 0.5 }));
    const dx = flat(jit(grad((v: np.Array, k: np.Array) => dropout(v, k, { rate: 0.5 }).sum()))(x, random.key(3)));
    expect(y.filter((value) => value === 0).length).toBeGreaterThan(0);
    expect(dx).toEqual(y.map((value) => (value === 0 ? 0 : 2)));
  });

  test("refuses a rate that is none", () => {
    expect(() => dropout(np.ones([1]), random.key(0), { rate: 50 })).toThrow(
      new RangeError("dropout: rate must be in [0, 1], got 50; pass 0.5 for 50 %"),
    );
  });
});
