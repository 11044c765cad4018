// docs/benchmarks.md, the tables of the READMEs and the figure say what docs/benchmarks/*.json say; and these hold what
// was promised.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
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
const folder = `${root}/docs/benchmarks`;
const files = readdirSync(folder).map((name): [string, Measurements] => [
  name,
  JSON.parse(readFileSync(`${folder}/${name}`, "utf8")) as Measurements,
]);

const PEERS = ["TF.js cpu", "TF.js wasm", "jax-js wasm", "ONNX Runtime node", "ONNX Runtime web"];
const ALONE = ["array copy", "hadamask", "hadamask, alloc"];

test("the page, the README and the figure show what was measured", () => {
  const check = () => execFileSync(process.execPath, [`${root}/bench/run.mjs`, "--check"], { stdio: "pipe" });
  expect(check).not.toThrow();
});

test("the library's own cases have aims on every processor", () => {
  for (const [name, { library }] of files) {
    const aims = library.groups.flatMap(({ results }) =>
      results.filter((r) => r.target !== undefined || r.limit !== undefined),
    );
    expect(aims.length, name).toBeGreaterThan(20);
  }
});

describe.each(files.filter(([, data]) => "rates" in data))("docs/benchmarks/%s, with peers", (_, data) => {
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
    expect(results.map(({ name }) => name)).toEqual(expect.arrayContaining(ALONE));
    const shared = data.curve.slice(0, -1);
    expect(shared.map(({ n }) => n)).toEqual(Array.from({ length: 10 }, (_, i) => 64 * 4 ** i).with(9, 2 ** 24));
    for (const group of shared)
      expect(group.results.map(({ name }) => name)).toEqual(expect.arrayContaining([...ALONE, ...PEERS]));
  });

  test("has three training steps", () => {
    expect(data.trainingStep.results).toHaveLength(3);
  });
});
