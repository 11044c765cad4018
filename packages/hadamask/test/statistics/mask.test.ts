// The masks of the real stream: how many are kept, and that decisions know nothing of one another. Exact binomial
// bounds; each test fails once in 1e9 times if nothing is wrong, and the keys are fixed.

import { Dropout, dropout, foldIn, keepMask, key, type PackedMask, split } from "hadamask";
import { describe, expect, test } from "vitest";
import { planeWord } from "../../src/random/draw.js";
import { binomialBounds, FALSE_ALARM } from "../support/bounds.js";

const K = key(2024);

/** Bits that are 1 in a 32-bit word. */
function ones(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

const count = (mask: PackedMask): number => mask.reduce((sum, word) => sum + ones(word), 0);
const countBoth = (a: PackedMask, b: PackedMask): number => a.reduce((sum, word, w) => sum + ones(word & b[w]!), 0);

/** Expects a count within the bounds of Binomial(n, p), as one of `comparisons` of a test. */
function expectBinomial(value: number, n: number, p: number, comparisons: number, what: string): void {
  const [low, high] = binomialBounds(n, p, FALSE_ALARM / comparisons);
  expect(value, `${what}: ${value} of ${n} at ${p}, bounds ${low} to ${high}`).toSatisfy(
    (found: number) => found >= low && found <= high,
  );
}

describe("the kept fraction", () => {
  const n = 2 ** 24;

  test.each([1e-6, 1e-4, 0.01, 0.1, 0.5, 0.9, 0.99, 1 - 1e-4, 1 - 1e-6])("of 16 million at rate %d", (rate) => {
    expectBinomial(count(keepMask(n, { rate, key: K })), n, 1 - rate, 1, "kept");
  });

  test("of the function and of the layer is that of the mask", () => {
    const x = new Float32Array(2 ** 20).fill(1);
    for (const rate of [0.01, 0.5, 0.9]) {
      const kept = (y: Float32Array): number => y.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
      const layer = new Dropout({ rate, key: K });
      expectBinomial(kept(dropout(x, { rate, key: K })), x.length, 1 - rate, 6, "function");
      expectBinomial(kept(layer.forward(x)), x.length, 1 - rate, 6, "layer");
    }
  });
});

describe("independence, by counts of pairs that are both kept", () => {
  const n = 2 ** 21;
  const rates = [0.5, 0.1, 0.7];

  test("of neighbours at distances within a word, a block, a group of words and beyond", () => {
    const distances = [1, 2, 3, 4, 8, 16, 31, 32, 33, 64, 128, 256, 512, 1024, 4096, 65536];
    for (const rate of rates) {
      const mask = keepMask(n, { rate, key: K });
      const isKept = (i: number): number => (mask[i >>> 5]! >>> (i & 31)) & 1;
      for (const d of distances) {
        // Pairs (i, i + d) that do not overlap: runs of d elements, each paired with the next.
        let [pairs, both] = [0, 0];
        for (let start = 0; start + 2 * d <= n; start += 2 * d) {
          for (let i = start; i < start + d; i++) both += isKept(i) & isKept(i + d);
          pairs += d;
        }
        expectBinomial(both, pairs, (1 - rate) ** 2, rates.length * distances.length, `rate ${rate}, distance ${d}`);
      }
    }
  });

  test("of the 53 planes that decide", () => {
    const words = 2048;
    const planes = Array.from({ length: 53 }, (_, k) =>
      Uint32Array.from({ length: words }, (_, w) => planeWord(K, k, w)),
    );
    const comparisons = (53 * 52) / 2;
    for (let a = 0; a < 53; a++) {
      for (let b = 0; b < a; b++) {
        expectBinomial(countBoth(planes[a]!, planes[b]!), 32 * words, 0.25, comparisons, `planes ${a} and ${b}`);
      }
    }
  });

  test("of layers whose keys come from split and foldIn", () => {
    const keys = [...split(K, 6), foldIn(K, 1000), foldIn(foldIn(K, 1), 1), key(2025)];
    const comparisons = (rates.length * keys.length * (keys.length - 1)) / 2;
    for (const rate of rates) {
      const masks = keys.map((each) => keepMask(n, { rate, key: each }));
      for (let a = 0; a < masks.length; a++) {
        for (let b = 0; b < a; b++) {
          expectBinomial(countBoth(masks[a]!, masks[b]!), n, (1 - rate) ** 2, comparisons, `keys ${a} and ${b}`);
        }
      }
    }
  });

  test("of steps, of passes, of samples, and of each with the others", () => {
    const size = 2 ** 17;
    const x = new Float32Array(size).fill(1);
    const layer = new Dropout({ rate: 0.3, key: K });
    const masks: [name: string, mask: PackedMask][] = [];
    const add = (name: string): void => {
      masks.push([name, layer.mask!]);
    };
    for (const step of [0, 1, 2, 3, 1000, 2 ** 32]) {
      layer.forward(x, { step });
      add(`step ${step}`);
    }
    layer.mode = "sample";
    for (const pass of [0, 1, 2]) {
      layer.forward(x, { pass });
      add(`pass ${pass}`);
    }
    layer.train();
    for (const id of [0, 1, 2]) {
      layer.forward(x, { step: 0, sampleIds: [id] });
      add(`sample ${id}`);
    }
    masks.push(["the key itself", keepMask(size, { rate: 0.3, key: K })]);
    const comparisons = (masks.length * (masks.length - 1)) / 2;
    for (let a = 0; a < masks.length; a++) {
      for (let b = 0; b < a; b++) {
        const [[first, one], [second, other]] = [masks[a]!, masks[b]!];
        expectBinomial(countBoth(one, other), size, 0.49, comparisons, `${first} and ${second}`);
      }
    }
  });

  test("of the elements of one place over many steps: each is kept as often as it should be", () => {
    const steps = 4000;
    const width = 64;
    const layer = new Dropout({ rate: 0.25, key: K });
    const x = new Float64Array(width).fill(1);
    const kept = new Float64Array(width);
    for (let t = 0; t < steps; t++) {
      layer.forward(x).forEach((y, i) => {
        kept[i]! += y === 0 ? 0 : 1;
      });
    }
    kept.forEach((times, i) => {
      expectBinomial(times, steps, 0.75, width, `element ${i}`);
    });
  });
});
