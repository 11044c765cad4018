// A table of one's own, as a stranger would use it: one line from a CSV with a category and a blank to a result, then
// the exported network on rows as they stand in such a file.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { foldIn, key, normal, uniform } from "hadamask";
import { beforeAll, describe, expect, test } from "vitest";
import type { Comparison } from "../../../../experiments/src/result.js";
import { testFolder } from "../../support/folder.js";
import { type Run, run } from "../../support/run.js";

const path = testFolder();
const houses = path("houses.csv");

/** price = 1000 + 50 size + 20 in the old town + noise of 3; some sizes and one district are not known. */
function housesCsv(rows: number): string {
  const [size, noise] = [1, 2].map((part) => normal(rows, { key: foldIn(key(7), part) })) as [
    Float32Array,
    Float32Array,
  ];
  const chance = uniform(rows, { key: foldIn(key(7), 3) });
  const lines = Array.from({ length: rows }, (_, i) => {
    const district = ["north", "south", "old town"][Math.floor(3 * chance[i]!)]!;
    const price = 1000 + 50 * size[i]! + (district === "old town" ? 20 : 0) + 3 * noise[i]!;
    return `${i % 20 === 7 ? "" : size[i]!.toFixed(3)},${i === 3 ? "NA" : district},${price.toFixed(2)}`;
  });
  return `size,district,price\n${lines.join("\n")}\n`;
}

const FEW = "--hidden 16 --epochs 40 --learning-rate 0.01 --seeds 2 --variants none,bernoulli:0.1 --threads 0".split(
  " ",
);

describe("a regression CSV with a category and a blank", () => {
  let trained: Run;
  beforeAll(async () => {
    writeFileSync(houses, housesCsv(200));
    const out = ["--out", path("report"), "--export", path("house.onnx")];
    trained = await run(["train", "--data", houses, ...FEW, "--noise", "learned", ...out]);
  }, 120_000);

  test("trains with one line, and says what it made of it", () => {
    const { code, out, err } = trained;
    expect(code, err).toBe(0);
    expect(err).toMatch(
      /^train: houses\.csv: price is predicted as a number, of \d+ different ones; for classes pass --task classes\n/,
    );
    expect(err).toContain(
      "train: houses.csv: values are missing in size (10), district (1): they get the mean of the training rows; " +
        "--missing indicator adds a column that says so, drop leaves the rows out\n",
    );
    expect(err).toMatch(/1\/4 {2}none, seed 0: test RMSE \d+\.?\d*, NLL -?\d\.\d{3}/);
    const lines = out.split("\n");
    expect(lines[0]).toBe("houses.csv: 160 training rows, 40 test rows; network 4-16-2 (relu), 40 epochs, 2 seeds");
    expect(lines[2]).toMatch(
      /^variant +test RMSE +test MAE +test NLL +in 95 % intervals +train RMSE +epochs +s \/ epoch$/,
    );
    expect(out).toMatch(/bernoulli:0\.1 instead of none .*the test RMSE/);
    expect(out).toContain("Intervals that promise 95 % hold, of the test rows: none ");
    const report = readFileSync(path("report/report.html"), "utf8");
    for (const text of ["Test RMSE", "In 95\u00a0% intervals, %", "the mean and the log variance of a normal law"]) {
      expect(report).toContain(text);
    }
    expect(readdirSync(path("report"))).toEqual(
      expect.arrayContaining([
        "predicted-1.png",
        "predicted-2.png",
        "coverage.png",
        "transforms.png",
        "curves-nll.png",
      ]),
    );
    const { data, model, variants } = JSON.parse(readFileSync(path("report/comparison.json"), "utf8")) as Comparison;
    expect(data).toMatchObject({ target: { name: "price" }, classes: [], features: 4 });
    expect(model.noise).toBe("learned");
    // Sizes that are blank cost 50; guessing the mean of all rows would cost more than all of it.
    for (const { testError } of variants) expect(testError.mean).toBeLessThan(data.target!.deviation / 2);
    expect(Object.keys(variants[0]!)).toEqual(expect.arrayContaining(["testError", "mae", "nll", "coverage", "ece"]));
  });

  test("the exported network takes the file's own cells and answers in the target's unit", async () => {
    const rows = path("house-test.csv");
    expect(trained.err).toContain(
      `train: wrote bernoulli:0.1, seed 0, to ${path("house.onnx")}, and its test rows to ${rows}; ` +
        `next: npx hadamask uncertainty ${path("house.onnx")} ${rows} --labels price`,
    );
    expect(readFileSync(rows, "utf8").split("\n")[0]).toBe("size,district,price");
    expect(JSON.parse(readFileSync(path("house-columns.json"), "utf8"))).toMatchObject({
      features: ["size", "district = north", "district = old town", "district = south"],
      target: { name: "price" },
    });
    const { code, out, err } = await run(["uncertainty", path("house.onnx"), rows, "--labels", "price", "--json"]);
    expect(code, err).toBe(0);
    const { judgement, rows: count } = JSON.parse(out);
    const { variants } = JSON.parse(readFileSync(path("report/comparison.json"), "utf8")) as Comparison;
    expect(count).toBe(40);
    // Without dropout it is the network that was trained: float32 in another order.
    expect(judgement.values[0].plainError).toBeCloseTo(variants[1]!.testError.perSeed[0]!, 2);
    // Columns are found by their names, in any order and among others; labels are not needed.
    const other = path("other.csv");
    writeFileSync(other, "note,district,size\nnew,old town,1.5\nnew,,\n");
    const found = await run(["uncertainty", path("house.onnx"), other, "--out", path("found.json"), "--samples", "20"]);
    expect(found.code, found.err).toBe(0);
    const [first, blank] = JSON.parse(readFileSync(path("found.json"), "utf8")).rows;
    expect(first.mean[0] ?? first.mean).toBeGreaterThan(1040);
    expect(Math.abs((blank.mean[0] ?? blank.mean) - 1005)).toBeLessThan(40);
  });

  test("what rows are called stays in the exported rows, and in the predictions of these", async () => {
    const [heading, ...lines] = housesCsv(60).trim().split("\n");
    const named = new Map(lines.map((line, i) => [`"no. ${i}, north"`, line]));
    const text = [`house,${heading}`, ...[...named].map(([name, line]) => `${name},${line}`)].join("\n");
    writeFileSync(path("named.csv"), text);
    const once = "--hidden 4 --epochs 1 --seeds 1 --variants bernoulli --threads 0 --id house --missing drop".split(
      " ",
    );
    const out = ["--out", path("named"), "--export", path("named.onnx")];
    const { code, err } = await run(["train", "--data", path("named.csv"), ...once, ...out]);
    expect(code, err).toBe(0);
    const next = `uncertainty ${path("named.onnx")} ${path("named-test.csv")} --labels price --id house`;
    expect(err).toContain(`; next: npx hadamask ${next}\n`);
    const [first, ...rows] = readFileSync(path("named-test.csv"), "utf8").trim().split("\n");
    expect(first).toBe("house,size,district,price");
    const names = rows.map((row) => row.slice(0, row.indexOf(",", row.indexOf('",')) || undefined));
    // Each name stands before its own row, though rows before it were dropped.
    for (const [i, row] of rows.entries()) {
      const [size, district, price] = named.get(names[i]!)!.split(",");
      const [foundSize, foundDistrict, foundPrice] = row.slice(names[i]!.length + 1).split(",");
      expect([Number(foundSize), foundDistrict, Number(foundPrice)]).toEqual([Number(size), district, Number(price)]);
    }
    const predictions = path("named-predictions.csv");
    const asked = await run([...next.split(" "), "--samples", "2", "--out", predictions]);
    expect(asked.code, asked.err).toBe(0);
    const predicted = readFileSync(predictions, "utf8").trim().split("\n");
    expect(predicted[0]).toMatch(/^row,id,/);
    expect(predicted.slice(1).map((line) => /".*"/.exec(line)![0])).toEqual(names);
  });

  test.each([
    ["size,price\n1,2\n", 'line 1: has no column named "district"; the model was trained on size, district'],
    ["size,district\n1,west\n", 'line 2: column 2 ("district") must be one of north, old town, south, got "west"'],
    ["size,district\nbig,north\n", 'line 2: column 1 ("size") must be a number, got "big"'],
    ["1,north,3\n2,south,4\n", "must have the 2 columns that the model was trained on (size, district), got 3"],
  ])("rows that are not like those are refused: %j", async (text, message) => {
    const file = path("wrong.csv");
    writeFileSync(file, text);
    const heading = text.startsWith("1") ? ["--heading", "no"] : [];
    const { code, err } = await run(["uncertainty", path("house.onnx"), file, ...heading]);
    expect({ code, err }).toEqual({ code: 1, err: `${file}: ${message}\n` });
  });

  test("trains by squared errors where nothing is said, and a model of one's own variant takes part", async () => {
    const out = ["--out", path("fixed"), "--json", "--export", path("fixed.onnx")];
    const {
      code,
      out: text,
      err,
    } = await run(["train", "--data", houses, ...FEW, "--seeds", "1", "--epochs", "2", ...out]);
    expect(code, err).toBe(0);
    expect((JSON.parse(text) as Comparison).model.noise).toBe("fixed");
    const rows = path("fixed-test.csv");
    const judged = await run([
      "uncertainty",
      path("fixed.onnx"),
      rows,
      "--labels",
      "price",
      "--json",
      "--samples",
      "5",
    ]);
    expect(judged.code, judged.err).toBe(0);
    expect(Number.isFinite(JSON.parse(judged.out).judgement.values[0].nll.value)).toBe(true);
  });

  test.each([
    [
      ["--task", "classes", "--noise", "learned"],
      2,
      /train: --noise goes with values, and houses\.csv has classes|price has \d+ classes/,
    ],
    [
      ["--task", "regression", "--label", "district"],
      1,
      /the value of district must be a number, got "(north|south|old town|NA)"/,
    ],
    [["--missing", "zero"], 2, /train: --missing must be drop, mean or indicator, got "zero"/],
    [["--model", "cnn"], 2, /train: --data must be pictures for --model cnn, got houses\.csv/],
  ] as const)("refuses %j", async (args, code, message) => {
    const found = await run(["train", "--data", houses, "--out", path("refused"), ...args]);
    expect({ code: found.code, err: found.err }).toMatchObject({ err: expect.stringMatching(message) });
    expect([1, code]).toContain(found.code);
  });
});
