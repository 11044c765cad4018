import fc from "fast-check";
import { key, normal } from "hadamask";
import { describe, expect, test } from "vitest";
import { noiseWord } from "../../../src/random/draw.js";
import { normalOfWord } from "../../../src/random/normal.js";

const bad = (value: unknown): never => value as never;
const root = key(7);
const MINUS = 2 ** 31;

describe("normalOfWord", () => {
  test("is odd in the top bit, exactly, and never 0", () => {
    fc.assert(
      fc.property(fc.nat(MINUS - 1), (k) => {
        const z = normalOfWord(k);
        expect(z).toBeGreaterThan(0);
        expect(normalOfWord(k + MINUS)).toBe(-z);
      }),
    );
  });

  test.each([
    ["the end", 0],
    ["the join", 2 ** 25 - 50_000],
    ["the quartile", 2 ** 30 - 50_000],
    ["one standard deviation", Math.round(0.3173105078629141 * 2 ** 31) - 50_000],
    ["the middle", 2 ** 31 - 100_000],
  ])("falls strictly from word to word at %s", (_, first) => {
    let steps = 0;
    for (let k = first, z = normalOfWord(k); k < first + 99_999; k++) {
      const next = normalOfWord(k + 1);
      if (next < z) steps++;
      z = next;
    }
    expect(steps).toBe(99_999);
  });

  test("falls from any word to any larger one", () => {
    fc.assert(
      fc.property(fc.nat(MINUS - 1), fc.nat(MINUS - 1), (a, b) => {
        if (a !== b) expect(Math.sign(normalOfWord(a) - normalOfWord(b))).toBe(Math.sign(b - a));
      }),
    );
  });

  test("has the extremes that the docs state", () => {
    expect(normalOfWord(0)).toBeCloseTo(6.338, 4);
    expect(normalOfWord(MINUS - 1)).toBeCloseTo(Math.sqrt(Math.PI / 2) * 2 ** -32, 20);
  });

  test.each([
    [0.5, 0.674489750196],
    [0.05, 1.95996398454],
    [0.01, 2.575829303549],
    [0.001, 3.290526731492],
  ])("is at the two-sided quantile of the tables for %d", (v, z) => {
    // The nearest word is within 2^-32 of v, and z changes by 1 / (2 density) < 300 times that.
    expect(Math.abs(normalOfWord(Math.round(v * 2 ** 31)) - z)).toBeLessThan(300 * 2 ** -31);
  });
});

describe("normal", () => {
  const sizes = [0, 1, 2, 3, 1023, 1024, 1025, 2049];
  const offsets = [0, 1, 1023, 2 ** 33 - 5, 2 ** 53 - 4096];

  test.each(sizes)("gives the normals of the noise words for each of %d elements, from any offset on", (n) => {
    for (const offset of offsets) {
      const expected = Array.from({ length: n }, (_, j) => normalOfWord(noiseWord(root, offset + j)));
      expect([...normal(n, { key: root, offset })]).toEqual(expected);
    }
  });

  test("rounds once to float32 where out is one", () => {
    const out = normal(3000, { key: root, offset: 5, out: new Float32Array(3000) });
    expect(out).toBeInstanceOf(Float32Array);
    expect([...out]).toEqual(Array.from(normal(3000, { key: root, offset: 5 }), Math.fround));
  });

  test.each([Float32Array, Float64Array])(
    "writes into out, returns it, and leaves its neighbours alone: %o",
    (Type) => {
      const whole = new Type(7).fill(9);
      const out = whole.subarray(1, 6);
      expect(normal(5, { key: root, out })).toBe(out);
      expect([...whole]).toEqual([9, ...Type.from(normal(5, { key: root })), 9]);
    },
  );

  test.each<[string, () => unknown, Error]>([
    [
      "n above the largest",
      () => normal(2 ** 32, { key: root }),
      new RangeError("normal: n must be a whole number in [0, 4294967296), got 4294967296"),
    ],
    ["n as bigint", () => normal(bad(3n), { key: root }), new TypeError("normal: n must be a whole number, got 3n")],
    [
      "no options",
      () => normal(3, bad(undefined)),
      new TypeError("normal: options must be an object, got undefined; it takes key, offset, out"),
    ],
    [
      "half a key",
      () => normal(3, { key: bad([1]) }),
      new TypeError("normal: key must be a key of two 32-bit words, got an array of 1; make one with key(seed)"),
    ],
    [
      "offset NaN",
      () => normal(3, { key: root, offset: Number.NaN }),
      new RangeError("normal: offset must be a whole number in [0, 2^53), got NaN"),
    ],
    [
      "offset too large",
      () => normal(3, { key: root, offset: 2 ** 53 - 2 }),
      new RangeError("normal: offset must be at most 2^53 - 3 for 3 elements, got 9007199254740990"),
    ],
    [
      "out of integers",
      () => normal(3, { key: root, out: bad(new Int32Array(3)) }),
      new TypeError("normal: out must be a Float32Array or a Float64Array, got Int32Array of 3"),
    ],
    [
      "out too short",
      () => normal(3, { key: root, out: new Float32Array(2) }),
      new RangeError("normal: out must have 3 elements as asked for, got 2"),
    ],
  ])("refuses %s", (_, call, error) => expect(call).toThrow(error));
});
