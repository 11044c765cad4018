// How long a sweep will still take, by a clock of the test's own.

import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Dataset } from "../../../../experiments/src/data/dataset.js";
import { loadDataset } from "../../../src/data/load.js";
import { startProgress } from "../../../src/output/progress.js";
import { noColours } from "../../../src/output/terminal.js";
import { gridOf } from "../../../src/sweep/grid.js";
import { planOf } from "../../../src/sweep/plan.js";
import { withDefaults } from "../../../src/sweep/request.js";
import { workOf } from "../../../src/sweep/work.js";

let data: Dataset;
beforeAll(async () => {
  data = await loadDataset("optdigits");
});
afterEach(() => void vi.restoreAllMocks());

/**
 * Seconds of a run on a machine with other costs than ours: a slow start, and so much a step and a multiplication.
 */
const secondsOf = (steps: number, products: number): number => 1.5 + steps * (0.004 + 1.2e-9 * products);

test("a grid of small and large runs tells its end within a factor of two, from the first run on", () => {
  const hidden = [[8], [64, 64], [512, 512]];
  const request = { hidden, trainSize: [50, 200, 1000], variants: ["none", "bernoulli:0.5"], seeds: 2, epochs: [100] };
  const plan = planOf(gridOf(withDefaults(request), [data]).cells);
  const runs = Array.from({ length: plan.total }, (_, index) => plan.at(index));
  const times = runs.map(({ cell: { settings } }) => {
    const sizes = [64, ...settings.hidden, 10];
    const products = sizes.slice(1).reduce((sum, size, i) => sum + size * sizes[i]!, 0);
    return secondsOf(100 * Math.floor((0.8 * settings.trainRows) / settings.batchSize), products * settings.batchSize);
  });
  const all = times.reduce((a, b) => a + b, 0);
  expect(Math.max(...times) / Math.min(...times)).toBeGreaterThan(15); // one run does not measure another
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => 1000 * now);
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  const terminal = { isInteractive: false, paint: noColours, write: async () => {}, note };
  const progress = startProgress(
    terminal,
    runs.reduce((sum, run) => sum + workOf(run), 0),
  );
  let work = 0;
  runs.slice(0, -1).forEach((run, i) => {
    now += times[i]!;
    work += workOf(run);
    progress.update(work, "");
    progress.log("");
    const [, count, unit] = /; (\d+(?:\.\d+)?) (s|min) left$/.exec(lines.at(-1)!)!;
    const told = Number(count) * (unit === "min" ? 60 : 1);
    expect(told / (all - now), `${told} of ${all - now}`).toBeGreaterThan(0.5);
    expect(told / (all - now), `${told} of ${all - now}`).toBeLessThan(2);
  });
});

test.each(["mlp", "residual", "cnn", "gru", "lstm"] as const)(
  "%s: more rows, steps and units are more work",
  (model) => {
    const work = (more: object): number => {
      const request = withDefaults({ model: [model], seeds: 1, trainSize: [100], epochs: [50], ...more });
      return workOf(planOf(gridOf(request, [data]).cells).at(0));
    };
    const base = work({});
    expect(Number.isFinite(base)).toBe(true);
    const small = model === "residual" ? [8, 8] : [8];
    const larger = [work({ epochs: [100] }), work({ trainSize: [200] }), work({ hidden: [small.map(() => 512)] })];
    for (const more of larger) expect(more).toBeGreaterThan(work({ hidden: [small] }));
    expect(work({ epochs: [100] })).toBeGreaterThan(base);
  },
);
