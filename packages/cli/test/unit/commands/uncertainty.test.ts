import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { testFolder } from "../../support/folder.js";
import { noNumpy, runPython } from "../../support/python.js";
import { run } from "../../support/run.js";

const path = testFolder();
const fixtures = new URL("../../../../onnx/test/fixtures/", import.meta.url);
const expected = JSON.parse(readFileSync(new URL("expected.json", fixtures), "utf8")) as Record<
  string,
  { x: { dims: number[]; data: number[] }; mean: number[]; deterministic: { data: number[] } }
>;

const model = (name: string): string => {
  copyFileSync(new URL(name, fixtures), path(name));
  return path(name);
};

/** The digits that PyTorch was asked about, 4 times over, labelled with what the plain network says of them, one of them wrongly. */
const labels = Array.from({ length: 48 }, (_, row) => {
  const answers = expected.mlp!.deterministic.data.slice(10 * (row % 12), 10 * (row % 12) + 10);
  const says = answers.indexOf(Math.max(...answers));
  return row === 5 ? (says + 1) % 10 : says;
});
const features = (row: number): number[] => expected.mlp!.x.data.slice(64 * (row % 12), 64 * (row % 12) + 64);
const heading = [...Array.from({ length: 64 }, (_, c) => `p${c}`), "digit"].join(",");
writeFileSync(
  path("digits.csv"),
  `${[heading, ...labels.map((label, row) => [...features(row), label].join(","))].join("\n")}\n`,
);
writeFileSync(path("plain.csv"), `${labels.map((_, row) => features(row).join(",")).join("\n")}\n`);
writeFileSync(path("text.onnx"), "this is no model");

const uncertainty = (...args: string[]) => run(["uncertainty", ...args]);
const digits = path("digits.csv");

describe("hadamask uncertainty", () => {
  test("says how good the answers are with and without dropout, and which rows are least certain", async () => {
    const { code, out, err } = await uncertainty(
      model("mlp-train.onnx"),
      digits,
      "--labels",
      "digit",
      "--samples",
      "50",
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(
      "mlp-train.onnx on digits.csv: 48 rows, 10 classes\ndropout at /2/Dropout (0.5), /5/Dropout (0.3); seed 42\n",
    );
    expect(out).toMatch(/without dropout +97\.92 % \(/); // 47 of 48
    expect(out).toContain("Least certain rows\nrow  right  predicted    probability");
    expect(out).toMatch(
      /Accuracy is \d+(\.\d+)? % on all 48 rows, and \d+(\.\d+)? % when the least certain tenth \(4 rows, by predictive entropy\) is refused/,
    );
    expect(out).toMatch(/After 50 passes no probability has a standard error above 0\.\d+\./);
  });

  test("--json prints one object; the numbers are those of PyTorch within their errors", async () => {
    const { out } = await uncertainty(model("mlp-train.onnx"), digits, "--labels", "digit", "--json");
    const found = JSON.parse(out);
    expect(found).toMatchObject({
      model: "mlp-train.onnx",
      data: "digits.csv",
      rows: 48,
      kind: "classes",
      seed: 42,
      samples: { asked: 100, mean: 100 },
    });
    expect(found.judgement.plain.accuracy.value).toBeCloseTo(47 / 48, 12);
    expect(found.judgement.monteCarlo.nll.value).toBeGreaterThan(0);
    expect(found.sites.map((site: { rate: number }) => site.rate)).toEqual([0.5, 0.3]);
    expect(found.leastCertain).toHaveLength(10);
  });

  test("files of rows: the same bytes for the same seed, others for another", async () => {
    const write = async (file: string, ...more: string[]): Promise<Buffer> => {
      await uncertainty(model("mlp-train.onnx"), path("plain.csv"), "--samples", "20", "--out", path(file), ...more);
      return readFileSync(path(file));
    };
    const first = await write("a.json");
    expect(Buffer.compare(first, await write("b.json"))).toBe(0);
    expect(Buffer.compare(first, await write("c.json", "--seed", "7"))).not.toBe(0);
    const { model: name, samples, seed, rows } = JSON.parse(first.toString());
    expect({ name, samples, seed, rows: rows.length }).toEqual({
      name: "mlp-train.onnx",
      samples: 20,
      seed: 42,
      rows: 48,
    });
    expect(Object.keys(rows[0])).toEqual([
      "predicted",
      "samples",
      "mean",
      "variance",
      "maxProbability",
      "predictiveEntropy",
      "expectedEntropy",
      "mutualInformation",
      "variationRatio",
      "deterministic",
      "standardError",
    ]);
    expect(rows[0].mean).toHaveLength(10);
    expect(Object.keys(rows[0].standardError)).toEqual([
      "mean",
      "variance",
      "maxProbability",
      "predictiveEntropy",
      "expectedEntropy",
      "mutualInformation",
      "variationRatio",
    ]);
    expect(rows[0]).toEqual(rows[12]); // the same digit under the same thinned networks

    const csv = (await write("d.csv")).toString().trimEnd().split("\n");
    expect(csv).toHaveLength(49);
    const column = csv[0]!.split(",").indexOf("mutual_information");
    expect(Number(csv[3]!.split(",")[column])).toBe(rows[2].mutualInformation);
    expect(csv[0]).toContain("predictive_entropy_se");
  });

  test.skipIf(noNumpy)("a NumPy record array that numpy.load reads", async () => {
    await uncertainty(model("mlp-train.onnx"), path("plain.csv"), "--samples", "20", "--out", path("e.npy"));
    await uncertainty(model("mlp-train.onnx"), path("plain.csv"), "--samples", "20", "--out", path("e.json"));
    const script = `import numpy as np, json; a = np.load(${JSON.stringify(path("e.npy"))}); print(json.dumps([a.shape, a["mutual_information"][7], a["mean"][7].tolist(), int(a["predicted"][7])]))`;
    const row = JSON.parse(readFileSync(path("e.json"), "utf8")).rows[7];
    expect(JSON.parse(runPython(script))).toEqual([[48], row.mutualInformation, row.mean, row.predicted]);
  });

  test("a model without Dropout nodes: places by --where, the rate by --rate", async () => {
    const { code, out } = await uncertainty(
      model("mlp-eval.onnx"),
      path("plain.csv"),
      "--where",
      "after:Relu,last:1",
      "--rate",
      "0.2",
      "--json",
      "--samples",
      "10",
    );
    expect(code).toBe(0);
    expect(JSON.parse(out).sites).toEqual([{ kind: "after", name: "/4/Relu", rate: 0.2 }]);
  });

  test("--rate choose tries rates and places on half of the rows, and says plainly if none helps", async () => {
    const { out } = await uncertainty(
      model("mlp-eval.onnx"),
      digits,
      "--labels",
      "digit",
      "--rate",
      "choose",
      "--json",
      "--samples",
      "20",
    );
    const { choice, judgement, findings } = JSON.parse(out);
    expect(choice.trials).toHaveLength(12); // six rates, after every Relu and after the last
    expect(new Set(choice.trials.map((trial: { candidate: { where: string } }) => trial.candidate.where))).toEqual(
      new Set(["after Relu", "after Relu, the last only"]),
    );
    expect(Math.min(...choice.trials.map((trial: { nll: number }) => trial.nll))).toBe(choice.best.nll);
    expect(judgement.rows).toBe(24);
    expect(findings[0]).toMatch(/^Of 12 settings tried on half of the rows, rate 0\.\d+ at after Relu/);
    expect(findings[1]).toMatch(/^Monte-Carlo dropout (helps|does not help) on this data/);
  });

  test("pictures: rotated ones and noise are held against the data, and a report is written", async () => {
    const { code, out } = await uncertainty(
      model("mlp-train.onnx"),
      digits,
      "--labels",
      "digit",
      "--image",
      "8x8",
      "--samples",
      "20",
      "--report",
      path("report"),
    );
    expect(code).toBe(0);
    expect(out).toMatch(
      /Mutual information tells 48 rotated by 90° rows from the real ones with AUROC \d\.\d+ ± \d\.\d+/,
    );
    expect(out).toMatch(/Mutual information tells 48 noise rows/);
    const files = readdirSync(path("report")).sort();
    expect(files).toEqual([
      "entropy.png",
      "least-certain.png",
      "reliability.png",
      "report.html",
      "risk-coverage.png",
      "strange.png",
    ]);
    const page = readFileSync(`${path("report")}/report.html`, "utf8");
    expect(page).toContain("How sure is mlp-train.onnx?");
    expect(page).toContain("Least certain rows");
  });

  test("a regression that predicts its noise", async () => {
    const { x } = expected.regression!;
    writeFileSync(path("x.csv"), `x,y\n${x.data.map((value) => `${value},${Math.sin(2 * value)}`).join("\n")}\n`);
    const args = [
      model("regression-eval.onnx"),
      path("x.csv"),
      "--labels",
      "y",
      "--where",
      "after:Relu",
      "--rate",
      "0.05",
      "--log-variance",
      "log_variance",
    ];
    const { code, out } = await uncertainty(...args, "--out", path("r.json"), "--report", path("regression"));
    expect(code).toBe(0);
    expect(out).toMatch(
      /The root mean square error is 0\.\d+ with it and 0\.\d+ without, on 8 rows; \d+(\.\d+)? % of the right values/,
    );
    const [row] = JSON.parse(readFileSync(path("r.json"), "utf8")).rows;
    expect(row.total).toBeCloseTo(row.aleatoric + row.variance[0], 12);
    expect(row["quantile_0.5"]).toBeTypeOf("number");
    expect(readdirSync(path("regression")).sort()).toEqual(["prediction.png", "report.html"]);
  });

  test("--samples auto goes on until the probabilities are known", async () => {
    const { out } = await uncertainty(model("mlp-train.onnx"), path("plain.csv"), "--samples", "auto", "--json");
    expect(JSON.parse(out).samples.mean).toBeGreaterThan(32);
  });

  test("weights in a file of their own are found beside the model, and nowhere else", async () => {
    copyFileSync(new URL("external.bin", fixtures), path("external.bin"));
    writeFileSync(path("four.csv"), "1,2,3,4\n5,6,7,8\n");
    expect((await uncertainty(model("external.onnx"), path("four.csv"), "--samples", "5")).code).toBe(0);
    const bytes = readFileSync(path("external.onnx"));
    bytes.write("../../../bin", bytes.indexOf("external.bin")); // as long as the name it replaces
    bytes.write("../../../bin", bytes.lastIndexOf("external.bin"));
    writeFileSync(path("escape.onnx"), bytes);
    const { code, err } = await uncertainty(path("escape.onnx"), path("four.csv"));
    expect({ code, err }).toEqual({
      code: 1,
      err: `${path("escape.onnx")}: external data must be in the folder of the model, got "../../../bin"\n`,
    });
  });
});

describe("what makes no sense is said in one line, and nothing is written", () => {
  const mlp = (): string => model("mlp-train.onnx");
  test.each<[string, () => string[], number, string | RegExp]>([
    ["no such model", () => [path("none.onnx"), digits], 1, `cannot read ${path("none.onnx")}: there is no such file`],
    [
      "no model",
      () => [path("text.onnx"), digits],
      1,
      `${path("text.onnx")}: bytes must be an ONNX model, got 16 bytes of something else`,
    ],
    [
      "an old opset",
      () => [model("opset6.onnx"), digits],
      1,
      /opset6\.onnx: the model's opset must be in 7 to 22, got 6; convert it with onnx\.version_converter$/,
    ],
    [
      "too many columns",
      () => [mlp(), digits],
      1,
      /digits\.csv: has 65 values a row, but input x of .*mlp-train\.onnx takes 64, shape \[rows,64\]; name the column of right answers with --labels$/,
    ],
    [
      "no labels to choose by",
      () => [mlp(), path("plain.csv"), "--rate", "choose"],
      2,
      "uncertainty: --rate choose needs right answers; pass --labels",
    ],
    [
      "no place",
      () => [model("mlp-eval.onnx"), path("plain.csv")],
      2,
      /^uncertainty: --where is missing: .* has no Dropout node; places are before:Gemm, weights, after:Relu$/,
    ],
    [
      "no rate",
      () => [model("mlp-eval.onnx"), path("plain.csv"), "--where", "after:Relu"],
      2,
      /^uncertainty: --rate is missing: .* has no rate at after:Relu; pass --rate 0\.1 or --rate choose$/,
    ],
    [
      "a place that is not there",
      () => [mlp(), path("plain.csv"), "--where", "after:Tanh", "--rate", "0.1"],
      2,
      "uncertainty: there must be a place after Tanh, got none; the model has before Gemm, weights, after Relu and dropout Dropout",
    ],
    [
      "a percentage",
      () => [mlp(), path("plain.csv"), "--rate", "50"],
      2,
      'uncertainty: --rate must be in [0, 1] or "choose", got 50; pass 0.5 for 50 %',
    ],
    [
      "one pass",
      () => [mlp(), path("plain.csv"), "--samples", "1"],
      2,
      'uncertainty: --samples must be at least 2, or "auto", got 1',
    ],
    [
      "another file type",
      () => [mlp(), path("plain.csv"), "--out", path("x.txt")],
      2,
      `uncertainty: --out must end in .json, .csv or .npy, got ${JSON.stringify(path("x.txt"))}`,
    ],
    [
      "no pictures",
      () => [mlp(), path("plain.csv"), "--strange", "rotated"],
      2,
      "uncertainty: --strange rotated goes with pictures; say their size with --image 28x28",
    ],
    [
      "a size",
      () => [mlp(), path("plain.csv"), "--image", "8"],
      2,
      'uncertainty: --image must be height x width, for instance 28x28, got "8"',
    ],
  ])("%s", async (_, args, code, message) => {
    const out = path("never.json");
    const found = await uncertainty("--out", out, ...args());
    expect({ code: found.code, out: found.out }).toEqual({ code, out: "" });
    if (typeof message === "string") expect(found.err).toBe(`${message}\n`);
    else expect(found.err.trimEnd()).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });

  test("a cell that is no number, with its line and column", async () => {
    writeFileSync(
      path("bad.csv"),
      `${features(0).join(",")}\n${features(1)
        .map((value, c) => (c === 9 ? "NaN" : value))
        .join(",")}\n`,
    );
    const { code, err } = await uncertainty(mlp(), path("bad.csv"), "--out", path("never.json"));
    expect({ code, err }).toEqual({
      code: 1,
      err: `${path("bad.csv")}: line 2: column 10 must be a number, got "NaN"\n`,
    });
    expect(readdirSync(path(".")).some((name) => name.includes("never"))).toBe(false);
  });
});

describe("hadamask inspect", () => {
  test("lists what there is and what follows", async () => {
    const { code, out } = await run(["inspect", model("mlp-train.onnx")]);
    expect(code).toBe(0);
    expect(out).toContain("/2/Dropout   0.5  always  removes it");
    expect(out).toContain("before:Gemm  /0/Gemm");
    expect(out).toContain("ONNX Runtime takes every Dropout node out when it optimises");
  });

  test("--json prints the whole inspection", async () => {
    const { out } = await run(["inspect", model("cnn-eval.onnx"), "--json"]);
    expect(JSON.parse(out)).toMatchObject({ opset: 17, dropout: [], operators: { Conv: 2 } });
  });

  test("a file that is no model", async () => {
    const { code, err } = await run(["inspect", path("text.onnx")]);
    expect({ code, err }).toEqual({
      code: 1,
      err: `${path("text.onnx")}: bytes must be an ONNX model, got 16 bytes of something else\n`,
    });
  });
});

test("train, export, uncertainty: the exported network answers as the trained one did", async () => {
  mkdirSync(path("story"), { recursive: true });
  const at = (name: string): string => path(`story/${name}`);
  const trained = await run([
    "train",
    "--threads",
    "0",
    "--seeds",
    "1",
    "--epochs",
    "2",
    "--hidden",
    "32",
    "--out",
    at("report"),
    "--export",
    at("net.onnx"),
    "--json",
  ]);
  expect(trained.code).toBe(0);
  expect(trained.err).toContain(
    `train: wrote bernoulli:0.5, seed 0, to ${at("net.onnx")}, and its test rows to ${at("net-test.csv")}`,
  );
  const { variants } = JSON.parse(trained.out);
  const { out, code } = await uncertainty(at("net.onnx"), at("net-test.csv"), "--labels", "label", "--json");
  expect(code).toBe(0);
  const found = JSON.parse(out);
  const { testError, nll, ece } = variants[1];
  expect(found.rows).toBe(797);
  expect(1 - found.judgement.plain.accuracy.value).toBeCloseTo(testError.mean, 12);
  expect(found.judgement.plain.nll.value).toBeCloseTo(nll.mean, 4);
  expect(found.judgement.plain.ece.value).toBeCloseTo(ece.mean, 4);
  expect(found.sites).toEqual([
    { kind: "dropout", name: "dropout.input", rate: 0.1 },
    { kind: "dropout", name: "dropout.hidden1", rate: 0.5 },
  ]);
  expect(found.strange.map((rows: { name: string }) => rows.name)).toEqual(["rotated by 90°", "noise"]); // it knows that they are pictures
}, 120_000);
