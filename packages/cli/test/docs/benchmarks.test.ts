// docs/benchmarks.md, the README's table and the figure say what docs/benchmarks.json says; and the JSON holds what
// was promised.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { GroupResult } from "../../src/bench/harness.js";

interface Measurements {
  readonly n: number;
  readonly rates: readonly (GroupResult & { readonly rate: number })[];
  readonly curve: readonly (GroupResult & { readonly n: number })[];
  readonly trainingStep: { readonly results: readonly unknown[] };
  readonly library: { readonly groups: readonly GroupResult[] };
}

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const data = JSON.parse(readFileSync(`${root}/docs/benchmarks.json`, "utf8")) as Measurements;

const PEERS = ["TF.js cpu", "TF.js wasm", "jax-js wasm", "ONNX Runtime node", "ONNX Runtime web"];
const ALONE = ["array copy", "hadamask", "hadamask, alloc"];

describe("docs/benchmarks.json", () => {
  test("is what the page, the README and the figure show", () => {
    const check = () => execFileSync(process.execPath, [`${root}/bench/run.mjs`, "--check"], { stdio: "pipe" });
    expect(check).not.toThrow();
  });

  test("compares with every peer at every rate, beside a copy", () => {
    expect(data.n).toBe(4 * 2 ** 20);
    expect(data.rates.map(({ rate }) => rate)).toEqual([0.1, 0.2, 0.5]);
    for (const { baseline, results } of data.rates) {
      expect(baseline).toBe("array copy");
      expect(results.map(({ name }) => name)).toEqual(expect.arrayContaining([...ALONE, ...PEERS]));
    }
  });

  test("goes from 64 to 16M elements for all and to 64M for the library", () => {
    const { n: last, results } = data.curve.at(-1)!;
    expect(last).toBe(2 ** 26);
    expect(results.map(({ name }) => name)).toEqual(ALONE);
    const shared = data.curve.slice(0, -1);
    expect(shared.map(({ n }) => n)).toEqual(Array.from({ length: 10 }, (_, i) => 64 * 4 ** i).with(9, 2 ** 24));
    for (const group of shared)
      expect(group.results.map(({ name }) => name)).toEqual(expect.arrayContaining([...ALONE, ...PEERS]));
  });

  test("has three training steps and the aims of the kernels", () => {
    expect(data.trainingStep.results).toHaveLength(3);
    const aims = data.library.groups.flatMap(({ results }) => results.filter(({ target }) => target !== undefined));
    expect(aims.length).toBeGreaterThan(20);
  });
});
