// All kernels against one contract: bit for bit the masks of mask stream 1, and one multiplication. The tests are
// called from kernels.test.ts, and for devices from kernels-webgpu.test.ts.

import { readFileSync } from "node:fs";
import { type FloatArray, type Key, key } from "hadamask";
import { beforeAll, describe, expect, test } from "vitest";
import { referenceKernel } from "../../src/kernels/reference.js";
import { noiseWord } from "../../src/random/draw.js";
import { normalOfWord } from "../../src/random/normal.js";
import { threshold } from "../../src/random/threshold.js";
import { firstDifference } from "../support/compare.js";
import type { FloatType, Subject } from "./kernels.js";
import { naiveIntegers, naiveIsKept } from "./naive-stream.js";

const KEY: Key = [0x9e3779b9, 0x7f4a7c15];

/**
 * Probabilities of keeping: few planes, many planes, nearly none kept, nearly all kept; the ends are no kernel's
 * business.
 */
const KEEPS = [0.5, 0.25, 0.75, 0.9, 0.1, 1e-9, 1 - 1e-9, ...Array.from({ length: 15 }, (_, k) => (k + 1) / 16)];
const THRESHOLDS = [...KEEPS.map(threshold), 1, 2 ** 53 - 1];

/**
 * Not multiples of a word (32) or a block (64); where the counter's low word starts again (2^38 elements); near the
 * end.
 */
const OFFSETS = [
  0,
  1,
  31,
  32,
  63,
  64,
  100,
  2 ** 32 - 70,
  2 ** 32 + 5,
  2 ** 38 - 100,
  2 ** 38,
  2 ** 40 + 33,
  2 ** 53 - 300,
];

const MARK = 0xa5a5a5a5;
const SCALE = 1 / 0.9;

/** The integers U of 261 elements; drawn once for all kernels. */
const naive = new Map(OFFSETS.map((offset) => [offset, naiveIntegers(KEY, offset, 261)]));

/** Values that a careless product or select would get wrong, among ordinary ones. */
const SPECIAL = [Number.NaN, Infinity, -Infinity, -0, 0, 5e-324, -5e-324, 1e-45, -1e-40, 3.4e38, -1.7e308];

function fillInput(x: FloatArray): FloatArray {
  for (let i = 0; i < x.length; i++) x[i] = i % 3 === 0 ? SPECIAL[(i / 3) % SPECIAL.length]! : (i - 7.3) / 11;
  return x;
}

/** Below it float32 is subnormal: a GPU may take such numbers for 0. */
const NORMAL = 2 ** -126;

/** {@link firstDifference} of products with `x`, where `subject` may have lost those that are subnormal. */
function firstWrong(subject: Subject, actual: FloatArray, expected: FloatArray, x: FloatArray): number {
  if (!subject.isGpu) return firstDifference(actual, expected);
  const isLost = (i: number): boolean => actual[i] === 0 && Math.min(Math.abs(x[i]!), Math.abs(expected[i]!)) < NORMAL;
  return firstDifference(
    actual.map((value, i) => (isLost(i) ? expected[i]! : value)),
    expected,
  );
}

/**
 * The first number that is not `expected`, or on a GPU further from it than `bound` allows: relative to the size of
 * what was added up.
 */
function firstFar(subject: Subject, actual: FloatArray, expected: ArrayLike<number>, sizes: ArrayLike<number>): number {
  if (!subject.isGpu) return firstDifference(actual, expected);
  const isNear = (value: number, i: number): boolean =>
    Object.is(value, Math.fround(expected[i]!)) || Math.abs(value - expected[i]!) <= 2 ** -22 * sizes[i]! + NORMAL;
  return actual.findIndex((value, i) => !isNear(value, i));
}

/** What the contract says of each element, in float64 and rounded once. */
function expectedOutput(x: FloatArray, scale: number, isKept: (j: number) => boolean): FloatArray {
  const s = x instanceof Float32Array ? Math.fround(scale) : scale;
  return x.map((value, j) => (isKept(j) ? value * s : 0)) as FloatArray;
}

/** Packs decisions; the words of `expectedMask` beyond them do not exist. */
function expectedMask(n: number, isKept: (j: number) => boolean): Uint32Array {
  const words = new Uint32Array(Math.ceil(n / 32));
  for (let j = 0; j < n; j++) if (isKept(j)) words[j >> 5]! |= 1 << (j & 31);
  return words;
}

/** Draws a mask between two marked words; returns it and checks the marks. */
async function maskOf(subject: Subject, n: number, T: number, offset: number, root: Key = KEY): Promise<Uint32Array> {
  const words = Math.ceil(n / 32);
  const guarded = new Uint32Array(words + 2).fill(MARK);
  await subject.kernel.mask(guarded.subarray(1, 1 + words), n, root, T, offset);
  expect([guarded[0], guarded[words + 1]], `marks around the mask of ${n}`).toEqual([MARK, MARK]);
  return guarded.subarray(1, 1 + words);
}

/** An output of `n` elements between two marked ones, and the check that nothing else was written. */
function guardedOutput(subject: Subject, n: number, type: FloatType): { out: FloatArray; checkMarks: () => void } {
  const all = subject.makeOutput(n + 2, type).fill(-77);
  return {
    out: all.subarray(1, 1 + n),
    checkMarks: () => expect([all[0], all[n + 1]], `marks around the output of ${n}`).toEqual([-77, -77]),
  };
}

/** The element type of one case of many. */
const typeOf = ({ types }: Subject, turn: number): FloatType => types[turn % types.length]!;

function inputOf(subject: Subject, n: number, type: FloatType): FloatArray {
  // From the second element on, so that the address is not a multiple of 16.
  return fillInput(subject.makeInput(n + 1, type).subarray(1));
}

/** The suite for what `open` gives before the first test. */
export function describeKernel(name: string, open: () => Subject | Promise<Subject>, skipped?: string): void {
  describe.skipIf(skipped !== undefined)(`kernel: ${name}${skipped === undefined ? "" : ` (${skipped})`}`, () => {
    let subject: Subject;
    beforeAll(async () => {
      subject = await open();
    }, 60_000);

    test.each(OFFSETS)(
      "masks and products of 0 to 260 elements from offset %d on are those of the specification",
      async (offset) => {
        const integers = naive.get(offset)!;
        // Each call of a device takes some ms: there every offset has its seventh of the sizes.
        const [start, step] = subject.isGpu ? [OFFSETS.indexOf(offset) % 7, 7] : [0, 1];
        for (let n = start; n <= 260; n += step) {
          const T = THRESHOLDS[n % THRESHOLDS.length]!;
          const limit = BigInt(T);
          const isKept = (j: number): boolean => integers[j]! < limit;
          expect(
            firstDifference(await maskOf(subject, n, T, offset), expectedMask(n, isKept)),
            `mask of ${n}, T ${T}`,
          ).toBe(-1);
          const type = typeOf(subject, n);
          const x = inputOf(subject, n, type);
          const { out, checkMarks } = guardedOutput(subject, n, type);
          await subject.kernel.dropout(x, out, KEY, T, SCALE, offset);
          expect(firstWrong(subject, out, expectedOutput(x, SCALE, isKept), x), `${type} of ${n}, T ${T}`).toBe(-1);
          checkMarks();
        }
      },
    );

    test.each(THRESHOLDS)("every threshold, here %d", async (T) => {
      const n = 1000;
      const mask = await maskOf(subject, n, T, 100);
      const drawn = Array.from({ length: 261 }, (_, j) => ((mask[j >> 5]! >>> (j & 31)) & 1) === 1);
      expect(drawn).toEqual(naive.get(100)!.map((U) => U < BigInt(T)));
      const reference = new Uint32Array(Math.ceil(n / 32));
      referenceKernel.mask(reference, n, KEY, T, 100);
      expect(firstDifference(mask, reference)).toBe(-1);
    });

    test.each([9, 10, 11, 12, 13, 14, 15, 16, 17])("sizes around 2^%d", async (power) => {
      const most = 2 ** power + 1;
      for (const [i, keep] of [0.5, 0.9, 0.3].entries()) {
        if (subject.isGpu && i !== power % 3) continue; // the slowest calls there are
        const T = threshold(keep);
        const offset = [0, 2 ** 38 - 40_000, 1_000_003][i]!;
        const reference = new Uint32Array(Math.ceil(most / 32));
        referenceKernel.mask(reference, most, KEY, T, offset);
        const isKept = (j: number): boolean => ((reference[j >> 5]! >>> (j & 31)) & 1) === 1;
        for (let r = 0; r < 20; r++) {
          const j = Math.floor(((r + 0.5) / 20) * most);
          expect(isKept(j), `element ${offset + j}`).toBe(naiveIsKept(KEY, T, offset + j));
        }
        for (const n of [most - 2, most - 1, most]) {
          expect(firstDifference(await maskOf(subject, n, T, offset), expectedMask(n, isKept)), `mask of ${n}`).toBe(
            -1,
          );
          const type = typeOf(subject, n + i);
          const x = inputOf(subject, n, type);
          const { out, checkMarks } = guardedOutput(subject, n, type);
          await subject.kernel.dropout(x, out, KEY, T, SCALE, offset);
          expect(firstWrong(subject, out, expectedOutput(x, SCALE, isKept), x), `${type} of ${n}`).toBe(-1);
          checkMarks();
        }
      }
    });

    test("in place, and with a mask given", async () => {
      for (const type of subject.types)
        for (const n of [0, 1, 31, 33, 255, 1000, 8192, 40_001, subject.isGpu ? 100_000 : 300_001]) {
          const T = threshold(0.7);
          const mask = await maskOf(subject, n, T, 5);
          const isKept = (j: number): boolean => ((mask[j >> 5]! >>> (j & 31)) & 1) === 1;
          const x = inputOf(subject, n, type);
          const expected = expectedOutput(x, SCALE, isKept);
          const { out, checkMarks } = guardedOutput(subject, n, type);
          await subject.kernel.apply(x, out, mask, SCALE);
          expect(firstWrong(subject, out, expected, x), `apply of ${n}`).toBe(-1);
          checkMarks();
          out.set(x);
          await subject.kernel.apply(out, out, mask, SCALE);
          expect(firstWrong(subject, out, expected, x), `apply in place of ${n}`).toBe(-1);
          out.set(x);
          await subject.kernel.dropout(out, out, KEY, T, SCALE, 5);
          expect(firstWrong(subject, out, expected, x), `dropout in place of ${n}`).toBe(-1);
          checkMarks();
        }
    });

    test.each([0, 1, 7, 2 ** 33 - 45, 2 ** 33 - 46, 2 ** 49 + 5, 2 ** 53 - 1100])(
      "normals from offset %d on are those of the noise words, alone and in products",
      async (offset) => {
        const most = 1100;
        const z = Array.from({ length: most }, (_, j) => normalOfWord(noiseWord(KEY, offset + j)));
        for (const n of [0, 1, 2, 3, 31, 255, 256, 257, 300, 511, 513, 1099, most]) {
          for (const type of subject.types) {
            const { out, checkMarks } = guardedOutput(subject, n, type);
            await subject.kernel.normals(out, KEY, 0.25, 1.5, offset);
            const multipliers = z.slice(0, n).map((value) => 0.25 + 1.5 * value);
            const rounded = type === "float32" ? Float32Array.from(multipliers) : multipliers;
            const sizes = z.map((value) => 0.25 + 1.5 * Math.abs(value));
            expect(firstFar(subject, out, rounded, sizes), `${type}, normals of ${n}`).toBe(-1);
            const x = inputOf(subject, n, type);
            const productSizes = Array.from(x, (value, j) => Math.abs(value) * sizes[j]!);
            await subject.kernel.multiplyByNormals(x, out, KEY, 0.25, 1.5, offset);
            const products = x.map((value, j) => value * multipliers[j]!);
            expect(firstFar(subject, out, products, productSizes), `${type}, products of ${n}`).toBe(-1);
            checkMarks();
            await subject.kernel.multiplyByNormals(x, x, KEY, 0.25, 1.5, offset);
            expect(firstFar(subject, x, products, productSizes), `${type}, products of ${n} in place`).toBe(-1);
          }
        }
      },
    );

    test("a long array of normals, tails and pieces included", async () => {
      const n = 100_003;
      const { out, checkMarks } = guardedOutput(subject, n, subject.types.at(-1)!);
      await subject.kernel.normals(out, KEY, 0, 1, 12_345);
      const expected = Float64Array.from({ length: n }, (_, j) => normalOfWord(noiseWord(KEY, 12_345 + j)));
      expect(firstFar(subject, out, expected, expected.map(Math.abs))).toBe(-1);
      expect(expected.filter((z) => Math.abs(z) > 2.42).length).toBeGreaterThan(1000);
      checkMarks();
    });

    test("leaves its input alone", async () => {
      const x = inputOf(subject, 70_000, "float32");
      const before = x.slice();
      await subject.kernel.dropout(x, subject.makeOutput(70_000, "float32"), KEY, threshold(0.5), 2, 3);
      expect(firstDifference(x, before)).toBe(-1);
    });

    test("a scale that float32 cannot hold is rounded once, before the product", async () => {
      const x = subject.makeInput(1000, "float32");
      for (let j = 0; j < 1000; j++) x[j] = 1 + j * 2 ** -23;
      const out = subject.makeOutput(1000, "float32");
      await subject.kernel.apply(x, out, new Uint32Array(32).fill(0xffffffff), 1 / 0.3);
      const expected = x.map((value) => Math.fround(value * Math.fround(1 / 0.3)));
      expect(firstDifference(out, expected)).toBe(-1);
    });

    test("masks that JAX's own Threefry drew (vectors/stream1.json)", async () => {
      const file = new URL("../vectors/stream1.json", import.meta.url);
      const { cases } = JSON.parse(readFileSync(file, "utf8")) as {
        cases: readonly { seed: string; rate: number; n: number; offset: string; mask: string }[];
      };
      for (const { seed, rate, n, offset, mask: expected } of cases) {
        const T = threshold(1 - rate);
        if (T === 0 || T === 2 ** 53) continue; // the ends are decided above the kernels
        const mask = await maskOf(subject, n, T, Number(offset), key(BigInt(seed)));
        const bytes = Buffer.from(mask.buffer, mask.byteOffset, Math.ceil(n / 8));
        expect(bytes.toString("hex"), `seed ${seed}, rate ${rate}, offset ${offset}`).toBe(expected);
      }
    });
  });
}
