import { type Key, key } from "hadamask";
import { describe, expect, test } from "vitest";
import { planeWord } from "../../../src/random/draw.js";
import { planeWords } from "../../../src/random/plane-words.js";

const MARK = 0xdeadbeef;

describe("planeWords", () => {
  const starts = [0, 1, 2, 7, 2 ** 32 - 3, 2 ** 33 - 4, 2 ** 33 - 3, 2 ** 33, 2 ** 48 - 9];
  const keys: Key[] = [key(0), key(2n ** 64n - 1n), [0x80000000, 0x7fffffff]];

  test.each(starts)("gives the words of planeWord from word %d on, and nothing past the end", (w) => {
    for (const root of keys) {
      for (const k of [0, 52, 64]) {
        for (const n of [0, 1, 2, 3, 8, 9]) {
          const out = new Uint32Array(n + 2).fill(MARK);
          planeWords(out.subarray(1), n, root, k, w);
          const expected = Array.from({ length: n }, (_, j) => planeWord(root, k, w + j));
          expect([...out]).toEqual([MARK, ...expected, MARK]);
        }
      }
    }
  });

  test("reaches the last element of all, 2^53 - 1", () => {
    const out = new Uint32Array(3);
    planeWords(out, 3, key(5), 64, 2 ** 53 - 3);
    expect([...out]).toEqual([3, 2, 1].map((j) => planeWord(key(5), 64, 2 ** 53 - j)));
  });
});
