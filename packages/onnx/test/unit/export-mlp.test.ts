import { inspect, readModel, readNotes } from "@hadamask/onnx";
import { exportMlp, type MlpDescription } from "@hadamask/onnx/mlp";
import { describe, expect, test } from "vitest";
import { openSession, ort } from "../support/runtime.js";

const numbers = (n: number, scale: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => scale * Math.sin(7 * i + 1));

/** 3 features, 5 and 4 hidden units, 2 classes. */
const mlp = {
  layers: [
    { weights: numbers(15, 0.8), biases: numbers(5, 0.3) },
    { weights: numbers(20, 0.9), biases: numbers(4, 0.2) },
    { weights: numbers(8, 1.1), biases: numbers(2, 0.1) },
  ],
  activation: "relu",
  normalisation: { shift: [1, 2, 3], factor: [0.5, 0.25, 2] },
  inputRate: 0.1,
  hiddenRate: 0.5,
} as const satisfies MlpDescription;

/** The same network, in plain arithmetic. */
function byHand({ layers, activation, normalisation }: MlpDescription, x: readonly number[]): number[] {
  let h = x.map((value, j) => (normalisation ? (value - normalisation.shift[j]!) * normalisation.factor[j]! : value));
  layers.forEach(({ weights, biases }, i) => {
    const z = Array.from(biases, (bias, o) =>
      h.reduce((sum, value, j) => sum + value * weights[j * biases.length + o]!, bias),
    );
    const selu = (value: number) => 1.0507009873554805 * (value > 0 ? value : 1.6732632423543772 * Math.expm1(value));
    const f = { relu: (value: number) => Math.max(0, value), tanh: Math.tanh, selu }[activation];
    h = i === layers.length - 1 ? z : z.map(f);
  });
  return h;
}

async function run(description: MlpDescription, rows: readonly (readonly number[])[]) {
  const session = await openSession(exportMlp(description));
  const { logits, probabilities } = await session.run({
    x: new ort.Tensor("float32", rows.flat(), [rows.length, rows[0]!.length]),
  });
  await session.release();
  return {
    logits: Array.from(logits!.data as Float32Array),
    probabilities: Array.from(probabilities!.data as Float32Array),
  };
}

describe("an exported MLP", () => {
  const rows = [
    [1, -2, 3.5],
    [0, 10, -1],
  ];

  test.each(["relu", "tanh", "selu"] as const)("computes what the arrays say, with %s", async (activation) => {
    const description = { ...mlp, activation };
    const found = await run(description, rows);
    const expected = rows.flatMap((x) => byHand(description, x));
    expected.forEach((value, i) => {
      expect(found.logits[i]).toBeCloseTo(value, 5);
    });
    rows.forEach((_, r) => {
      const [a, b] = [expected[2 * r]!, expected[2 * r + 1]!];
      expect(found.probabilities[2 * r]).toBeCloseTo(1 / (1 + Math.exp(b - a)), 6);
    });
  });

  test("without normalisation takes the features as they are", async () => {
    const { normalisation: _, ...plain } = mlp;
    const found = await run(plain, rows);
    rows
      .flatMap((x) => byHand(plain, x))
      .forEach((value, i) => {
        expect(found.logits[i]).toBeCloseTo(value, 5);
      });
  });

  test("has a Dropout node wherever training dropped, none where the rate is 0", () => {
    const ratios = (description: MlpDescription) =>
      inspect(readModel(exportMlp(description))).dropout.map(({ name, ratio, drops }) => [name, ratio, drops]);
    expect(ratios(mlp)).toEqual([
      ["dropout.input", 0.1, "never"],
      ["dropout.hidden1", 0.5, "never"],
      ["dropout.hidden2", 0.5, "never"],
    ]);
    expect(ratios({ ...mlp, inputRate: 0 })).toHaveLength(2);
    expect(ratios({ ...mlp, inputRate: 0, hiddenRate: 0 })).toEqual([]);
  });

  test("carries the names of its classes and the shape of its pictures", () => {
    const notes = { classes: ["zero", "one"], image: { height: 1, width: 3 } };
    expect(readNotes(readModel(exportMlp({ ...mlp, ...notes })))).toEqual(notes);
    expect(readNotes(readModel(exportMlp(mlp)))).toEqual({});
    const spoilt = { ...readModel(exportMlp(mlp)), metadataProps: [{ key: "hadamask.classes", value: "{" }] };
    expect(readNotes(spoilt)).toEqual({});
  });
});

describe("misuse", () => {
  test.each<[Partial<MlpDescription>, string]>([
    [{ layers: [] }, "exportMlp: layers must have at least one entry, got 0"],
    [
      { layers: [{ weights: numbers(7, 1), biases: numbers(2, 1) }] },
      "exportMlp: layers[0].weights must have a whole number of rows of 2 numbers, one for each bias, got 7 numbers",
    ],
    [
      { layers: [mlp.layers[0]!, { weights: numbers(6, 1), biases: numbers(2, 1) }] },
      "exportMlp: layers[1].weights must have 5 rows of 2 numbers, one for each bias, got 6 numbers",
    ],
    [{ activation: "gelu" as never }, 'exportMlp: activation must be "relu", "tanh" or "selu", got "gelu"'],
    [
      { normalisation: { shift: [1], factor: [1, 2, 3] } },
      "exportMlp: normalisation.shift must have 3 numbers, one a feature, got 1",
    ],
    [{ hiddenRate: 50 }, "exportMlp: hiddenRate must be in [0, 1], got 50; pass 0.5 for 50 %"],
    [{ classes: ["a"] }, "exportMlp: classes must have 2 names, one for each output, got 1"],
  ])("%j", (change, message) => {
    expect(() => exportMlp({ ...mlp, ...change })).toThrow(message);
  });
});
