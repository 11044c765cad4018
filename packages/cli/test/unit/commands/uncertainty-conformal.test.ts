// Sets and intervals with a promise, and the single passes, through the command.

import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { attr, info, int64s, network, node, rows } from "../../../../onnx/test/support/graphs.js";
import { readNpy } from "../../../src/data/npy.js";
import { predicted, refused, uncertaintyFolder, writeNpy } from "../../support/uncertainty.js";

const { path, save } = uncertaintyFolder();
const DROP = ["--where", "after:Relu", "--rate", "0.3", "--samples", "10"];
const ROWS = 60;

const x = writeNpy(path("x.npy"), [ROWS, 4], rows(ROWS, 4));
const labels = path("y.csv");
writeFileSync(labels, `${Array.from({ length: ROWS }, (_, i) => i % 3).join("\n")}\n`);
const end = [node("Softmax", ["z"], "y", [attr("axis", -1)])];
const classes = save("classes.onnx", network(3, end, [info("y", ["rows", 3])]));
const values = save("values.onnx", network(1, [node("Neg", ["z"], "y")], [info("y", ["rows", 1])]));

interface Row {
  readonly calibration?: number;
  readonly setSize: number;
  readonly inSet: number[];
  readonly mean: number[];
  readonly lower: number;
  readonly upper: number;
}
const predict = (...args: string[]) => predicted<Row>(path("rows.json"), ...args, ...DROP);

describe("--conformal", () => {
  test("sets of classes: half of the rows calibrate, half are judged; the threshold is the definition's", async () => {
    const found = await predict(classes, x, "--labels", labels, "--conformal", "0.8");
    const used = found.rows.filter(({ calibration }) => calibration === 1);
    expect(used).toHaveLength(ROWS / 2);
    const scores = found.rows.flatMap(({ calibration, mean }, i) => (calibration === 1 ? [1 - mean[i % 3]!] : []));
    const threshold = scores.sort((a, b) => a - b)[Math.ceil(31 * 0.8) - 1]!;
    for (const { mean, inSet, setSize } of found.rows) {
      const best = mean.indexOf(Math.max(...mean));
      expect(inSet).toEqual(mean.map((p, c) => (1 - p <= threshold + 1e-12 || c === best ? 1 : 0)));
      expect(setSize).toBe(inSet.reduce((a, b) => a + b, 0));
    }
    expect(found.text).toMatch(
      /Sets for 80 % hold [\d.]+ classes on average; calibrated on 30 rows by one less the probability of the right class \(LAC\), they hold the right answer of 80\.65 % of new rows or more, .*; of 30 rows that had no part in it they held that of [\d.]+ % /,
    );
  });

  test("intervals of values, calibrated with a file of their own; the data need no right answers", async () => {
    const held = path("held.csv");
    const lines = Array.from({ length: ROWS }, (_, i) =>
      [...rows(ROWS, 4).slice(4 * i, 4 * i + 4), i / ROWS].join(","),
    );
    writeFileSync(held, `a,b,c,d,target\n${lines.join("\n")}\n`);
    const found = await predict(values, x, "--conformal", "0.9", "--calibrate", `${held},target`);
    const misses = found.rows.map(({ mean }, i) => Math.abs(i / ROWS - mean[0]!)).sort((a, b) => a - b);
    const half = misses[Math.ceil(61 * 0.9) - 1]!;
    for (const { lower, upper, mean } of found.rows) {
      expect(upper - lower).toBeCloseTo(2 * half, 4);
      expect((upper + lower) / 2).toBeCloseTo(mean[0]!, 5);
    }
    expect(found.text).toMatch(/Intervals for 90 % are [\d.]+ wide on average; calibrated on 60 rows by the distance/);
    expect(found.text).not.toContain("had no part in it");
  });

  test.each<[string, string[], string]>([
    [
      "a percentage",
      [classes, x, "--conformal", "90"],
      "uncertainty: --conformal must be between 0 and 1, got 90; pass 0.9 for 90 %",
    ],
    [
      "no right answers",
      [classes, x, "--conformal", "0.9"],
      "uncertainty: --conformal needs right answers; pass --labels, or --calibrate FILE,COLUMN",
    ],
    [
      "a file without a column",
      [classes, x, "--conformal", "0.9", "--calibrate", "held.csv"],
      'uncertainty: --calibrate must be a share between 0 and 1, or FILE,COLUMN with right answers, got "held.csv"',
    ],
    [
      "a share alone",
      [classes, x, "--calibrate", "0.5"],
      "uncertainty: --calibrate goes with --conformal, for instance --conformal 0.9",
    ],
    [
      "a share of nothing",
      [classes, x, "--labels", labels, "--conformal", "0.9", "--calibrate", "0.01"],
      "uncertainty: --calibrate 0.01 must leave rows on both sides, got 0 of 60 rows",
    ],
    [
      "piece by piece",
      [classes, x, "--labels", labels, "--conformal", "0.9", "--stream"],
      "uncertainty: --stream does not go with --conformal, which needs all rows at once",
    ],
  ])("%s", async (_, args, message) => {
    expect(await refused(...args, ...DROP)).toBe(message);
  });

  test("labels that do not exclude each other: each by itself", async () => {
    const sigmoids = save("sigmoids.onnx", network(3, [node("Sigmoid", ["z"], "y")], [info("y", ["rows", 3])]));
    const sets = path("sets.csv");
    writeFileSync(sets, `${Array.from({ length: ROWS }, (_, i) => [i % 2, (i >> 1) % 2, 1].join()).join("\n")}\n`);
    const found = await predict(sigmoids, x, "--labels", sets, "--conformal", "0.8");
    expect(found.text).toMatch(
      /Answers for 80 % on whether 2 is there leave [\d.]+ of two open on average; calibrated on 30 rows by .*; of 30 rows that had no part in it they held that of [\d.]+ % /,
    );
    const all = found.rows as unknown as { calibration: number; mean: number[]; mayBeThere: number[] }[];
    const scores = all.flatMap(({ calibration, mean }, i) =>
      calibration === 1 ? [i % 2 === 1 ? 1 - mean[0]! : mean[0]!] : [],
    );
    const threshold = scores.sort((a, b) => a - b)[Math.ceil(31 * 0.8) - 1]!;
    for (const { mean, mayBeThere } of all)
      expect(mayBeThere[0]).toBe(1 - mean[0]! <= threshold + 1e-9 || mean[0]! > 0.5 ? 1 : 0);
  });

  test("APS and RAPS: sets that grow with doubt; for each class by itself", async () => {
    const aps = await predict(classes, x, "--labels", labels, "--conformal", "0.8", "--score", "aps");
    expect(aps.text).toContain("by the probability of all that is likelier than the right class (APS)");
    const raps = await predict(classes, x, "--labels", labels, "--conformal", "0.8", "--score", "raps");
    expect(raps.text).toContain("and a price for large sets (RAPS)");
    expect(raps.rows.map(({ setSize }) => setSize)).not.toEqual(
      (await predict(classes, x, "--labels", labels, "--conformal", "0.8")).rows.map(({ setSize }) => setSize),
    );
    const each = await predict(classes, x, "--labels", labels, "--conformal", "0.6", "--per-class");
    expect(each.text).toMatch(
      /Sets for 60 % of each class hold [\d.]+ classes on average; calibrated on \d+(?: to \d+)? rows a class by .*; of 30 rows that had no part in it they held that of [\d.]+ % \(.*\), least of class \d: /,
    );
  });

  test("intervals as wide as the passes differ: --score normalized", async () => {
    const targets = path("t.csv");
    writeFileSync(targets, `${Array.from({ length: ROWS }, (_, i) => i / ROWS).join("\n")}\n`);
    const found = await predict(values, x, "--labels", targets, "--conformal", "0.5", "--score", "normalized");
    const all = found.rows as unknown as (Row & { variance: number[] })[];
    const [first] = all;
    for (const { lower, upper, variance } of all)
      expect((upper - lower) / Math.sqrt(variance[0]!)).toBeCloseTo(
        (first!.upper - first!.lower) / Math.sqrt(first!.variance[0]!),
        4,
      );
  });

  test("what does not go together", async () => {
    const pixels = save(
      "positions.onnx",
      network(
        6,
        [node("Reshape", ["z", "shape"], "r"), node("Softmax", ["r"], "y", [attr("axis", 2)])],
        [info("y", ["rows", 3, 2])],
        {
          weights: [int64s("shape", [-1, 3, 2])],
        },
      ),
    );
    expect(await refused(pixels, x, ...DROP, "--conformal", "0.9")).toBe(
      "uncertainty: --conformal goes with one class a row, labels or values, and the model's answers are " +
        "anchors, which are not independent rows: those of one row err together",
    );
    const held = ["--labels", labels, "--conformal", "0.9"];
    expect(await refused(classes, x, ...DROP, ...held, "--score", "absolute")).toBe(
      "uncertainty: --score must be lac, aps or raps for classes, got absolute",
    );
    expect(await refused(classes, x, ...DROP, ...held, "--score", "best")).toBe(
      'uncertainty: --score must be lac, aps, raps, absolute, normalized or quantile, got "best"',
    );
    expect(await refused(values, x, ...DROP, ...held, "--score", "quantile")).toBe(
      "uncertainty: --score quantile needs --quantiles, the levels that the model predicts",
    );
    expect(await refused(values, x, ...DROP, ...held, "--per-class")).toBe(
      "uncertainty: --per-class goes with one class a row, and the model's answers are values",
    );
    expect(await refused(classes, x, ...DROP, "--score", "aps")).toBe(
      "uncertainty: --score goes with --conformal, for instance --conformal 0.9",
    );
    expect(await refused(classes, x, ...DROP, "--per-class")).toBe(
      "uncertainty: --per-class goes with --conformal, for instance --conformal 0.9",
    );
  });
});

describe("--passes", () => {
  test("writes every pass; their mean is that of the rows", async () => {
    const file = path("passes.npy");
    const found = await predict(classes, x, "--passes", file);
    const { shape, values: all } = readNpy(file, readFileSync(file));
    expect(shape).toEqual([10, ROWS, 3]);
    found.rows.forEach(({ mean }, row) => {
      mean.forEach((p, c) => {
        let sum = 0;
        for (let pass = 0; pass < 10; pass++) sum += all[(pass * ROWS + row) * 3 + c]!;
        expect(sum / 10).toBeCloseTo(p, 5);
      });
    });
  });

  test("another ending, or an open number of passes", async () => {
    expect(await refused(classes, x, ...DROP, "--passes", "passes.csv")).toBe(
      'uncertainty: --passes must end in .npy, got "passes.csv"',
    );
    expect(await refused(classes, x, ...DROP, "--samples", "auto", "--passes", path("p.npy"))).toBe(
      'uncertainty: --passes goes with a number of --samples, got "auto"',
    );
  });
});
