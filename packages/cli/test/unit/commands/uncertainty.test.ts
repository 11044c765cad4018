import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { noNumpy, runPython } from "../../support/python.js";
import { expected, uncertainty, uncertaintyFolder } from "../../support/uncertainty.js";

const { digits, fixture, path } = uncertaintyFolder();

describe("hadamask uncertainty", () => {
  test("says how good the answers are with and without dropout, and which rows are least certain", async () => {
    const { code, out, err } = await uncertainty(
      fixture("mlp-train.onnx"),
      "--kind",
      "classes",
      digits,
      "--labels",
      "digit",
      "--samples",
      "50",
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(
      "mlp-train.onnx on digits.csv: 48 rows, 10 classes\ndropout at /2/Dropout (0.5), /5/Dropout (0.3); seed 42\n" +
        "output y is taken for classes (logits): --kind classes was asked for\n",
    );
    expect(out).toMatch(/without dropout +97\.92 % \(/); // 47 of 48
    expect(out).toContain("Least certain rows\nrow  right  predicted    probability");
    expect(out).toMatch(
      /Accuracy is \d+(\.\d+)? % on all 48 rows, and \d+(\.\d+)? % when the least certain tenth \(4 rows, by predictive entropy\) is refused/,
    );
    expect(out).toMatch(/After 50 passes no probability has a standard error above 0\.\d+\./);
  });

  test("--json prints one object; the numbers are those of PyTorch within their errors", async () => {
    const { out } = await uncertainty(
      fixture("mlp-train.onnx"),
      "--kind",
      "classes",
      digits,
      "--labels",
      "digit",
      "--json",
    );
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
      await uncertainty(
        fixture("mlp-train.onnx"),
        "--kind",
        "classes",
        path("plain.csv"),
        "--samples",
        "20",
        "--out",
        path(file),
        ...more,
      );
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
      "entropyBias",
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
    await uncertainty(
      fixture("mlp-train.onnx"),
      "--kind",
      "classes",
      path("plain.csv"),
      "--samples",
      "20",
      "--out",
      path("e.npy"),
    );
    await uncertainty(
      fixture("mlp-train.onnx"),
      "--kind",
      "classes",
      path("plain.csv"),
      "--samples",
      "20",
      "--out",
      path("e.json"),
    );
    const script =
      `import numpy as np, json; a = np.load(${JSON.stringify(path("e.npy"))}); print(json.dumps([a.shape, ` +
      `a["mutual_information"][7], a["mean"][7].tolist(), int(a["predicted"][7])]))`;
    const row = JSON.parse(readFileSync(path("e.json"), "utf8")).rows[7];
    expect(JSON.parse(runPython(script))).toEqual([[48], row.mutualInformation, row.mean, row.predicted]);
  });

  test("a model without Dropout nodes: places by --where, the rate by --rate", async () => {
    const { code, out } = await uncertainty(
      fixture("mlp-eval.onnx"),
      "--kind",
      "classes",
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
      fixture("mlp-eval.onnx"),
      "--kind",
      "classes",
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
      fixture("mlp-train.onnx"),
      "--kind",
      "classes",
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
      fixture("regression-eval.onnx"),
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
      /The root mean square error is 0\.\d+ \([\d.]+ to [\d.]+\) with it and 0\.\d+ without, on 8 rows; \d+(\.\d+)? % \([\d.]+ % to [\d.]+ %\) of the right values/,
    );
    const [row] = JSON.parse(readFileSync(path("r.json"), "utf8")).rows;
    expect(row.total).toBeCloseTo(row.aleatoric + row.variance[0], 12);
    expect(row["quantile_0.5"]).toBeTypeOf("number");
    expect(readdirSync(path("regression")).sort()).toEqual(["prediction.png", "report.html"]);
  });

  test("--samples auto goes on until the probabilities are known", async () => {
    const { out } = await uncertainty(
      fixture("mlp-train.onnx"),
      "--kind",
      "classes",
      path("plain.csv"),
      "--samples",
      "auto",
      "--json",
    );
    expect(JSON.parse(out).samples.mean).toBeGreaterThan(32);
  });

  test("weights in a file of their own are found beside the model, and nowhere else", async () => {
    fixture("external.bin");
    writeFileSync(path("four.csv"), "1,2,3,4\n5,6,7,8\n");
    expect((await uncertainty(fixture("external.onnx"), path("four.csv"), "--samples", "5")).code).toBe(0);
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
