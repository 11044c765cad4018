import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copyBits, expandMask, sliceBits } from "../../../src/placement/mask-bits.js";
import { placementOf } from "../../../src/placement/shape.js";

const bitOf = (mask: Uint32Array, i: number): number => (mask[i >> 5]! >>> (i & 31)) & 1;

/** Words of any bits, and where ranges of them may begin. */
const words = fc.uint32Array({ minLength: 1, maxLength: 12 });
const start = fc.oneof(fc.nat(200), fc.constantFrom(0, 32, 64, 96));

describe("copyBits", () => {
  test("copies a range of bits anywhere and leaves all others", () => {
    fc.assert(
      fc.property(words, start, start, fc.nat(300), (from, at, toAt, wanted) => {
        const n = Math.max(0, Math.min(wanted, from.length * 32 - at));
        const to = new Uint32Array(Math.ceil((toAt + n) / 32) + 1).fill(0xffffffff);
        for (let i = toAt; i < toAt + n; i++) to[i >> 5]! &= ~(1 << (i & 31));
        copyBits(from, at, to, toAt, n);
        for (let i = 0; i < to.length * 32; i++) {
          const isCopied = i >= toAt && i < toAt + n;
          expect(bitOf(to, i)).toBe(isCopied ? bitOf(from, at + i - toAt) : 1);
        }
      }),
    );
  });
});

describe("sliceBits", () => {
  test("moves a range of bits to the beginning; bits past it are 0", () => {
    fc.assert(
      fc.property(words, start, fc.nat(300), (from, at, wanted) => {
        const n = Math.max(0, Math.min(wanted, from.length * 32 - at));
        const to = new Uint32Array(Math.ceil(n / 32) + 1).fill(0xa5a5a5a5);
        sliceBits(from, at, to, n);
        for (let i = 0; i < to.length * 32; i++) expect(bitOf(to, i)).toBe(i < n ? bitOf(from, at + i) : 0);
      }),
    );
  });
});

describe("expandMask", () => {
  /** The draw of each element by its definition: drop the shared axes from its index, count in C order. */
  function drawOf(shape: readonly number[], shared: readonly number[], element: number): number {
    let rest = element;
    const index = [...shape].reverse().map((length) => {
      const i = rest % length;
      rest = Math.floor(rest / length);
      return i;
    });
    index.reverse();
    return shape.reduce((draw, length, axis) => (shared.includes(axis) ? draw : draw * length + index[axis]!), 0);
  }

  test("gives each element the decision of its draw, for any shape and any shared axes", () => {
    const shapes = fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(31, 32, 33, 70)), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(shapes, fc.nat(15), fc.integer(), (shape, subset, seed) => {
        fc.pre(shape.reduce((a, b) => a * b, 1) <= 50_000);
        const shared = shape.map((_, axis) => axis).filter((axis) => (subset >> axis) & 1);
        const placement = placementOf(shape, shared);
        const mask = new Uint32Array(Math.ceil(placement.draws / 32));
        for (let d = 0; d < placement.draws; d++)
          mask[d >> 5]! |= ((Math.imul(seed + d, 0x9e3779b1) >>> 31) & 1) << (d & 31);
        const out = expandMask(mask, placement);
        expect(out.length).toBe(Math.ceil(placement.size / 32));
        for (let i = 0; i < placement.size; i++) {
          if (bitOf(out, i) !== bitOf(mask, drawOf(shape, shared, i))) expect.fail(`element ${i}`);
        }
        for (let i = placement.size; i < out.length * 32; i++)
          if (bitOf(out, i) !== 0) expect.fail(`past the end: ${i}`);
      }),
      { numRuns: 300 },
    );
  });
});
