import { describe, expect, test } from "vitest";
import { run } from "../../support/run.js";
import { uncertaintyFolder } from "../../support/uncertainty.js";

const { fixture, path } = uncertaintyFolder();

describe("hadamask inspect", () => {
  test("lists what there is and what follows", async () => {
    const { code, out } = await run(["inspect", fixture("mlp-train.onnx")]);
    expect(code).toBe(0);
    expect(out).toContain("/2/Dropout   0.5  always  removes it");
    expect(out).toMatch(/before:Gemm +3 {2}y +y +\/0\/Gemm, \/3\/Gemm, \/6\/Gemm/);
    expect(out).toMatch(/To begin: npx hadamask uncertainty .*mlp-train\.onnx'? DATA\n$/);
    expect(out).toContain("ONNX Runtime takes every Dropout node out when it optimises");
  });

  test("advice is what to type, and names places that reach the answer through weights", async () => {
    const { out } = await run(["inspect", fixture("cnn-eval.onnx")]);
    expect(out).toMatch(
      /To begin: npx hadamask uncertainty .*cnn-eval\.onnx'? DATA --where after:\w+(,after:\w+)* --rate 0\.1\n$/,
    );
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
