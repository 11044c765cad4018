// `hadamask bench --gpu`: its cases are right on a device, and its count of work is what theory says.

import { describe, expect, test } from "vitest";
import { gpuAdapter, gpuReason, newDevice } from "../../../../hadamask/test/support/gpu.js";
import { gpuLines } from "../../../src/bench/gpu.js";
import { blocksPerElement, gpuCases } from "../../../src/bench/gpu-cases.js";
import { type BenchDevice, measureGpu } from "../../../src/bench/gpu-measure.js";

if (gpuAdapter === undefined) console.log(`hadamask bench --gpu is not run here: ${gpuReason}`);

describe("bench --gpu", () => {
  test("counts hash blocks: one a bit of the rate, and for other rates until 64 elements are decided", () => {
    expect(blocksPerElement(0.5)).toEqual({ alone: 1 / 64, together: 1 / 64 });
    expect(blocksPerElement(0.25)).toEqual({ alone: 2 / 64, together: 2 / 64 });
    // The largest of m geometric numbers: the sum over k of 1 - (1 - 2^-k)^m.
    const largest = (m: number): number =>
      Array.from({ length: 53 }, (_, k) => 1 - (1 - 2 ** -k) ** m).reduce((sum, value) => sum + value, 0);
    const { alone, together } = blocksPerElement(0.1);
    // 4096 draws of a standard deviation below 2, and 128: five standard errors, two-sided 6e-7, at a fixed key.
    expect(Math.abs(64 * alone - largest(64))).toBeLessThan((5 * 2) / Math.sqrt(4096));
    expect(Math.abs(64 * together - largest(2048))).toBeLessThan((5 * 2) / Math.sqrt(128));
  });

  test.skipIf(gpuAdapter === undefined)(`checks and times every case (${gpuReason})`, async () => {
    const { device, errors } = await newDevice();
    const { cases, close } = gpuCases(device as unknown as BenchDevice, 2 ** 14);
    const results = await measureGpu(device as unknown as BenchDevice, cases, 1);
    close();
    device.destroy();
    expect(errors).toEqual([]);
    expect(results.map(({ name }) => name)).toEqual(cases.map(({ name }) => name));
    for (const { ns, gbPerSecond, ratio } of results) expect(Math.min(ns, gbPerSecond, ratio)).toBeGreaterThan(0);
    const lines = gpuLines({ device: "x", isSoftware: true, timestamps: false, results, blocks: [] });
    expect(lines.filter((line) => line.includes("dropout"))).toHaveLength(7);
    expect(lines[1]).toBe("a software device: the times say nothing of what a card does");
  });

  test.skipIf(gpuAdapter === undefined)("a wrong result stops it", async () => {
    const { device } = await newDevice();
    const { cases, close } = gpuCases(device as unknown as BenchDevice, 2 ** 14);
    const broken = { ...cases[2]!, record: cases[1]!.record };
    await expect(measureGpu(device as unknown as BenchDevice, [cases[1]!, broken], 1)).rejects.toThrow(
      "bench --gpu: dropout, rate 0.5: the result is wrong",
    );
    close();
    device.destroy();
  });
});
