// Convolutional networks predict in WebAssembly what their graph predicts, to the bit: trained or not, in pictures of
// any size, with weights that are no numbers.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { key, normal } from "hadamask";
import { describe, expect, test } from "vitest";
import { buildModel } from "../../src/models/build.js";
import type { Model, WeightArray } from "../../src/models/model.js";
import { Network } from "../../src/training/network.js";
import { classTask } from "../../src/training/task.js";
import { activate } from "../../src/variants/activate.js";
import { readVariant, variantsOf } from "../../src/variants/spec.js";

const CLASSES = 3;
const task = classTask(CLASSES);

interface Made {
  readonly height: number;
  readonly width: number;
  readonly hidden: readonly number[];
}

const modelOf = ({ height, width, hidden }: Made): Model =>
  buildModel("cnn", {
    ...{ features: height * width, image: { height, width }, hidden, outputs: CLASSES, activation: "relu" },
  });

/** The same model without its other way to predict. */
function graphOnly({ plainPrediction: _, ...model }: Model): Model {
  return model;
}

const networkOf = (model: Model, name: string): Network => {
  const variant = activate(readVariant(name, 0.1, "cnn"), model, key(5), 10);
  return new Network(model, task.likelihood, variant, key(1));
};

const rowsOf = (rows: number, features: number): Float32Array =>
  Float32Array.from(normal(rows * features, { key: key(9) }));
const bits = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length);

test("the committed bytes of the module are those that its source compiles to", () => {
  const file = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
  const args = [file("assembly/build.mjs"), "--print", "cnn"];
  const built = execFileSync(process.execPath, args, { encoding: "utf8" });
  const isSame = readFileSync(file("src/models/cnn-wasm.ts"), "utf8") === built;
  expect(isSame, "run node packages/experiments/assembly/build.mjs").toBe(true);
});

describe("prediction without noise has the bits of the graph", () => {
  test.each<[string, Made]>([
    ["as it is by default", { height: 8, width: 8, hidden: [16, 32] }],
    ["odd sides and maps that fill no vector", { height: 7, width: 5, hidden: [3, 9, 5] }],
    ["a row of pixels", { height: 1, width: 6, hidden: [4] }],
    ["a pixel", { height: 1, width: 1, hidden: [2, 2] }],
    ["more stages than halvings", { height: 2, width: 3, hidden: [8, 1, 8] }],
  ])("%s", (_, made) => {
    const [rows, features] = [5, made.height * made.width];
    const x = rowsOf(rows, features);
    const predict = (model: Model): Float32Array => {
      const network = networkOf(model, "channel:0.3");
      const targets = Float32Array.from({ length: rows * CLASSES }, (_, i) => Number(i % CLASSES === 0));
      for (let t = 0; t < 3; t++) network.train(t, { inputs: x, targets, rows }, 0.01);
      const found = network.predict(x, rows);
      network.release();
      return found;
    };
    const model = modelOf(made);
    expect(model.plainPrediction?.()).toBeDefined();
    const found = predict(model);
    expect(found.some((value) => value !== found[0])).toBe(true);
    expect(bits(found)).toEqual(bits(predict(graphOnly(model))));
  });

  test("for every variant of convolutional networks, on as many rows as come, one call after another", () => {
    const made: Made = { height: 6, width: 6, hidden: [4, 8] };
    let faster = 0;
    for (const name of variantsOf("cnn")) {
      if (name === "alpha" || name === "feature-alpha") continue; // they go with SELU
      const model = modelOf(made);
      const [network, graph] = [networkOf(model, name), networkOf(graphOnly(model), name)];
      for (const rows of [1, 4, 3]) {
        const x = rowsOf(rows, 36);
        expect(bits(network.predict(x, rows)), name).toEqual(bits(graph.predict(x, rows)));
      }
      if (activate(readVariant(name, 0.1, "cnn"), model, key(5), 10).isPlainInPrediction) faster++;
      for (const one of [network, graph]) one.release();
    }
    expect(faster).toBeGreaterThanOrEqual(5); // none, early stopping, weight decay, bernoulli, channel
  });

  test("NaN and infinity come out as they do from the graph", () => {
    const model = modelOf({ height: 4, width: 4, hidden: [2, 2] });
    const plain = model.plainPrediction!()!;
    const network = networkOf(graphOnly(model), "none");
    const x = rowsOf(3, 16);
    x[3] = Number.NaN;
    x[20] = Number.POSITIVE_INFINITY;
    const weights: readonly WeightArray[] = network.weights();
    expect(Array.from(plain(weights, x, 3))).toEqual(Array.from(network.predict(x, 3)));
    network.release();
  });

  test("another activation is left to the graph", () => {
    const options = { features: 4, image: { height: 2, width: 2 }, hidden: [2], outputs: 2 } as const;
    expect(buildModel("cnn", { ...options, activation: "tanh" }).plainPrediction).toBeUndefined();
  });
});
