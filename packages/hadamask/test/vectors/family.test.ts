// The rest of the family against PyTorch and against 50-digit roots. Source, version and command of the values:
// family.json.

import { readFileSync } from "node:fs";
import { AlphaDropout, Attention, dropBlockRates, FeatureAlphaDropout, rDropLoss } from "hadamask";
import { describe, expect, test } from "vitest";

const cases = JSON.parse(readFileSync(new URL("./family.json", import.meta.url), "utf8"));

/** Largest distance of two lists, relative to the largest element. */
function apart(a: ArrayLike<number>, b: readonly number[]): number {
  expect(a).toHaveLength(b.length);
  const size = Math.max(...b.map(Math.abs));
  return b.reduce((largest, value, i) => Math.max(largest, Math.abs(a[i]! - value)), 0) / size;
}

/** Sums of a dozen products in another order than ours. */
const ROUNDING = 1e-14;

describe("alpha dropout is PyTorch's for PyTorch's masks", () => {
  test.each(cases.alpha as Alpha[])("$dtype, rate $rate, feature: $feature, shape $shape", (given) => {
    const { rate, mask, shape } = given;
    const arrayOf = (values: readonly number[]) =>
      given.dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values);
    // PyTorch rounds after every operation; in float32 that is a few units of 2^-24.
    const tolerance = given.dtype === "float32" ? 4 * 2 ** -24 : ROUNDING;
    const layer = given.feature ? new FeatureAlphaDropout({ rate }) : new AlphaDropout({ rate });
    const y = layer.forward(arrayOf(given.x), { shape, mask });
    const dx = layer.backward(arrayOf(given.x.map((_, i) => i + 1)));
    expect(apart(y, given.y)).toBeLessThan(tolerance);
    expect(apart(dx, given.dx)).toBeLessThan(tolerance);
    expect(mask.some((bit) => bit === 0) && mask.some((bit) => bit === 1)).toBe(true);
  });
});

describe("attention is PyTorch's for a given mask, forward and backward", () => {
  test.each(cases.attention as AttentionCase[])("rate $rate, case %#", (given) => {
    const { shape, rate, mask } = given;
    const attention = new Attention({ rate });
    const bias = given.bias.map((value) => value ?? Number.NEGATIVE_INFINITY);
    const { output, weights } = attention.forward(given.q, given.k, given.v, { shape, bias, mask });
    expect(apart(output, given.output)).toBeLessThan(ROUNDING);
    expect(apart(weights, given.weights)).toBeLessThan(ROUNDING);
    const { dq, dk, dv } = attention.backward(given.dOutput);
    expect(apart(dq, given.dq)).toBeLessThan(ROUNDING);
    expect(apart(dk, given.dk)).toBeLessThan(ROUNDING);
    expect(apart(dv, given.dv)).toBeLessThan(ROUNDING);
  });
});

describe("the loss of R-Drop is that of PyTorch's functions, with its gradients", () => {
  test.each(cases.rDrop as RDrop[])("weight $weight, padding $padding", (given) => {
    const { weight, padding } = given;
    const result = rDropLoss(given.first, given.second, given.labels, {
      weight,
      ...(padding !== null && { padding }),
    });
    expect(result.loss).toBeCloseTo(given.loss, 13);
    expect(result.nll).toBeCloseTo(given.nll, 13);
    expect(result.divergence).toBeCloseTo(given.divergence, 13);
    expect(apart(result.dFirst, given.dFirst)).toBeLessThan(ROUNDING);
    expect(apart(result.dSecond, given.dSecond)).toBeLessThan(ROUNDING);
  });
});

describe("seeds of DropBlock fall as often as they have to", () => {
  test.each(cases.dropBlock as BlockCase[])("map $map, blocks of $blockSize $blocks, rate $rate", (given) => {
    const { map, rate, blockSize, blocks } = given;
    const { seedRate, rates, mean } = dropBlockRates(map, { rate, blockSize, blocks });
    // Near 1 the rate itself has 16 digits, what is left of it fewer; near 0 the given rate is 1 - keep, rounded.
    const digits = given.rate < 1e-3 ? 6 : 12;
    expect(seedRate / given.seedRate).toBeCloseTo(1, digits);
    expect(rates[0]! / given.first).toBeCloseTo(1, digits);
    expect(rates[rates.length >> 1]! / given.middle).toBeCloseTo(1, digits);
    expect(mean / given.rate).toBeCloseTo(1, digits);
  });
});

interface Alpha {
  readonly feature: boolean;
  readonly dtype: "float32" | "float64";
  readonly shape: readonly number[];
  readonly rate: number;
  readonly x: readonly number[];
  readonly mask: readonly number[];
  readonly y: readonly number[];
  readonly dx: readonly number[];
}

interface AttentionCase {
  readonly shape: Parameters<Attention["forward"]>[3]["shape"];
  readonly rate: number;
  /** null stands for -Infinity, which JSON has not. */
  readonly bias: readonly (number | null)[];
  readonly mask: readonly number[];
  readonly q: readonly number[];
  readonly k: readonly number[];
  readonly v: readonly number[];
  readonly weights: readonly number[];
  readonly output: readonly number[];
  readonly dOutput: readonly number[];
  readonly dq: readonly number[];
  readonly dk: readonly number[];
  readonly dv: readonly number[];
}

interface RDrop {
  readonly weight: number;
  readonly padding: number | null;
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly labels: readonly number[];
  readonly loss: number;
  readonly nll: number;
  readonly divergence: number;
  readonly dFirst: readonly number[];
  readonly dSecond: readonly number[];
}

interface BlockCase {
  readonly map: readonly number[];
  readonly blockSize: readonly number[];
  readonly blocks: "inside" | "cut";
  readonly rate: number;
  readonly seedRate: number;
  readonly first: number;
  readonly middle: number;
}
