import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect, readModel } from "@hadamask/onnx";
import { afterAll, describe, expect, test } from "vitest";
import { fixture, fixtureNames } from "../support/fixtures.js";
import { openSession } from "../support/runtime.js";

const folder = mkdtempSync(join(tmpdir(), "hadamask-onnx-"));
afterAll(() => rmSync(folder, { recursive: true }));

const readable = fixtureNames.filter((name) => name !== "opset6.onnx" && name !== "opset23.onnx");
const withDropoutNodes = readable.filter((name) => inspect(readModel(fixture(name))).dropout.length > 0);

describe("whether the runtime removes a Dropout node is what it does", () => {
  // external.onnx has its weights in another file; its graph is that of the others.
  test.each(withDropoutNodes.filter((name) => name !== "external.onnx"))("%s", async (name) => {
    const bytes = fixture(name);
    const optimizedModelFilePath = join(folder, name);
    const session = await openSession(bytes, { optimizedModelFilePath, graphOptimizationLevel: "all" });
    await session.release();
    const left = readModel(readFileSync(optimizedModelFilePath)).graph!.node!.filter(
      (node) => node.opType === "Dropout",
    );
    const promised = inspect(readModel(bytes)).dropout.filter((node) => !node.isRemovedByRuntime);
    expect(left.map((node) => node.name)).toEqual(promised.map((node) => node.name));
  });

  test("both answers occur", () => {
    const answers = withDropoutNodes.flatMap((name) =>
      inspect(readModel(fixture(name))).dropout.map((node) => node.isRemovedByRuntime),
    );
    expect(new Set(answers)).toEqual(new Set([true, false]));
  });
});

describe("ratio and training mode", () => {
  test.each([
    ["opset7.onnx", 0.4, "never"],
    ["opset10.onnx", 0.4, "never"],
    ["opset12.onnx", 0.4, "always"],
    ["opset22.onnx", 0.4, "always"],
    ["flag-constant.onnx", 0.4, "always"],
    ["flag-input.onnx", 0.4, "on request"],
    ["dropout-only.onnx", 0.5, "always"],
  ] as const)("%s: ratio %d, drops %s", (name, ratio, drops) => {
    expect(inspect(readModel(fixture(name))).dropout).toMatchObject([{ ratio, drops }]);
  });

  test("the mask output counts as used where it is an output of the model", () => {
    expect(inspect(readModel(fixture("mask-used.onnx"))).dropout[0]!.isMaskUsed).toBe(true);
    expect(inspect(readModel(fixture("opset13.onnx"))).dropout[0]!.isMaskUsed).toBe(false);
  });
});
