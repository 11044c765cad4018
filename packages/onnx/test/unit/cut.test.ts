import {
  type MonteCarloOptions,
  monteCarlo,
  readModel,
  type ValuePrediction,
  withDropout,
  writeModel,
} from "@hadamask/onnx";
import { Dropout, key, siteKey } from "hadamask";
import { describe, expect, test } from "vitest";
import { cutModel } from "../../src/predict/cut.js";
import type { NodeProto } from "../../src/protobuf/types.js";
import { fixture, rowsOf } from "../support/fixtures.js";
import { smallModel } from "../support/models.js";
import { quiet, spied, values } from "../support/monte-carlo.js";
import { ort } from "../support/runtime.js";

const node = (opType: string, input: string[], output: string, attribute: NodeProto["attribute"] = []): NodeProto => ({
  opType,
  name: output,
  input,
  output: [output],
  attribute,
});

const options = { rate: 0.5, after: ["Relu"], key: key(4), kind: "values", session: quiet } as const;
const ask = async (
  model: ReturnType<typeof smallModel>,
  samples: number,
  more: Partial<MonteCarloOptions> = {},
): Promise<ValuePrediction> => {
  const mc = await monteCarlo(writeModel(model), { ort, ...options, ...more });
  const found = (await mc.predict(
    { x: Float32Array.from({ length: 8 }, (_, i) => i + 1) },
    { samples },
  )) as ValuePrediction;
  await mc.dispose();
  return found;
};

describe("what comes before the first masks is computed once", () => {
  test("a convolutional network with dropout before its last layer: convolutions run once for 50 passes", async () => {
    const { spy, loaded } = spied();
    const mc = await monteCarlo(fixture("cnn-eval.onnx"), {
      ...options,
      ort: spy,
      after: undefined as never,
      before: ["Gemm"],
      last: 1,
    });
    const found = (await mc.predict({ x: rowsOf("cnn") }, { samples: 50, levels: [] })) as ValuePrediction;
    const head = loaded.find(({ inputs, outputs }) => inputs.includes("x") && !outputs.includes("y"))!;
    const passes = loaded.filter(({ inputs }) => !inputs.includes("x"));
    // for the answer without dropout, which also tells the types of its outputs, and for all passes
    expect(head.runs).toBe(2);
    expect(passes).toHaveLength(1);
    expect(passes[0]!.inputs).toContain(head.outputs[0]);
    await mc.dispose();
    expect(loaded.every(({ isReleased }) => isReleased)).toBe(true);
    // The means are about the plain answers: six standard errors, and what rounding adds.
    found.mean.forEach((mean, i) => {
      const far = Math.abs(mean - found.deterministic.mean[i]!);
      expect(far).toBeLessThan(6 * found.standardError.mean[i]! + 1e-5);
    });
  });

  test("the masks are those of a layer; weights, inputs and what both parts need are in both", async () => {
    // double and x itself go past the site, and the constant "one" is read on both sides.
    const model = smallModel([
      node("Add", ["x", "one"], "double"),
      node("Relu", ["double"], "h"),
      node("Mul", ["h", "one"], "a"),
      node("Add", ["a", "double"], "b"),
      node("Add", ["b", "x"], "y"),
    ]);
    const found = await ask(model, 5, { masks: "independent" });
    const x = Float32Array.from({ length: 8 }, (_, i) => i + 1);
    const layer = new Dropout({ rate: 0.5, key: siteKey(key(4), "h"), mode: "sample" });
    const passes = Array.from({ length: 5 }, (_, pass) =>
      layer.forward(
        x.map((value) => value + 1),
        { pass, sampleIds: [0, 1] },
      ),
    );
    found.mean.forEach((mean, i) => {
      const expected = passes.reduce((sum, y) => sum + y[i]!, 0) / 5 + 2 * x[i]! + 1;
      expect(mean).toBeCloseTo(expected, 5);
    });
  });

  test("other rows, other answers: what was handed over is not used for the next ones", async () => {
    const mc = await monteCarlo(fixture("mlp-eval.onnx"), { ort, ...options, last: 1 });
    const { data } = rowsOf("mlp");
    const of = async (row: number): Promise<number[]> => {
      const x = { data: data.subarray(64 * row, 64 * (row + 1)), dims: [1, 64] };
      return [...((await mc.predict({ x }, { samples: 4, sampleIds: [row] })) as ValuePrediction).mean];
    };
    const whole = await values("mlp-eval.onnx", { x: rowsOf("mlp") }, { ...options, last: 1 });
    for (const row of [3, 7, 3]) {
      (await of(row)).forEach((mean, c) => {
        expect(Math.abs(mean - whole.mean[10 * row + c]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(mean)));
      });
    }
    await mc.dispose();
  });
});

describe("models that stay whole", () => {
  const cut = (nodes: readonly NodeProto[], outputs = ["y"]) => {
    const { model, sites } = withDropout(smallModel(nodes), { rate: 0.5, after: ["Relu"] });
    return cutModel(model, sites, outputs);
  };

  test("an answer that no mask reaches, inputs that are dropped at once, and randomness of the model's own", () => {
    expect(cut([node("Relu", ["x"], "h"), node("Neg", ["h"], "y")])?.tensors).toEqual(["h_before_dropout"]);
    const two = smallModel([node("Relu", ["x"], "h"), node("Neg", ["h"], "other"), node("Neg", ["x"], "y")]);
    const output = [...two.graph!.output!, { name: "other" }];
    const dropped = withDropout({ ...two, graph: { ...two.graph!, output } }, { rate: 0.5, after: ["Relu"] });
    expect(cutModel(dropped.model, dropped.sites, ["y"])).toBeUndefined();
    // What draws by itself must do so in every pass.
    const random = [
      node("RandomNormalLike", ["x"], "noise"),
      node("Relu", ["noise"], "h"),
      node("Add", ["h", "x"], "y"),
    ];
    expect(cut(random)).toBeUndefined();
    const { model, sites } = withDropout(readModel(fixture("dropout-only.onnx")));
    expect(cutModel(model, sites, ["y"])).toBeUndefined();
  });
});
