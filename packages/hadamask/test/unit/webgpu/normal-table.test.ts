// The table of float32 normal numbers, with the arithmetic of the program that reads it, worked out here.

import { describe, expect, test } from "vitest";
import { absoluteNormal } from "../../../src/random/normal.js";
import { normalTable } from "../../../src/webgpu/normal-table.js";
import { OCTAVES, SEGMENTS } from "../../../src/webgpu/wgsl/noise.js";

const table = normalTable();
const f = Math.fround;

/** The unit in the last place of a float32. */
function ulpOf(z: number): number {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, z);
  return 2 ** (((bits.getUint32(0) >>> 23) & 255) - 150);
}

/** |z| of the low 31 bits `k` of a word, with each operation rounded, or products and sums fused. */
function absolute(k: number, isFused: boolean): number {
  const twice = 2 * k + 1;
  const isTail = twice < 2 ** 31;
  const a = isTail ? twice : 2 ** 32 - twice;
  const octave = 31 - Math.clz32(a);
  const aligned = (a << (31 - octave)) >>> 0;
  const t = f(f((aligned & 0x07ffffff) - 0x04000000) * 2 ** -26);
  const segment = (aligned >>> 27) & (SEGMENTS - 1);
  const [c0, c1, c2, c3] = table.subarray((((isTail ? 0 : OCTAVES) + octave) * SEGMENTS + segment) * 4);
  const step = (c: number, sum: number): number => (isFused ? f(c + t * sum) : f(c + f(t * sum)));
  return step(c0!, step(c1!, step(c2!, c3!)));
}

function worstError(words: Iterable<number>): number {
  let worst = 0;
  for (const k of words) {
    const exact = absoluteNormal((k + 0.5) * 2 ** -31);
    for (const isFused of [false, true]) {
      worst = Math.max(worst, Math.abs(absolute(k, isFused) - exact) / ulpOf(f(exact)));
    }
  }
  return worst;
}

function* every(step: number): Generator<number> {
  for (let k = 0; k < 2 ** 31; k += step) yield k;
}

describe("the table of normal numbers", () => {
  // The worst of all 2^31 words, 1.07, was found by oracles/normal-float32.mjs, which takes some minutes.
  test("is within 1.1 units in the last place of the float64 definition, fused or not", () => {
    expect(worstError(every(100_003))).toBeLessThan(1.1);
  });

  test("so at both ends and around every power of two", () => {
    const ends = [0, 1, 2, 3, 5, 100, 2 ** 31 - 1, 2 ** 31 - 2, 2 ** 31 - 3, 2 ** 31 - 100];
    const powers = Array.from({ length: 30 }, (_, e) => [-2, -1, 0, 1].map((d) => 2 ** e + d)).flat();
    const words = [...ends, ...powers, ...powers.map((k) => 2 ** 31 - k)].filter((k) => k >= 0 && k < 2 ** 31);
    expect(worstError(words)).toBeLessThan(1.1);
  });
});
