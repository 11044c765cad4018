import { key, uniform } from "hadamask";
import { describe, expect, test } from "vitest";
import { noiseWord } from "../../../src/random/draw.js";

const bad = (value: unknown): never => value as never;
const k = key(7);

describe("uniform", () => {
  const sizes = [0, 1, 2, 3, 1023, 1024, 1025, 2049];
  const offsets = [0, 1, 1023, 2 ** 33 - 5, 2 ** 53 - 4096];

  test.each(sizes)("gives (word + 0.5) / 2^32 for each of %d elements, from any offset on", (n) => {
    for (const offset of offsets) {
      const expected = Array.from({ length: n }, (_, j) => (noiseWord(k, offset + j) + 0.5) / 2 ** 32);
      expect([...uniform(n, { key: k, offset })]).toEqual(expected);
    }
  });

  test("starts at element 0 unless told otherwise", () => {
    expect(uniform(9, { key: k })).toEqual(uniform(9, { key: k, offset: 0 }));
  });

  test("writes into out, returns it, and leaves its neighbours alone", () => {
    const whole = new Float64Array(7).fill(9);
    const out = whole.subarray(1, 6);
    expect(uniform(5, { key: k, out })).toBe(out);
    expect([...whole]).toEqual([9, ...uniform(5, { key: k }), 9]);
  });

  test.each<[string, () => unknown, Error]>([
    [
      "n below 0",
      () => uniform(-1, { key: k }),
      new RangeError("uniform: n must be a whole number in [0, 4294967296), got -1"),
    ],
    ["n as text", () => uniform(bad("3"), { key: k }), new TypeError('uniform: n must be a whole number, got "3"')],
    [
      "no options",
      () => uniform(3, bad(undefined)),
      new TypeError("uniform: options must be an object, got undefined; it takes key, offset, out"),
    ],
    [
      "a seed for a key",
      () => uniform(3, { key: bad(42) }),
      new TypeError("uniform: key must be a key of two 32-bit words, got 42; make one with key(seed)"),
    ],
    [
      "offset below 0",
      () => uniform(3, { key: k, offset: -1 }),
      new RangeError("uniform: offset must be a whole number in [0, 2^53), got -1"),
    ],
    [
      "offset too large",
      () => uniform(3, { key: k, offset: 2 ** 53 - 2 }),
      new RangeError("uniform: offset must be at most 2^53 - 3 for 3 elements, got 9007199254740990"),
    ],
    [
      "out in float32",
      () => uniform(3, { key: k, out: bad(new Float32Array(3)) }),
      new TypeError("uniform: out must be a Float64Array, got Float32Array of 3"),
    ],
    [
      "out too long",
      () => uniform(3, { key: k, out: new Float64Array(4) }),
      new RangeError("uniform: out must have 3 elements as asked for, got 4"),
    ],
  ])("refuses %s", (_, call, error) => expect(call).toThrow(error));
});
