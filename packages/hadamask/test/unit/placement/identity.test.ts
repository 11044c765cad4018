// Decisions by identity are single elements of the mask stream.

import fc from "fast-check";
import { keepMask, key } from "hadamask";
import { describe, expect, test } from "vitest";
import { drawIdentities, identify, isKept, spreadDecisions } from "../../../src/placement/identity.js";

describe("isKept", () => {
  test("is the bit of keepMask, at any key, rate and element", () => {
    const rates = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(0, 1, 0.5, 1e-12, 1 - 1e-12, 0.1),
    );
    const elements = fc.oneof(fc.nat(10_000), fc.maxSafeNat());
    fc.assert(
      fc.property(fc.nat(), rates, elements, (seed, rate, offset) => {
        if (offset > 2 ** 53 - 2) return;
        const bit = keepMask(1, { rate, key: key(seed), offset })[0];
        expect(isKept(key(seed), 1 - rate, offset)).toBe(bit === 1);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("agrees on the first elements of a key", () => {
    const mask = keepMask(1000, { keep: 0.3, key: key(7) });
    for (let i = 0; i < 1000; i++) expect(Number(isKept(key(7), 0.3, i))).toBe((mask[i >> 5]! >>> (i & 31)) & 1);
  });
});

describe("identities", () => {
  test("are numbered in the order of first appearance", () => {
    const { drawOf, distinct } = identify([7, 4, 7, 7, 1, 4]);
    expect([...drawOf]).toEqual([0, 1, 0, 0, 2, 1]);
    expect(distinct).toEqual([7, 4, 1]);
  });

  test("are decided from any bit on, and spread over their places", () => {
    const out = new Uint32Array(2);
    drawIdentities(out, 31, key(7), 0.5, [0, 1, 2, 3]);
    const mask = keepMask(4, { keep: 0.5, key: key(7) })[0]!;
    expect((out[0]! >>> 31) | ((out[1]! & 7) << 1)).toBe(mask);
    const drawOf = Int32Array.from({ length: 70 }, (_, i) => i % 3);
    const spread = spreadDecisions(Uint32Array.of(0b101), drawOf);
    for (let i = 0; i < 70; i++) expect((spread[i >> 5]! >>> (i & 31)) & 1).toBe(i % 3 === 1 ? 0 : 1);
  });
});
