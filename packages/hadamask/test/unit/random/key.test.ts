import { foldIn, type Key, key, split } from "hadamask";
import { describe, expect, test } from "vitest";
import { randomKey } from "../../../src/random/key.js";
import { block } from "../../../src/random/threefry.js";

const bad = (value: unknown): never => value as never;

describe("key", () => {
  test.each<[number | bigint, Key]>([
    [0, [0, 0]],
    [-0, [0, 0]],
    [42, [0, 42]],
    [2 ** 32 - 1, [0, 0xffffffff]],
    [2 ** 32, [1, 0]],
    [2 ** 53 - 1, [0x1fffff, 0xffffffff]],
    [0n, [0, 0]],
    [2n ** 32n + 7n, [1, 7]],
    [2n ** 63n, [0x80000000, 0]],
    [2n ** 64n - 1n, [0xffffffff, 0xffffffff]],
  ])("of %s is its two words", (seed, words) => expect(key(seed)).toEqual(words));

  test.each<[unknown, string]>([
    [-1, "key: seed must be a whole number in [0, 2^53), got -1"],
    [1.5, "key: seed must be a whole number in [0, 2^53), got 1.5"],
    [Number.NaN, "key: seed must be a whole number in [0, 2^53), got NaN"],
    [
      2 ** 53,
      "key: seed must be a whole number in [0, 2^53), got 9007199254740992; pass a bigint for seeds up to 2^64",
    ],
    [-1n, "key: seed must be in [0, 2^64), got -1n"],
    [2n ** 64n, "key: seed must be in [0, 2^64), got 18446744073709551616n"],
  ])("refuses %s", (seed, message) => expect(() => key(bad(seed))).toThrow(new RangeError(message)));

  test.each<[unknown, string]>([
    ["1", 'key: seed must be a number or a bigint, got "1"'],
    [undefined, "key: seed must be a number or a bigint, got undefined"],
    [null, "key: seed must be a number or a bigint, got null"],
    [[0, 1], "key: seed must be a number or a bigint, got an array of 2"],
  ])("refuses what is no number: %s", (seed, message) => expect(() => key(bad(seed))).toThrow(new TypeError(message)));
});

describe("foldIn", () => {
  test("is the block of the number's two words", () => {
    expect(foldIn(key(42), 5)).toEqual(block([0, 42], 0, 5));
    expect(foldIn(key(42), 2 ** 53 - 1)).toEqual(block([0, 42], 0x1fffff, 0xffffffff));
  });

  test("tells numbers apart that agree in their low words", () => {
    expect(foldIn(key(1), 2 ** 32)).not.toEqual(foldIn(key(1), 0));
  });

  test.each<[unknown, unknown, Error]>([
    [undefined, 0, new TypeError("foldIn: key is missing; pass one made with key(seed), for instance key(42)")],
    [42, 0, new TypeError("foldIn: key must be a key of two 32-bit words, got 42; make one with key(seed)")],
    [
      [1, 2, 3],
      0,
      new TypeError("foldIn: key must be a key of two 32-bit words, got an array of 3; make one with key(seed)"),
    ],
    [
      [1, 2 ** 32],
      0,
      new TypeError("foldIn: key must be a key of two 32-bit words, got an array of 2; make one with key(seed)"),
    ],
    [[0, 1], "2", new TypeError('foldIn: data must be a whole number, got "2"')],
    [[0, 1], -1, new RangeError("foldIn: data must be a whole number in [0, 2^53), got -1")],
    [[0, 1], 0.5, new RangeError("foldIn: data must be a whole number in [0, 2^53), got 0.5")],
    [[0, 1], 2 ** 53, new RangeError("foldIn: data must be a whole number in [0, 2^53), got 9007199254740992")],
  ])("refuses key %s with data %s", (k, data, error) => expect(() => foldIn(bad(k), bad(data))).toThrow(error));
});

describe("split", () => {
  test("gives the keys that foldIn gives, in order", () => {
    expect(split(key(9), 4)).toEqual([0, 1, 2, 3].map((i) => foldIn(key(9), i)));
  });

  test("makes two keys unless told otherwise, and none when asked for none", () => {
    expect(split(key(9))).toEqual(split(key(9), 2));
    expect(split(key(9), 0)).toEqual([]);
  });

  test("does not change the key, and makes 10000 different ones", () => {
    const root = key(3);
    const keys = split(root, 10_000);
    expect(root).toEqual([0, 3]);
    expect(new Set(keys.map(String)).size).toBe(10_000);
  });

  test.each<[unknown, unknown, Error]>([
    [undefined, 2, new TypeError("split: key is missing; pass one made with key(seed), for instance key(42)")],
    [
      [0, -1],
      2,
      new TypeError("split: key must be a key of two 32-bit words, got an array of 2; make one with key(seed)"),
    ],
    [[0, 1], -1, new RangeError("split: n must be a whole number in [0, 2^53), got -1")],
    [
      [0, 1],
      2 ** 31,
      new RangeError("split: n must be at most 2^24 (16777216), got 2147483648; foldIn(key, i) makes key i alone"),
    ],
    [[0, 1], Number.NaN, new RangeError("split: n must be a whole number in [0, 2^53), got NaN")],
    [[0, 1], 2n, new TypeError("split: n must be a whole number, got 2n")],
  ])("refuses key %s with n %s", (k, n, error) => expect(() => split(bad(k), bad(n))).toThrow(error));
});

test("a random key is two 32-bit words, another one each time", () => {
  const keys = Array.from({ length: 50 }, randomKey);
  for (const words of keys) {
    expect(words).toHaveLength(2);
    for (const word of words) expect(word).toBe(word >>> 0);
  }
  expect(new Set(keys.map(String)).size).toBe(50);
});
