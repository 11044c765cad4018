import { expect, test } from "vitest";
import { clearPast } from "../../../src/kernels/scalar-masks.js";
import { bitAt } from "../../../src/placement/mask-bits.js";

test("the bits past a mask are cleared in its own last word, above 2^32 decisions as well", () => {
  // Not a whole mask, which would have 512 MB: the words that may be meant.
  const words: Record<number, number> = { 1: 0x8baf461, [2 ** 27 + 1]: 0xffffffff };
  clearPast(words, 2 ** 32 + 40);
  expect(words).toEqual({ 1: 0x8baf461, [2 ** 27 + 1]: 0xff });
  clearPast(words, 2 ** 32 + 64);
  expect(words[2 ** 27 + 1]).toBe(0xff);
});

test("bitAt reads the word that a decision is in, up to the last of the largest mask", () => {
  const words = { 0: 0b10, [2 ** 27]: 0b1000, [2 ** 32 - 1]: 0x80000000 } as unknown as Uint32Array;
  expect([0, 1, 2].map((i) => bitAt(words, i))).toEqual([0, 1, 0]);
  expect([2, 3, 4].map((i) => bitAt(words, 2 ** 32 + i))).toEqual([0, 1, 0]);
  expect(bitAt(words, 2 ** 37 - 1)).toBe(1);
});
