// Rewritten models are valid ONNX by onnx.checker, where the machine has the Python package (PYTHON names an
// interpreter that has it).

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Placement, readModel, withDropout, writeModel } from "@hadamask/onnx";
import { afterAll, expect, test } from "vitest";
import { branches, looped, scanned } from "../support/bodies.js";
import { fixture } from "../support/fixtures.js";
import { modelOf } from "../support/graphs.js";

const python = process.env.PYTHON ?? "python3";
const script = fileURLToPath(new URL("../../../../oracles/onnx_check.py", import.meta.url));
const hasOnnx = spawnSync(python, ["-c", "import onnx"]).status === 0;
if (!hasOnnx) console.log(`onnx.checker is skipped: ${python} has no package onnx`);

const folder = mkdtempSync(join(tmpdir(), "hadamask-onnx-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CASES: readonly (readonly [string, (Placement | Placement[])?])[] = [
  ...[
    "opset7",
    "opset10",
    "opset12",
    "opset13",
    "opset22",
    "flag-constant",
    "flag-input",
    "mask-used",
    "dropout-only",
    "linear",
    "mlp-train",
    "transformer-train",
  ].map((name) => [name] as const),
  ["mlp-eval", { rate: 0.1, after: ["Relu"] }],
  ["cnn-eval", { rate: 0.1, after: ["Relu"], share: "channel" }],
  ["regression-eval", { rate: 0.1, before: ["Gemm"] }],
  [
    "transformer-eval",
    [
      { rate: 0.1, after: ["AttentionSoftmax", "Relu"] },
      { rate: 0.1, weights: true },
    ],
  ],
  ["double", { rate: 0.1, after: ["Relu"] }],
  ["half", { rate: 0.1, after: ["Relu"] }],
];

test.skipIf(!hasOnnx)("every way to rewrite the fixtures gives a valid model", { timeout: 120_000 }, () => {
  const models = [
    ...CASES.map(([name, placements]) => withDropout(readModel(fixture(`${name}.onnx`)), placements)),
    ...[branches, looped, scanned].map((graph) =>
      withDropout(modelOf(graph), { rate: 0.1, before: ["MatMul"] }, { shapes: true }),
    ),
  ];
  const paths = models.map(({ model }, i) => {
    const path = join(folder, `${i}.onnx`);
    writeFileSync(path, writeModel(model));
    return path;
  });
  const { status, stdout, stderr } = spawnSync(python, [script, ...paths], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout.trim().split("\n")).toHaveLength(models.length);
});
