// The fast paths of foreign streams against the plain ones, bit for bit, and the committed module against its sources.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { fastPcg64, fastPhilox, fastThreefry, type PairLayout } from "../../../src/streams/fast.js";
import { bernoulliPlain } from "../../../src/streams/jax-random.js";
import { Mt19937 } from "../../../src/streams/mt19937.js";
import { belowPairs, belowPairsPlain } from "../../../src/streams/mt19937-decisions.js";
import { below, inverted } from "../../../src/streams/stream.js";
import { keepPlain, statelessStart } from "../../../src/streams/tensorflow-random.js";
import { RES53 } from "../../../src/streams/wide.js";
import { numpyGenerator, tensorflowStateless } from "../../../src/streams.js";

/**
 * Around the size from which there is a fast path, words, blocks of 16, PyTorch's pieces, and one call of the module.
 */
const SIZES = [256, 257, 271, 272, 273, 287, 288, 1000, 2047, 2048, 2049, 4096, 65_535, 65_536, 65_537, 131_100];
const KEEPS = [0.5, 0.9, 0.1, 1 / 3, 2 ** -40, 1 - 2 ** -53, 2 ** -53];

const LOW53: PairLayout = { shiftHigh: 0, maskHigh: 0x1fffff, shiftLow: 0, lowBits: 32 };

test("the committed module is what its sources give", () => {
  const file = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
  const built = execFileSync(process.execPath, [file("assembly/streams/build.mjs"), "--print"], { encoding: "utf8" });
  expect(readFileSync(file("src/streams/fast-wasm.ts"), "utf8") === built, "run node assembly/streams/build.mjs").toBe(
    true,
  );
});

describe("pairs of MT19937", () => {
  test.each([
    ["PyTorch's bits", LOW53],
    ["NumPy's bits", RES53],
  ] as const)("%s: every size, keep and place within the state", (_, layout) => {
    for (const [i, n] of SIZES.entries()) {
      const keep = KEEPS[i % KEEPS.length]!;
      for (const skipped of [0, 1, 2, 623, 624, 625]) {
        const [fast, plain] = [Mt19937.fromSeed(n), Mt19937.fromSeed(n)];
        fast.skip(skipped);
        plain.skip(skipped);
        expect(belowPairs(fast, n, keep, layout), `${n} elements, ${skipped} skipped`).toEqual(
          belowPairsPlain(plain, n, keep, layout),
        );
        expect(fast.next()).toBe(plain.next());
      }
    }
  });

  test("ties in the high half are broken by the low half", () => {
    // The threshold is a U that occurs: not kept; one more: kept. The high halves are equal in both.
    const n = 300;
    const words = new Uint32Array(2 * n);
    Mt19937.fromSeed(3).fill(words);
    for (const i of [0, 1, 2, 3, 150, 299]) {
      const U = (words[2 * i]! & 0x1fffff) * 2 ** 32 + words[2 * i + 1]!;
      const bit = (keep: number) => (belowPairs(Mt19937.fromSeed(3), n, keep, LOW53)[i >> 5]! >>> (i & 31)) & 1;
      expect([bit(U * 2 ** -53), bit((U + 1) * 2 ** -53)]).toEqual([0, 1]);
    }
  });
});

test("PCG64 decides as its doubles say, and goes on from there", () => {
  for (const [i, n] of SIZES.entries()) {
    const keep = KEEPS[i % KEEPS.length]!;
    const [fast, plain] = [numpyGenerator(i), numpyGenerator(i)];
    expect(fast.keepMask(n, { keep }), `${n} elements`).toEqual(below(plain.random(n), keep));
    expect(fast.random(3)).toEqual(plain.random(3));
  }
  expect(fastPcg64(255, 0.5, new Uint32Array(4), new Uint32Array(4))).toBeUndefined(); // too little to do
});

test("Philox decides as its uniforms say, also where the counter carries", () => {
  for (const [i, n] of SIZES.entries()) {
    const rate = KEEPS[i % 4]!;
    for (const xla of [false, true]) {
      const start = statelessStart(BigInt(i), 5n);
      const stream = tensorflowStateless(i, { second: 5, xla });
      expect(stream.keepMask(n, { rate }), `${n} elements`).toEqual(keepPlain(start, n, rate, xla));
    }
  }
  const all = 0xffffffff;
  for (const counter of [
    [all - 1, 0, 0, 0],
    [all - 3, all, 7, 0],
    [all, all, all, all],
    [all - 20, all, all, 1],
  ] as const) {
    const start = { key: [1, 2] as const, counter: [...counter] as [number, number, number, number] };
    const T = Math.ceil(Math.fround(0.3) * 2 ** 23);
    const dropped = fastPhilox(1000, T, 0, start.counter, start.key)!;
    expect(inverted(dropped, 1000)).toEqual(keepPlain(start, 1000, 0.3, false));
  }
});

test("Threefry decides as JAX's bits say", () => {
  for (const [i, n] of SIZES.entries()) {
    const T = Math.ceil(Math.fround(KEEPS[i % 5]!) * 2 ** 23) * 2 ** 9;
    const key = [i * 77_777, 0xfedcba98 + i] as const;
    expect(fastThreefry(n, T, key), `${n} elements`).toEqual(bernoulliPlain(key, T, n));
  }
});
