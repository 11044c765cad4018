import { foldIn, keepMask, key, unpackMask } from "hadamask";
import { multiplier } from "hadamask/jax";
import { describe, expect, test } from "vitest";

const SHAPES = [[1], [3], [31], [32], [33], [255], [256], [257], [7, 9], [4, 5, 6], [128, 64]];
const RATES = [0.5, 0.25, 0.1, 1e-9, 1 - 1e-9, 0, 1];

const flat = (array: ReturnType<typeof multiplier>): Float32Array => array.dataSync() as Float32Array;

describe("multiplier", () => {
  test("holds 1 / keep where the core keeps an element, and 0 where it drops it", () => {
    for (const shape of SHAPES) {
      for (const rate of RATES) {
        const n = shape.reduce((product, size) => product * size, 1);
        const k = foldIn(key(5), n);
        const m = multiplier(shape, { rate, key: k });
        expect(m.shape).toEqual(shape);
        const kept = unpackMask(keepMask(n, { rate, key: k }), n);
        expect(flat(m)).toEqual(Float32Array.from(kept, (bit) => (bit === 1 ? Math.fround(1 / (1 - rate)) : 0)));
      }
    }
  });

  test("begins at offset in the stream", () => {
    const all = flat(multiplier([100], { rate: 0.3, key: key(1) }));
    expect(flat(multiplier([57], { rate: 0.3, key: key(1), offset: 43 }))).toEqual(all.slice(43));
  });

  test("takes keep instead of rate", () => {
    expect(flat(multiplier([64], { keep: 0.8, key: key(2) }))).toEqual(
      flat(multiplier([64], { rate: 0.2, key: key(2) })),
    );
  });

  test("refuses what is no shape, rate or key", () => {
    const k = key(1);
    expect(() => multiplier(5 as never, { rate: 0.5, key: k })).toThrow(
      new TypeError("multiplier: shape must be an array of sizes, got 5"),
    );
    expect(() => multiplier([2, 0], { rate: 0.5, key: k })).toThrow(
      new RangeError("multiplier: shape[1] must be a whole number in [1, 2^53), got 0"),
    );
    expect(() => multiplier([2, "3" as never], { rate: 0.5, key: k })).toThrow(
      new TypeError('multiplier: shape[1] must be a whole number, got "3"'),
    );
    expect(() => multiplier([2], { rate: 1.5, key: k })).toThrow(
      new RangeError("multiplier: rate must be in [0, 1], got 1.5"),
    );
    expect(() => multiplier([2], { rate: 0.5 } as never)).toThrow("multiplier: key is missing");
  });
});
