import { describe, expect, test } from "vitest";
import { run } from "../../support/run.js";
import { uncertaintyFolder } from "../../support/uncertainty.js";

const { fixture, path } = uncertaintyFolder();

describe("hadamask inspect", () => {
  test("lists what there is and what follows", async () => {
    const { code, out } = await run(["inspect", fixture("mlp-train.onnx")]);
    expect(code).toBe(0);
    expect(out).toContain("/2/Dropout   0.5  always  removes it");
    expect(out).toContain("before:Gemm  /0/Gemm");
    expect(out).toContain("ONNX Runtime takes every Dropout node out when it optimises");
  });

  test("--json prints the whole inspection", async () => {
    const { out } = await run(["inspect", fixture("cnn-eval.onnx"), "--json"]);
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
