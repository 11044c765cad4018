import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Comparison } from "../../../../experiments/src/result.js";
import { testFolder } from "../../support/folder.js";
import { run } from "../../support/run.js";

const path = testFolder();

/** A comparison that takes a second, on the calling thread. */
const SMALL = "--train-size 100 --epochs 2 --hidden 8 --seeds 2 --threads 0".split(" ");
const PAIR = ["--variants", "none,bernoulli:0.5"];
const train = (...args: string[]) =>
  run(["train", ...SMALL, ...(args.includes("--variants") || args.includes("--model") ? [] : PAIR), ...args]);

describe("hadamask train", () => {
  test("prints a table, sentences, where the report is and what to try next", async () => {
    const { code, out, err } = await train("--out", path("text"));
    expect(code).toBe(0);
    const lines = out.split("\n");
    expect(lines[0]).toBe("optdigits: 100 training rows, 539 test rows; network 64-8-10 (relu), 2 epochs, 2 seeds");
    expect(lines[2]).toMatch(/^variant +test NLL +calibration error +test error +train error +epochs +s \/ epoch$/);
    expect(lines[4]).toMatch(/^none +\d\.\d{3} \(\d\.\d{3} to \d\.\d{3}\) .+ 2 +\S+$/);
    expect(lines[5]).toMatch(/^bernoulli:0\.5 +\d\.\d{3} /);
    expect(out).toContain("bernoulli:0.5 instead of none");
    expect(out).toContain(`Report: ${path("text")}/report.html\n`);
    expect(out).toContain("\nTry next\n");
    expect(err).toMatch(/^1\/4 {2}none, seed 0: test error \d+\.\d\d %, NLL \d\.\d{3}; .+ left\n2\/4 /);
    const files = readdirSync(path("text"));
    expect(files).toEqual(expect.arrayContaining(["report.html", "nll.png", "comparison.json", "runs"]));
    expect(JSON.parse(readFileSync(path("text/comparison.json"), "utf8")).variants).toHaveLength(2);
  });

  test("refuses paths that it could not write to, before it trains", async () => {
    const file = new URL(import.meta.url).pathname;
    const folder = await train("--out", file);
    expect(folder.code).toBe(2);
    expect(folder.err).toContain(`train: --out must be a folder, got the file ${JSON.stringify(file)}`);
    const model = await train("--out", path("unwritten"), "--export", path("missing/model.onnx"));
    expect(model.code).toBe(2);
    expect(model.err).toContain("train: --export: the folder of ");
    expect(existsSync(path("unwritten"))).toBe(false);
  });

  test("--json prints one object and nothing else", async () => {
    const { code, out } = await train(
      "--out",
      path("json"),
      "--json",
      "--variants",
      "none,bernoulli:0.2,bernoulli:0.5",
    );
    expect(code).toBe(0);
    const comparison = JSON.parse(out) as Comparison;
    expect(Object.keys(comparison)).toEqual(["data", "model", "command", "versions", "variants", "paired"]);
    expect(comparison.variants.map(({ name }) => name)).toEqual(["none", "bernoulli:0.2", "bernoulli:0.5"]);
    expect(Object.keys(comparison.variants[0]!)).toEqual(
      expect.arrayContaining(["testError", "nll", "ece", "trainError", "secondsPerEpoch"]),
    );
    for (const { testError, nll, ece } of comparison.variants) {
      for (const { mean, ci95, perSeed } of [testError, nll, ece]) {
        expect(perSeed).toHaveLength(2);
        expect(ci95![0] <= mean && mean <= ci95![1]).toBe(true);
      }
      expect(testError.mean).toBeLessThanOrEqual(1);
    }
    expect(comparison.paired.map(({ variant, against }) => `${variant} - ${against}`)).toEqual([
      "bernoulli:0.2 - none",
      "bernoulli:0.5 - none",
    ]);
    expect(Object.keys(comparison.versions)).toEqual(["hadamask", "@jax-js/jax", "node", "cpu", "platform"]);
    expect(comparison.command).toBe(
      "hadamask train --variants none,bernoulli:0.2,bernoulli:0.5 --hidden 8 --train-size 100 --epochs 2 --seeds 2",
    );
  });

  test.each([
    ["cnn", "3,4", "cnn 64-3-4-10 (relu)", "none,channel:0.2", { activation: "relu", learningRate: 0.01 }],
    ["gru", "6", "gru 64-6-10 (tanh)", "none,gal:0.2", { activation: "tanh", learningRate: 0.003 }],
    ["residual", "8,8", "residual 64-8-8-10 (relu)", "none,drop-path:0.5", { activation: "relu", learningRate: 0.001 }],
  ] as const)(
    "--model %s compares its own variants, and says what it is",
    async (model, hidden, name, variants, more) => {
      const args = [
        "train",
        "--model",
        model,
        "--hidden",
        hidden,
        "--train-size",
        "100",
        "--epochs",
        "1",
        "--seeds",
        "1",
      ];
      const out = path(`model-${model}`);
      const text = await run([...args, "--threads", "0", "--out", out]);
      expect(text.out.split("\n")[0]).toBe(
        `optdigits: 100 training rows, 539 test rows; network ${name}, 1 epoch, 1 seed`,
      );
      const { main } = { cnn: { main: "channel" }, gru: { main: "gal" }, residual: { main: "drop-path" } }[model];
      expect(text.out).toContain(
        `hadamask train --model ${model} --hidden ${hidden} --train-size 100 --epochs 1 --seeds 1 --variants ` +
          `none,${main}:0.2,${main}:0.5,${main}:0.8 --out ${out} --resume`,
      );
      const comparison = JSON.parse(readFileSync(join(out, "comparison.json"), "utf8")) as Comparison;
      expect(comparison.model).toMatchObject({ kind: model, hidden: hidden.split(",").map(Number), ...more });
      expect(comparison.variants.map((variant) => variant.name).join()).toBe(variants);
      expect(comparison.command).toContain(`--model ${model} `);
      // The weights of a unit are pictures of 64 pixels, kernels of 9, or no pictures at all.
      expect(readdirSync(out).filter((file) => file.startsWith("first-layer")).length > 0).toBe(model !== "gru");
    },
  );

  test("--resume takes what is there, and gives the same numbers", async () => {
    const first = await train("--out", path("resume"), "--json");
    const again = await train("--out", path("resume"), "--json", "--resume");
    expect(again.err).toBe("train: 4 of 4 runs are done already\n");
    expect(again.out).toBe(first.out);
  });

  test("names the command as a shell takes it", async () => {
    const file = path("two words.csv");
    writeFileSync(file, Array.from({ length: 40 }, (_, i) => `${i % 7},${i % 2}`).join("\n"));
    const args = ["train", "--data", file, "--epochs", "1", "--hidden", "4", "--seeds", "1", "--threads", "0"];
    const { out } = await run([...args, "--out", path("quoted"), "--json"]);
    const comparison = JSON.parse(out) as Comparison;
    expect(comparison.command).toBe(`hadamask train --data '${file}' --hidden 4 --epochs 1 --seeds 1`);
    expect(comparison.data).toMatchObject({ name: "two words.csv", trainRows: 32, testRows: 8 });
  });

  test.each([
    [
      ["--data", "cifar"],
      "train: --data must be optdigits, mnist, fashion-mnist, a file (.csv, .tsv, .npy, .npz) or a folder of " +
        'IDX files, got "cifar"; there is no file or folder of that name',
    ],
    [
      ["--variants", "none,drop"],
      "train: --variants must be of none, early-stopping, weight-decay, bernoulli, gaussian, uniform, alpha, " +
        "concrete, variational, variational-weights, sparse, logit-normal, dropconnect, dropconnect-batch, " +
        'early, late, linear, multi-sample, r-drop, gaussian-noise, got "drop"',
    ],
    [
      ["--variants", "bernoulli:50"],
      "train: --variants: the rate of bernoulli must be in [0, 1), got 50; pass 0.5 for 50 %",
    ],
    [["--variants", "bernoulli:1"], "train: --variants: the rate of bernoulli must be in [0, 1), got 1"],
    [["--variants", "bernoulli:x"], "train: --variants: the rate of bernoulli must be in [0, 1), got x"],
    [["--variants", "none:0.5"], 'train: --variants: none is written none, got "none:0.5"'],
    [["--variants", "none,none"], "train: --variants: none is there twice"],
    [["--variants", "none,alpha:0.1"], "train: --variants: alpha goes with --activation selu, got relu"],
    [["--input-rate", "1"], "train: --input-rate must be in [0, 1), got 1"],
    [["--hidden", "8,0"], "train: --hidden must be sizes of at least 1, got 8,0"],
    [
      ["--train-size", "1797"],
      "train: --train-size must be between 1 and 1437 for optdigits, since a fifth of its 1797 rows is for " +
        "testing, got 1797",
    ],
    [["--epochs", "0"], "train: --epochs must be at least 1, got 0"],
    [["--epochs", "2.5"], 'train: --epochs must be a whole number, got "2.5"'],
    [["--batch-size", "0"], "train: --batch-size must be at least 1, got 0"],
    [["--learning-rate", "0"], "train: --learning-rate must be above 0, got 0"],
    [["--seeds", "0"], "train: --seeds must be between 1 and 1000, got 0"],
    [["--activation", "gelu"], 'train: --activation must be relu, tanh or selu, got "gelu"'],
    [["--model", "vit"], 'train: --model must be mlp, cnn, gru, lstm or residual, got "vit"'],
    [["--model", "gru", "--activation", "relu"], "train: --activation must be tanh for --model gru, got relu"],
    [["--model", "gru", "--hidden", "8,8"], "train: --hidden must be one size for --model gru, got 8,8"],
    [
      ["--model", "cnn", "--variants", "none,gal"],
      "train: --variants: gal goes with --model gru or lstm, got cnn; cnn takes none, early-stopping, " +
        "weight-decay, bernoulli, gaussian, uniform, alpha, early, late, linear, r-drop, gaussian-noise, " +
        "channel, feature-alpha, drop-block",
    ],
    [
      ["--model", "gru", "--variants", "none,moon"],
      "train: --variants: moon goes with --model lstm, got gru; gru takes none, early-stopping, weight-decay, " +
        "zaremba, gal, gal-gates, semeniuta, zoneout",
    ],
    [["--model", "cnn", "--export", "model.onnx"], "train: --export goes with --model mlp, got cnn"],
  ])("refuses %j", async (args, message) => {
    const { code, out, err } = await train("--out", path("refused"), ...args);
    expect({ code, out, err }).toEqual({ code: 2, out: "", err: `${message}\n` });
  });

  test("refuses rows that are no pictures where the model needs some", async () => {
    const file = path("table.csv");
    writeFileSync(file, Array.from({ length: 40 }, (_, i) => `${i % 7},${i % 2}`).join("\n"));
    const { code, err } = await run(["train", "--data", file, "--model", "gru", "--out", path("refused")]);
    expect({ code, err }).toEqual({
      code: 2,
      err: "train: --data must be pictures for --model gru, got table.csv; take --model mlp or residual\n",
    });
  });

  test("refuses to resume with other settings", async () => {
    await train("--out", path("other"));
    const { code, err } = await train("--out", path("other"), "--resume", "--epochs", "3");
    expect(code).toBe(2);
    expect(err).toMatch(/^train: --resume: .+none-seed0\.json was made with epochs 2, not 3; /);
  });

  test("explains itself", async () => {
    const { out } = await run(["train", "--help"]);
    expect(out).toMatch(
      /Variants:\n {2}none +no dropout\n {2}early-stopping +no dropout; .+\n {2}weight-decay:DECAY +/,
    );
    expect(out).toMatch(/\(default:\s+none,early-stopping,weight-decay:0\.001,bernoulli:0\.5\)/);
    expect(out).toMatch(/Models:\n {2}mlp +fully connected layers\n/);
    expect(out).toContain(
      "takes none, early-stopping, weight-decay, bernoulli, gaussian, uniform, alpha, early, late, linear, " +
        "r-drop, gaussian-noise, drop-path, layer-drop",
    );
    expect(out).toContain("Examples:\n  hadamask train\n      digits: ");
  });
});
