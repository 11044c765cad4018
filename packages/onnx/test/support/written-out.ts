// Dropout networks written out in plain TypeScript, for models to be held to pass by pass.

import { type MonteCarloOptions, monteCarlo } from "@hadamask/onnx";
import { keepMask, key, passKey, sampleKey, siteKey } from "hadamask";
import { expect } from "vitest";
import { bytesOf, type Graph, weight } from "./graphs.js";
import { quiet } from "./monte-carlo.js";
import { ort } from "./runtime.js";

export const [KEY, RATE, SAMPLES, ROWS] = [key(1), 0.4, 6, 5];
export const numbers = (name: string, dims: readonly number[], seed: number): number[] => [
  ...new Float32Array(weight(name, dims, 1, seed).rawData!.buffer.slice(0)),
];
/** Multipliers of a site for one row of one pass. */
export function masked(
  site: string,
  pass: number,
  row: number | undefined,
  x: readonly number[],
  rate = RATE,
): number[] {
  const own = passKey(siteKey(KEY, site), pass);
  const bits = keepMask(x.length, { keep: 1 - rate, key: row === undefined ? own : sampleKey(own, row) });
  return x.map((value, i) => ((bits[i >> 5]! >>> (i & 31)) & 1) * value * (1 / (1 - rate)));
}
/** x W for W [n, m]. */
export const times = (x: readonly number[], w: readonly number[]): number[] =>
  Array.from({ length: w.length / x.length }, (_, j) =>
    x.reduce((sum, value, i) => sum + value * w[(i * w.length) / x.length + j]!, 0),
  );
export const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + b[i]!);
export const relu = (x: readonly number[]): number[] => x.map((value) => Math.max(0, value));
export const row = (x: Float32Array, r: number, size: number): number[] => [...x.subarray(r * size, (r + 1) * size)];

/** All passes through monteCarlo, [pass][row * columns]. */
export async function passesOf(graph: Graph, inputs: Record<string, unknown>, more: Partial<MonteCarloOptions>) {
  const mc = await monteCarlo(bytesOf(graph), { ort, key: KEY, rate: RATE, kind: "values", session: quiet, ...more });
  const found: number[][] = [];
  for await (const pass of mc.passes(inputs as never, { samples: SAMPLES })) found.push([...pass.output]);
  await mc.dispose();
  return found;
}

export function expectClose(found: readonly number[][], wanted: (pass: number) => readonly number[]): void {
  expect(found).toHaveLength(SAMPLES);
  for (const [s, data] of found.entries()) {
    const expected = wanted(s);
    expect(data).toHaveLength(expected.length);
    // sums of floats in another order
    data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
  }
  expect(new Set(found.map((data) => data[0])).size).toBeGreaterThan(1);
}
export const MASKS = ["independent", "consistent"] as const;

/** The weights that the recurrent networks of `bodies.ts` have. */
export const W = numbers("", [3, 3], 5);
