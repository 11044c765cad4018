// The random core against answers from outside: Random123's, JAX's, and stream 1 as JAX's own Threefry draws it.

import { readFileSync } from "node:fs";
import { foldIn, type Key, key, split } from "hadamask";
import { describe, expect, test } from "vitest";
import { deriveKey } from "../../src/random/derive.js";
import { noiseWord } from "../../src/random/draw.js";
import { noiseWords } from "../../src/random/plane-words.js";
import { block } from "../../src/random/threefry.js";
import { readVectors, sizeOf, title } from "./stream-vectors.js";

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
const hex = (words: ArrayLike<number>): string =>
  Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
const keyOf = (digits: string): Key => [Number.parseInt(digits.slice(0, 8), 16), Number.parseInt(digits.slice(8), 16)];

describe("block gives Random123's known answers", () => {
  const lines = read("threefry.txt")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.trim().split(/\s+/));

  test.each(lines)("counter %s %s, key %s %s", (hi, lo, k0, k1, a, b) => {
    expect(hex(block(keyOf(k0! + k1!), Number(`0x${hi}`), Number(`0x${lo}`)))).toBe(a! + b!);
  });

  test("there are three of them", () => expect(lines).toHaveLength(3));
});

describe("keys are JAX's", () => {
  const cases = readVectors("jax").cases.filter((c) => c.partitionable === true);

  test.each(cases.map((c) => [`${title(c)}, x64 ${c.x64}`, c] as const))("%s", (_, c) => {
    const jaxKey = keyOf(c.ops[0]!.expect.key as string);
    // With 32-bit integers JAX cuts seeds off, and it takes negative ones by their bits; we do neither.
    if (c.x64 === true) expect(key(BigInt.asUintN(64, BigInt(c.seed)))).toEqual(jaxKey);
    let current = jaxKey; // an operation with `take` goes on with the key it made
    let checked = 0;
    for (const op of c.ops) {
      if (op.op === "split") {
        const keys = split(current, op.n as number);
        expect(keys.map(hex)).toEqual(op.expect.keys);
        if (op.take !== undefined) current = keys[op.take as number]!;
      } else if (op.op === "fold_in") {
        const folded = foldIn(current, op.data as number);
        expect(hex(folded)).toBe(op.expect.key);
        if (op.take === true) current = folded;
      } else if (op.op === "bits" && (op.width === 32 || op.width === 64)) {
        expectBits(current, op.width, op.shape, op.expect);
      } else continue;
      checked++;
    }
    expect(checked).toBeGreaterThan(0);
  });

  test("there are several seeds with 32 and 64 bits", () => expect(cases.length).toBeGreaterThanOrEqual(12));
});

/**
 * Partitionable Threefry: 64 bits are the block of the index, 32 bits its two words xor-ed. The files keep six, a xor
 * and a sum.
 */
function expectBits(
  jaxKey: Key,
  width: 32 | 64,
  shape: readonly number[],
  expected: Readonly<Record<string, unknown>>,
) {
  const blocks = Array.from({ length: sizeOf(shape) }, (_, i) => block(jaxKey, 0, i));
  const drawn = blocks.map(([a, b]) => (width === 64 ? BigInt(`0x${hex([a, b])}`) : BigInt((a ^ b) >>> 0)));
  const digits = (value: bigint): string => value.toString(16).padStart(width / 4, "0");
  expect(drawn.slice(0, 6).map(digits)).toEqual(expected.first);
  expect(digits(drawn.reduce((x, y) => x ^ y))).toBe(expected.xor);
  expect(drawn.reduce((x, y) => x + y).toString()).toBe(expected.sum);
}

describe("stream 1 is as JAX's Threefry draws it", () => {
  const stream: {
    derived: { seed: string; tag: number; d: string; key: string }[];
    noise: { seed: string; offset: string; words: string[] }[];
  } = JSON.parse(read("stream1.json"));

  test.each(stream.derived)("key derived from seed $seed, tag $tag, d $d", ({ seed, tag, d, key: expected }) => {
    const root = key(BigInt(seed));
    // Tag 0 stands for the user's own keys.
    expect(hex(tag === 0 ? foldIn(root, Number(d)) : deriveKey(root, tag, Number(d)))).toBe(expected);
  });

  test.each(stream.noise)("noise words of seed $seed from element $offset on", ({ seed, offset, words }) => {
    const root = key(BigInt(seed));
    const drawn = new Uint32Array(words.length);
    noiseWords(drawn, words.length, root, Number(offset));
    expect(hex(drawn)).toBe(words.join(""));
    expect(hex(words.map((_, j) => noiseWord(root, Number(offset) + j)))).toBe(words.join(""));
  });

  test("all of them are there", () => expect([stream.derived.length, stream.noise.length]).toEqual([40, 6]));
});
