import { mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import { run } from "../../support/run.js";
import { uncertainty, uncertaintyFolder } from "../../support/uncertainty.js";

const { path } = uncertaintyFolder();

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
  const { testError, nll, ece } = variants.at(-1);
  expect(found.rows).toBe(539);
  expect(1 - found.judgement.plain.accuracy.value).toBeCloseTo(testError.mean, 12);
  expect(found.judgement.plain.nll.value).toBeCloseTo(nll.mean, 4);
  expect(found.judgement.plain.ece.value).toBeCloseTo(ece.mean, 4);
  expect(found.sites).toEqual([
    { kind: "dropout", name: "dropout.input", rate: 0.1 },
    { kind: "dropout", name: "dropout.hidden1", rate: 0.5 },
  ]);
  // it knows that they are pictures
  expect(found.strange.map((rows: { name: string }) => rows.name)).toEqual(["rotated by 90°", "noise"]);
}, 120_000);
