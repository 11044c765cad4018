// A sweep of values: a table with a category and a blank, swept over rates, widths and both kinds of noise. Every
// number in the result is computed again from the saved runs.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { key, normal } from "hadamask";
import { beforeAll, describe, expect, test } from "vitest";
import type { SweepConfig, SweepResult } from "../../../../experiments/src/sweep-result.js";
import type { TrainedRun } from "../../../../experiments/src/training/run.js";
import type { ValuePredictions } from "../../../../experiments/src/value-metrics.js";
import { parseRunText } from "../../../src/train/run-file.js";
import { testFolder } from "../../support/folder.js";
import { type Run, run } from "../../support/run.js";

const path = testFolder();
const ROWS = 60;
const noise = normal(2 * ROWS, { key: key(3) });

/** cost = 500 + 100 size + 40 abroad + noise of 10. */
const table = (): string => {
  const lines = Array.from({ length: ROWS }, (_, i) => {
    const place = i % 3 === 0 ? "abroad" : "home";
    const cost = 500 + 100 * noise[i]! + (i % 3 === 0 ? 40 : 0) + 10 * noise[ROWS + i]!;
    return `${i === 5 ? "" : noise[i]!.toFixed(3)},${place},${cost.toFixed(1)}`;
  });
  return `size,place,cost\n${lines.join("\n")}\n`;
};

const GRID = "--variants none,bernoulli --rates 0.1,0.4 --hidden 4;8 --epochs 15 --learning-rate 0.02 --seeds 2".split(
  " ",
);

function runsOf(folder: string, config: SweepConfig): TrainedRun[] {
  const cells = path(`${folder}/cells`);
  const cell = readdirSync(cells).find((name) => name.includes(`-mlp-${config.hidden.join("x")}-`))!;
  return [0, 1].map((seed) => {
    const file = `${cells}/${cell}/runs/${config.variant.replace(":", "-")}-seed${seed}.json`;
    return parseRunText(readFileSync(file, "utf8")).run;
  });
}

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe.each(["fixed", "learned"])("a sweep of values with %s noise", (kind) => {
  let swept: Run;
  let result: SweepResult;
  beforeAll(async () => {
    writeFileSync(path("costs.csv"), table());
    swept = await run([
      ...["sweep", "--data", path("costs.csv"), "--missing", "indicator", ...GRID, "--noise", kind],
      ...["--threads", "0", "--out", path(kind)],
    ]);
    expect(swept.code, swept.err).toBe(0);
    result = JSON.parse(readFileSync(path(`${kind}/sweep.json`), "utf8"));
  }, 120_000);

  test("says what is predicted, and scores in its unit while it trains", () => {
    expect(swept.err).toContain("sweep: costs.csv: cost is predicted as a number, of ");
    expect(swept.err).toMatch(/1\/12 {2}none, seed 0, 48 rows of costs\.csv, mlp 4: test RMSE \d/);
    expect(result.data[0]).toMatchObject({ target: { name: "cost" }, classes: [], features: 4 });
    expect(result.noise).toBe(kind);
  });

  test("has the RMSE, the MAE, the NLL and the coverage of the saved predictions", () => {
    expect(result.configs).toHaveLength(6);
    for (const config of result.configs) {
      const predictions = runsOf(kind, config).map((one) => one.predictions as ValuePredictions);
      const perSeed = (of: (p: ValuePredictions, i: number) => number): number[] =>
        predictions.map((p) => meanOf(Array.from(p.value, (_, i) => of(p, i))));
      const distance = ({ value, mean }: ValuePredictions, i: number): number => Math.abs(value[i]! - mean[i]!);
      const close = (found: readonly number[], expected: readonly number[]): void =>
        expected.forEach((value, s) => void expect(found[s]).toBeCloseTo(value, 9));
      close(config.testError.perSeed, perSeed((p, i) => distance(p, i) ** 2).map(Math.sqrt));
      close(config.mae!.perSeed, perSeed(distance));
      close(
        config.nll.perSeed,
        perSeed(
          (p, i) => Math.log(p.deviation[i]! * Math.sqrt(2 * Math.PI)) + (distance(p, i) / p.deviation[i]!) ** 2 / 2,
        ),
      );
      close(
        config.coverage!.perSeed,
        perSeed((p, i) => Number(distance(p, i) <= 1.959963984540054 * p.deviation[i]!)),
      );
    }
  });

  test("chooses the lowest NLL of the validation rows, whose RMSE is in the unit too", () => {
    for (const config of result.configs) {
      const runs = runsOf(kind, config);
      expect(config.validation!.nll.mean).toBeCloseTo(meanOf(runs.map((one) => one.validation!.nll.at(-1)!)), 12);
      expect(config.validation!.error.mean).toBeCloseTo(meanOf(runs.map((one) => one.validation!.error.at(-1)!)), 12);
    }
    expect(result.choices.map((choice) => choice.kind)).toEqual(["none", "bernoulli"]);
    for (const { kind: variant, config, of } of result.choices) {
      const field = result.configs.filter((one) => one.kind === variant);
      expect(of).toBe(field.length);
      const best = Math.min(...field.map((one) => one.validation!.nll.mean));
      expect(result.configs[config]!.validation!.nll.mean).toBe(best);
    }
    const { against, config } = result.choices[1]!;
    const first = result.configs[result.choices[0]!.config]!;
    expect(against!.testError.mean).toBeCloseTo(result.configs[config]!.testError.mean - first.testError.mean, 9);
  });

  test("names the measures of values in the table, the findings, the CSV, the report and the figures", () => {
    const { out } = swept;
    expect(out).toMatch(/validation NLL +test NLL +test RMSE +in 95 % intervals, %\n/);
    expect(out).toMatch(
      /none, best of 2 by validation with widths \d: test RMSE \d+\.\d+, \d+\.\d % in their 95 % inter/,
    );
    expect(out).not.toMatch(/test error/i);
    const [heading, ...rows] = readFileSync(path(`${kind}/configs.csv`), "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    const cell = (row: readonly string[], name: string): number => Number(row[heading!.indexOf(name)]);
    rows.forEach((row, c) => {
      const { validation, nll, testError, mae, coverage, ece } = result.configs[c]!;
      expect(cell(row, "validationRmse")).toBe(validation!.error.mean);
      const expected = { nll, rmse: testError, coverage: coverage!, mae: mae!, coverageGap: ece };
      for (const [name, measure] of Object.entries(expected)) {
        const [lower, upper] = measure.ci95!;
        expect([name, `${name}Lower`, `${name}Upper`].map((one) => cell(row, one))).toEqual([
          measure.mean,
          lower,
          upper,
        ]);
      }
    });
    const runs = readFileSync(path(`${kind}/runs.csv`), "utf8").split("\n");
    expect(runs[0]).toMatch(/,seed,validationNll,validationRmse,nll,rmse,coverage,mae,coverageGap$/);
    expect(Number(runs[1]!.split(",").at(-4))).toBe(result.configs[0]!.testError.perSeed[0]);
    const report = readFileSync(path(`${kind}/report.html`), "utf8");
    for (const text of [
      "Test RMSE",
      "In 95\u00a0% intervals, %",
      "Coverage of 95\u00a0% intervals over rate",
      "test RMSE, cost",
    ])
      expect(report).toContain(text);
    expect(report).not.toMatch(/test error[^-]/i);
    const figures = readdirSync(path(kind)).filter((name) => name.endsWith(".png"));
    expect(figures).toEqual([
      ...["configurations.png", "coverage-rate.png", "coverage-widths.png", "nll-rate.png", "nll-widths.png"],
      ...["test-error-rate.png", "test-error-widths.png"],
    ]);
  });
});

describe("a sweep of values refuses", () => {
  const sweep = async (...args: string[]): Promise<string> => {
    const { code, err } = await run(["sweep", ...args, "--threads", "0", "--out", path("refused")]);
    expect(code).toBe(2);
    return err;
  };

  test("classes beside values", async () => {
    writeFileSync(path("costs.csv"), table());
    expect(await sweep("--data", "optdigits", "--data", path("costs.csv"))).toContain(
      "sweep: --data: optdigits has classes to predict, and costs.csv has values; make a sweep of each, or pass --task",
    );
  });

  test("columns of files that are not there, or of data that have none", async () => {
    expect(await sweep("--data", path("nowhere.csv"), "--label", "x")).toMatch(
      /^sweep: --data must be .*nowhere\.csv"/,
    );
    expect(await sweep("--label", "x")).toBe(
      'sweep: --label goes with --data FILE.csv; in a SPEC file it stands beside "what"\n',
    );
  });

  test("noise of classes, and words that it does not know", async () => {
    expect(await sweep("--noise", "learned", "--data", "optdigits")).toMatch(/--noise goes with values, and optdigits/);
    expect(await sweep("--noise", "loud")).toMatch(/^sweep: --noise must be fixed or learned, got "loud"/);
    const spec = { data: { what: path("costs.csv"), missing: "guess" } };
    writeFileSync(path("grid.json"), JSON.stringify(spec));
    expect(await sweep(path("grid.json"))).toMatch(/^sweep: --missing must be .*, got "guess"/);
  });
});
