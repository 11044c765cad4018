// DropBlock's promise: the share that was asked for is dropped, whatever the map and the blocks are.

import { DropBlock2D, DropBlock3D, dropBlockRates, key, unpackMask } from "hadamask";
import { describe, expect, test } from "vitest";
import { FALSE_ALARM, normalBound } from "../../support/bounds.js";

const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** How often each place of a map is dropped, over the maps of many samples. */
function measured(layer: DropBlock2D | DropBlock3D, shape: readonly number[]): Float64Array {
  const places = size(shape.slice(2));
  const y = layer.forward(new Float64Array(size(shape)).fill(1), { shape });
  const counts = new Float64Array(places);
  y.forEach((value, i) => {
    if (value === 0) counts[i % places]! += 1;
  });
  return counts.map((count) => count / (y.length / places));
}

const MAPS = 4000;

describe("the realised rate", () => {
  test.each([
    { map: [7, 7], blockSize: 7, rate: 0.1, blocks: "inside" },
    { map: [14, 14], blockSize: 7, rate: 0.1, blocks: "inside" },
    { map: [11, 11], blockSize: 5, rate: 0.2, blocks: "inside" },
    { map: [9, 6], blockSize: [4, 2], rate: 0.5, blocks: "inside" },
    { map: [9, 6], blockSize: [4, 2], rate: 0.5, blocks: "cut" },
    { map: [5, 4, 3], blockSize: [2, 3, 2], rate: 0.3, blocks: "cut" },
    { map: [5, 4, 3], blockSize: [2, 3, 2], rate: 0.3, blocks: "inside" },
  ] as const)(
    "of $map with blocks of $blockSize $blocks is $rate, and at each place what is stated",
    ({ map, ...row }) => {
      const Layer = map.length === 2 ? DropBlock2D : DropBlock3D;
      const layer = new Layer({ ...row, key: key(5) });
      const { rates, mean } = dropBlockRates(map, row);
      expect(mean).toBeCloseTo(row.rate, 12);
      const found = measured(layer, [MAPS, 1, ...map]);
      const bound = normalBound(FALSE_ALARM / (found.length + 1));
      found.forEach((share, place) => {
        const rate = rates[place]!;
        expect(Math.abs(share - rate)).toBeLessThan(bound * Math.sqrt((rate * (1 - rate)) / MAPS));
      });
      // Places of one map go together at most all of them: the variance of their mean is at most that of one place.
      const all = found.reduce((sum, share) => sum + share, 0) / found.length;
      expect(Math.abs(all - row.rate)).toBeLessThan(bound * Math.sqrt((row.rate * (1 - row.rate)) / MAPS));
    },
  );

  test("is the same at every place with cut blocks, and lower near the edges with blocks inside", () => {
    const cut = dropBlockRates([6, 5], { rate: 0.3, blockSize: 3, blocks: "cut" }).rates;
    for (const rate of cut) expect(rate).toBeCloseTo(0.3, 12);
    const inside = dropBlockRates([6, 5], { rate: 0.3, blockSize: 3 }).rates;
    expect(inside[0]).toBeLessThan(0.3);
    expect(inside[2 * 5 + 2]).toBeGreaterThan(0.3);
  });

  test("with blocks of one element is dropout: every place at the rate itself", () => {
    const { seedRate, rates } = dropBlockRates([2, 3], { rate: 0.2, blockSize: 1 });
    expect(seedRate).toBeCloseTo(0.2, 14);
    for (const rate of rates) expect(rate).toBeCloseTo(0.2, 14);
  });

  test("has its ends: 0 drops nothing, 1 everything", () => {
    expect(dropBlockRates([3, 3], { rate: 0, blockSize: 2 })).toEqual({
      seedRate: 0,
      rates: new Float64Array(9),
      mean: 0,
    });
    const all = dropBlockRates([3, 3], { rate: 1, blockSize: 2 });
    expect(all).toEqual({ seedRate: 1, rates: new Float64Array(9).fill(1), mean: 1 });
  });

  test("of the seeds that the paper's approximation asks for is far from what was asked", () => {
    // gamma = rate / k^2 * H W / ((H - k + 1)(W - k + 1)); on 14 x 14 with 7 x 7 blocks at rate 0.5 it drops 0.36.
    const gamma = (0.5 / 49) * (196 / 64);
    const { rates: exact } = dropBlockRates([14, 14], { rate: 0.5, blockSize: 7 });
    // exact[i] = 1 - (1 - seedRate)^c: the number of covering blocks c follows from it.
    const { seedRate } = dropBlockRates([14, 14], { rate: 0.5, blockSize: 7 });
    const share =
      exact.reduce((sum, rate) => sum + 1 - (1 - gamma) ** (Math.log1p(-rate) / Math.log1p(-seedRate)), 0) / 196;
    expect(share).toBeCloseTo(0.36, 2);
  });
});

describe("DropBlock", () => {
  test("drops whole blocks: the bits of its mask say where they begin", () => {
    const layer = new DropBlock2D({ rate: 0.3, blockSize: [2, 3], key: key(1) });
    const shape = [2, 2, 5, 6];
    const y = layer.forward(new Float64Array(size(shape)).fill(1), { shape });
    const seeds = unpackMask(layer.mask!, 4 * 4 * 4);
    const expected = new Uint8Array(size(shape)).fill(1);
    seeds.forEach((isKept, seed) => {
      if (isKept === 1) return;
      const [map, i, j] = [Math.floor(seed / 16), Math.floor(seed / 4) % 4, seed % 4];
      for (let a = 0; a < 2; a++) for (let b = 0; b < 3; b++) expected[map * 30 + (i + a) * 6 + j + b] = 0;
    });
    expect(Uint8Array.from(y, (value) => Number(value !== 0))).toEqual(expected);
    expect(expected).toContain(0);
  });

  test("scales each sample by itself: its mean of ones stays 1, and one sample does not change another", () => {
    const layer = new DropBlock2D({ rate: 0.4, blockSize: 2, key: key(7) });
    const shape = [6, 2, 4, 4];
    const x = new Float64Array(size(shape)).fill(1);
    const y = layer.forward(x, { shape, step: 0 });
    for (let n = 0; n < 6; n++) {
      const sample = y.slice(n * 32, (n + 1) * 32);
      const total = sample.reduce((sum, v) => sum + v, 0);
      expect([0, 32].some((sum) => Math.abs(total - sum) < 1e-12)).toBe(true);
    }
    expect(layer.forward(x.fill(9, 0, 32), { shape, step: 0 }).slice(32)).toEqual(y.slice(32));
  });

  test("a new shape or rate gets rates of its own", () => {
    const layer = new DropBlock2D({ rate: 0.4, blockSize: 2, key: key(7) });
    const x = new Float64Array(64).fill(1);
    layer.forward(x, { shape: [1, 1, 8, 8], step: 0 });
    layer.rate = 0.8;
    const fresh = new DropBlock2D({ rate: 0.8, blockSize: 2, key: key(7) });
    expect(layer.forward(x, { shape: [1, 4, 4, 4], step: 0 })).toEqual(
      fresh.forward(x, { shape: [1, 4, 4, 4], step: 0 }),
    );
    expect(layer.forward(x, { shape: [1, 1, 8, 8], step: 0 })).toEqual(
      fresh.forward(x, { shape: [1, 1, 8, 8], step: 0 }),
    );
  });

  test("says what is wrong with the map of dropBlockRates", () => {
    expect(() => dropBlockRates(5 as never, { rate: 0.1, blockSize: 1 })).toThrowError(
      "dropBlockRates: map must be an array of lengths, got 5",
    );
    expect(() => dropBlockRates([2, 2.5], { rate: 0.1, blockSize: 1 })).toThrowError(
      "dropBlockRates: map[1] must be a whole number in [0, 2^53), got 2.5",
    );
  });
});
