// The doctor on sound masks, which it must not complain of, and on masks with every fault that it looks for.

import { Dropout, dropout, keepMask, key, SpatialDropout, unpackMask } from "hadamask";
import { examineMask } from "hadamask/doctor";
import { describe, expect, test } from "vitest";

const N = 4096;
const sound = (seed: number, rate = 0.5) => unpackMask(keepMask(N, { rate, key: key(seed) }), N);

describe("examineMask", () => {
  // Repeats are false alarms once in 10^9, the others once in 10^6 masks: 200 sound ones raise none.
  test("finds nothing wrong with 200 sound masks; the 95 % interval holds the rate in at least 90 % of them", () => {
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const rate = [0.1, 0.25, 0.5, 0.9][seed % 4]!;
      const report = examineMask(sound(seed, rate), { rate, shape: [64, 64] });
      expect(report.repeats).toEqual({ sharedAxes: [], group: 1, period: undefined });
      expect(report.correlations).toEqual([]);
      expect(report.isRateRight).toBe(true);
      if (rate >= report.rateInterval[0] && rate <= report.rateInterval[1]) covered++;
    }
    // P(fewer than 170 of 200 at coverage 0.95) < 1e-9.
    expect(covered).toBeGreaterThanOrEqual(170);
  });

  test("tells mask, multipliers and values apart, and reads the factor", () => {
    const x = Float64Array.from({ length: N }, (_, i) => 1 + i);
    const options = { rate: 0.2, key: key(1) };
    expect(examineMask(sound(1))).toMatchObject({ kind: "mask", factor: 1 });
    expect(examineMask(dropout(new Float64Array(N).fill(1), options))).toMatchObject({
      kind: "multipliers",
      factor: 1.25,
    });
    expect(examineMask(dropout(x, options))).toMatchObject({ kind: "values", factor: undefined });
    expect(examineMask([0, 0, 0])).toMatchObject({ kind: "mask", factor: undefined, rate: 1 });
    expect(examineMask([true, false])).toMatchObject({ kind: "mask", rate: 0.5 });
  });

  test("says that a rate is wrong: a 0.2 that keeps 20 %", () => {
    expect(examineMask(sound(2, 0.8), { rate: 0.2 }).isRateRight).toBe(false);
  });

  test("finds shared axes and counts draws: whole channels", () => {
    const layer = new SpatialDropout({ rate: 0.5, sharedAxes: [2, 3], key: key(3) });
    const y = layer.forward(new Float32Array(16 * 32 * 5 * 5).fill(1), { shape: [16, 32, 5, 5] });
    const report = examineMask(y, { shape: [16, 32, 5, 5], rate: 0.5 });
    expect(report).toMatchObject({ draws: 512, isRateRight: true, factor: 2 });
    expect(report.repeats.sharedAxes).toEqual([2, 3]);
    expect(report.correlations).toEqual([]);
  });

  test("finds groups of four, and judges the rate by the draws that there are", () => {
    const bits = sound(4);
    const fourfold = bits.map((_, i) => bits[i - (i % 4)]!);
    const report = examineMask(fourfold, { rate: 0.5 });
    expect(report.repeats).toMatchObject({ group: 4, period: undefined });
    expect(report.isRateRight).toBe(true);
    expect(report.rateInterval[1] - report.rateInterval[0]).toBeGreaterThan(0.055); // of 1024 draws, not of 4096
  });

  test("finds a mask that starts again after a quarter of the array", () => {
    const bits = sound(5);
    const periodic = examineMask(bits.map((_, i) => bits[i % 1024]!));
    expect(periodic.repeats.period).toBe(1024);
    expect(periodic.rateInterval[1] - periodic.rateInterval[0]).toBeGreaterThan(0.055); // of 1024 draws, too
  });

  test("finds decisions that hang together without being equal", () => {
    const [a, b] = [sound(6), sound(7, 0.9)];
    const copied = (fresh: 0 | 1) => {
      const bits = Uint8Array.from(a);
      for (let i = 37; i < N; i++) if (b[i] !== fresh) bits[i] = bits[i - 37]!;
      return bits;
    };
    const [strong] = examineMask(copied(1)).correlations; // nine in ten copied
    expect(strong?.distance).toBe(37);
    expect(strong?.correlation).toBeGreaterThan(0.5);
    const [rare] = examineMask(copied(0)).correlations; // one in ten copied
    expect(rare?.distance).toBe(37);
    expect(rare?.correlation).toBeLessThan(0.2);
  });

  test("counts elements in which forward and backward disagree", () => {
    const layer = new Dropout({ rate: 0.5, key: key(8) });
    const ones = new Float64Array(N).fill(1);
    const y = layer.forward(ones);
    expect(examineMask(y, { gradient: layer.backward(ones) }).disagreements).toBe(0);
    const other = examineMask(y, { gradient: dropout(ones, { rate: 0.5, key: key(9) }) }).disagreements!;
    expect(other).toBeGreaterThan(1500);
  });

  test.each([
    [[], {}, "examineMask: values must be at least one element, got 0"],
    [[1, 0], { rate: 2 }, "examineMask: rate must be in [0, 1], got 2"],
    [[1, 0], { shape: [3] }, "examineMask: values must have 3 elements for shape [3], got 2"],
    [[1, 0], { gradient: [1] }, "examineMask: gradient must have 2 elements like values, got 1"],
  ] as const)("refuses %j with %j", (values, options, message) => {
    expect(() => examineMask(values, options)).toThrow(message);
  });
});
