// Runs of `hadamask uncertainty` on small models that give values, all with the same dropout, and what they answer.

import { expect } from "vitest";
import { predicted, refused } from "./uncertainty.js";

/** Options that the runs share. */
export const DROP = ["--where", "after:Relu", "--rate", "0.3", "--samples", "10"];

interface Row {
  readonly mean: number[];
  readonly variance: number[];
  readonly deterministic: number[];
}

/** @param path Of a file in the folder of the test. */
export const droppedRuns = (path: (name: string) => string) => ({
  predict: async (...args: string[]): Promise<Row[]> =>
    (await predicted<Row>(path("rows.json"), ...args, ...DROP)).rows,
  refusedWith: (...args: string[]): Promise<string> => refused(...args, ...DROP),
});

/** Means agree, up to what engines round in another order. */
export function close(a: readonly Row[], b: readonly Row[]): void {
  expect(a.length).toBe(b.length);
  a.forEach(({ mean }, row) => {
    mean.forEach((value, v) => {
      expect(value).toBeCloseTo(b[row]!.mean[v]!, 4);
    });
  });
}
