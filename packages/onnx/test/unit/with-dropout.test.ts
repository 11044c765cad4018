import { type Placement, readModel, sitesOf, withDropout, writeModel } from "@hadamask/onnx";
import { describe, expect, test } from "vitest";
import { fixture } from "../support/fixtures.js";
import { floats, smallModel } from "../support/models.js";
import { openSession, ort, someTensor } from "../support/runtime.js";

const rewritten = (name: string, placements?: Placement | Placement[]) =>
  withDropout(readModel(fixture(name)), placements);

/** Runs a rewritten model; sites without multipliers get ones. */
async function run(
  { model, sites }: ReturnType<typeof withDropout>,
  x: ort.Tensor,
  masks: Readonly<Record<string, ort.Tensor>> = {},
): Promise<Record<string, ort.Tensor>> {
  const session = await openSession(writeModel(model));
  const ones = sites.map(({ input, rank, type }) => {
    const one = type === "float64" ? Float64Array.of(1) : Float32Array.of(1);
    return [
      input,
      new ort.Tensor(type as "float32", one as Float32Array, new Array<number>(rank ?? 1).fill(1)),
    ] as const;
  });
  const results = await session.run({ x, ...Object.fromEntries(ones), ...masks });
  await session.release();
  return results as Record<string, ort.Tensor>;
}

const numbers = (tensor: ort.Tensor | undefined): number[] => Array.from(tensor!.data as Float32Array, Number);

/** What ONNX Runtime gives for the model as it is; it takes Dropout out, so this is the deterministic answer. */
async function plain(name: string, x: ort.Tensor): Promise<number[]> {
  const session = await openSession(fixture(name));
  const { y } = await session.run({ x });
  await session.release();
  return numbers(y);
}

describe("every opset and every way to say training_mode", () => {
  test.each(["opset7", "opset10", "opset12", "opset13", "opset22", "flag-constant", "mask-used"])(
    "%s: ones change nothing, zeros drop, a mask multiplies",
    async (name) => {
      const dropped = rewritten(`${name}.onnx`);
      const x = someTensor([2, 4]);
      const free = await run(dropped, x);
      if (name !== "mask-used") expect(numbers(free.y)).toEqual(await plain(`${name}.onnx`, x));
      const { input } = dropped.sites[0]!;
      const zeros = await run(dropped, x, { [input]: new ort.Tensor("float32", new Float32Array(12), [2, 6]) });
      expect(numbers(zeros.y)).toEqual([0, 0, 0, 0, 0, 0]);
      // Elements 0 and 4 of row 0, doubled, and all of row 1: y is linear in the mask.
      const m = [2, 0, 0, 0, 2, 0, 1, 1, 1, 1, 1, 1];
      const part = await run(dropped, x, { [input]: new ort.Tensor("float32", Float32Array.from(m), [2, 6]) });
      expect(numbers(part.y).slice(3)).toEqual(numbers(free.y).slice(3));
      const single = async (i: number) => {
        const one = Float32Array.from({ length: 12 }, (_, j) => (i === j ? 1 : 0));
        return numbers((await run(dropped, x, { [input]: new ort.Tensor("float32", one, [2, 6]) })).y);
      };
      const [a, b] = [await single(0), await single(4)];
      numbers(part.y)
        .slice(0, 3)
        .forEach((value, c) => {
          expect(value).toBeCloseTo(2 * a[c]! + 2 * b[c]!, 5);
        });
    },
  );

  test("ratios and flags that nobody reads any more are gone, the training_mode input too", () => {
    const { model } = rewritten("flag-input.onnx");
    expect(model.graph!.input!.map((info) => info.name)).toEqual(["x", "hadamask_mask_0"]);
    expect(model.graph!.initializer!.map((tensor) => tensor.name)).toEqual(["w1", "w2"]);
    expect(rewritten("flag-constant.onnx").model.graph!.node!.map((node) => node.opType)).toEqual([
      "MatMul",
      "Relu",
      "Mul",
      "MatMul",
    ]);
  });

  test("a used mask output says which elements were kept, in the full shape", async () => {
    const dropped = rewritten("mask-used.onnx");
    const { input } = dropped.sites[0]!;
    const mask = new ort.Tensor("float32", Float32Array.of(2, 0, 2, 0, 0, 2), [1, 6]);
    const { m } = await run(dropped, someTensor([2, 4]), { [input]: mask });
    expect(m!.type).toBe("bool");
    expect(numbers(m)).toEqual([1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1]);
  });
});

describe("element types", () => {
  test.each([
    ["double", "float64", Float64Array],
    ["half", "float32", undefined],
  ] as const)("%s takes %s multipliers", async (name, type, ArrayClass) => {
    const dropped = rewritten(`${name}.onnx`, { rate: 0.5, after: ["Relu"] });
    expect(dropped.sites[0]!.type).toBe(type);
    const x = ArrayClass
      ? new ort.Tensor("float64", ArrayClass.of(1, 2, 3, 4), [1, 4])
      : new ort.Tensor("float16", Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400), [1, 4]);
    const free = await run(dropped, x);
    const zero = type === "float64" ? new Float64Array(4) : new Float32Array(4);
    const none = await run(dropped, x, { [dropped.sites[0]!.input]: new ort.Tensor(type, zero, [1, 4]) });
    expect(numbers(none.y).every((value) => value === 0)).toBe(true);
    expect(numbers(free.y).some((value) => value !== 0)).toBe(true);
  });

  test("integers are refused", () => {
    const model = smallModel([
      { opType: "Cast", name: "cast", input: ["x"], output: ["i"], attribute: [{ name: "to", type: 2, i: 6 }] },
      { opType: "Relu", name: "act", input: ["i"], output: ["h"] },
      { opType: "Cast", name: "back", input: ["h"], output: ["y"], attribute: [{ name: "to", type: 2, i: 1 }] },
    ]);
    expect(() => withDropout(model, { rate: 0.5, after: ["Relu"] })).toThrow(
      "withDropout: after Relu act must be a tensor of floating-point numbers, got int32",
    );
  });
});

describe("places", () => {
  const names = (placements: Placement | Placement[], model = "transformer-train.onnx") =>
    rewritten(model, placements).sites.map(({ kind, name }) => `${kind} ${name}`);

  test("by operator, by name, and the last few", () => {
    expect(names({ rate: 0.1, after: ["Relu", "AttentionSoftmax"] })).toEqual([
      "after /block/self_attn/Softmax",
      "after /block/Relu",
    ]);
    expect(names({ rate: 0.1, before: ["Gemm", "MatMul"], where: "*linear*" })).toEqual([
      "before /block/linear1/MatMul",
      "before /block/linear2/MatMul",
    ]);
    expect(names({ rate: 0.1, before: ["MatMul", "Gemm"], last: 1 })).toEqual(["before /head/Gemm"]);
    expect(names({ rate: 0.1, weights: true, where: /^head/ })).toEqual(["weight head.weight"]);
    expect(names({ where: /dropout\d/ })).toEqual([
      "dropout /block/dropout1/Dropout",
      "dropout /block/dropout2/Dropout",
    ]);
    expect(
      names([
        { rate: 0.2, before: ["Gemm"], last: 1 },
        { rate: 0.1, after: ["Relu"] },
      ]),
    ).toEqual(["after /block/Relu", "before /head/Gemm"]);
  });

  test("a site is known by its tensor, so that the same net exported differently has the same masks", () => {
    const trained = rewritten("mlp-train.onnx").sites.map((site) => site.id);
    const evaluated = rewritten("mlp-eval.onnx", { rate: 0.5, after: ["Relu"] }).sites.map((site) => site.id);
    expect(trained).toEqual(evaluated);
    const twice = rewritten("mlp-eval.onnx", [
      { rate: 0.5, after: ["Relu"] },
      { rate: 0.5, before: ["Gemm"] },
    ]).sites.map((site) => site.id);
    expect(new Set(twice).size).toBe(twice.length);
  });

  test("Dropout nodes that were not chosen pass their input on", async () => {
    const dropped = rewritten("mlp-train.onnx", { rate: 0.5, after: ["Relu"], where: "/1/*" });
    const nodes = dropped.model.graph!.node!.filter((node) => node.opType === "Dropout");
    expect(nodes.map((node) => node.input!.length)).toEqual([2, 2]);
    const x = someTensor([3, 64]);
    // nothing is removed
    const session = await openSession(writeModel(dropped.model), { graphOptimizationLevel: "disabled" });
    const ones = { [dropped.sites[0]!.input]: new ort.Tensor("float32", Float32Array.of(1), [1, 1]) };
    const { y } = await session.run({ x, ...ones });
    (await plain("mlp-eval.onnx", x)).forEach((value, i) => {
      expect(numbers(y)[i]).toBeCloseTo(value, 4);
    });
    await session.release();
  });

  test.each<[string, Placement | Placement[], string]>([
    [
      "mlp-eval.onnx",
      {},
      "withDropout: the model has no Dropout node; pass after or before, for instance { rate: 0.1, after: " +
        '["Relu"] }; the model has before Gemm, weights and after Relu',
    ],
    [
      "mlp-eval.onnx",
      { rate: 0.1, after: ["Tanh"] },
      "withDropout: there must be a place after Tanh, got none; the model has before Gemm, weights and after Relu",
    ],
    ["mlp-eval.onnx", { after: ["Relu"] }, "withDropout: rate is missing for after Relu /1/Relu; pass { rate }"],
    ["mlp-eval.onnx", { rate: 50, after: ["Relu"] }, "withDropout: rate must be in [0, 1], got 50; pass 0.5 for 50 %"],
    ["mlp-eval.onnx", { rate: Number.NaN, after: ["Relu"] }, "withDropout: rate must be in [0, 1], got NaN"],
    [
      "mlp-eval.onnx",
      { rate: 0.1, after: ["Relu"], where: "layer*" },
      'withDropout: where must fit the name of a place, got "layer*"; there are /1/Relu and /4/Relu',
    ],
    [
      "mlp-eval.onnx",
      { rate: 0.1, after: "Relu" as never },
      'withDropout: after must be an array of operator names, got "Relu"',
    ],
    [
      "mlp-eval.onnx",
      { rate: 0.1, after: ["Relu"], last: 0 },
      "withDropout: last must be a whole number in [1, 2147483648], got 0",
    ],
    [
      "mlp-eval.onnx",
      { rate: 0.1, after: ["Relu"], share: "row" as never },
      'withDropout: share must be "element", "channel", "sample" or { axes }, got "row"',
    ],
    ["mlp-eval.onnx", [], "withDropout: there must be at least one placement, got an array of 0"],
    [
      "mlp-eval.onnx",
      [
        { rate: 0.1, after: ["Relu"] },
        { rate: 0.2, after: ["Relu"], last: 1 },
      ],
      "withDropout: after Relu /4/Relu is chosen twice; narrow one of the placements",
    ],
    [
      "opset6.onnx",
      { rate: 0.1, after: ["Relu"] },
      "withDropout: the model's opset must be in 7 to 26, got 6; convert it with onnx.version_converter",
    ],
  ])("%s with %j is refused", (name, placements, message) => {
    expect(() => rewritten(name, placements)).toThrow(message);
  });

  test("a rewritten model is not rewritten again", () => {
    const { model } = rewritten("mlp-train.onnx");
    expect(() => withDropout(readModel(writeModel(model)), { rate: 0.1, after: ["Relu"] })).toThrow(
      "withDropout: the model must not have dropout as inputs already, got one that withDropout made",
    );
  });

  test("a rank that only a run would tell is said to be missing", () => {
    const model = smallModel([
      { opType: "Identity", name: "unknown", input: ["x"], output: ["shape"] },
      { opType: "Reshape", name: "reshape", input: ["x", "nowhere"], output: ["r"] },
      { opType: "Relu", name: "act", input: ["r"], output: ["h"] },
      { opType: "Neg", name: "end", input: ["h"], output: ["y"] },
    ]);
    expect(() => withDropout(model, { rate: 0.1, after: ["Relu"] })).toThrow(
      "withDropout: the rank of every chosen tensor must be settled by the file, got none for after Relu act; " +
        "run onnx.shape_inference on it, or predict with monteCarlo, which does not need it",
    );
  });
});

describe("DropConnect", () => {
  test("multiplies the weights, wherever they are read", async () => {
    const model = smallModel([
      { opType: "MatMul", name: "one", input: ["x", "w"], output: ["a"] },
      { opType: "MatMul", name: "two", input: ["a", "w"], output: ["y"] },
    ]);
    const w = {
      name: "w",
      dims: [4, 4],
      dataType: 1,
      rawData: floats(...Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0))),
    };
    const graph = { ...model.graph!, initializer: [...model.graph!.initializer!, w] };
    const dropped = withDropout({ ...model, graph }, { rate: 0.5, weights: true });
    expect(dropped.sites.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["weight w"]); // tied: one site
    const x = new ort.Tensor("float32", Float32Array.of(1, 2, 3, 4), [1, 4]);
    expect(numbers((await run(dropped, x)).y)).toEqual([1, 2, 3, 4]);
    const m = Float32Array.from({ length: 16 }, (_, i) => (i === 0 || i === 15 ? 2 : 0));
    expect(
      numbers((await run(dropped, x, { [dropped.sites[0]!.input]: new ort.Tensor("float32", m, [4, 4]) })).y),
    ).toEqual([4, 0, 0, 16]);
  });
});

test("the model that was given stays as it was, and the sites travel with the file", () => {
  const model = readModel(fixture("mlp-train.onnx"));
  const { model: dropped, sites } = withDropout(model);
  expect(Buffer.compare(writeModel(model), fixture("mlp-train.onnx"))).toBe(0);
  expect(sitesOf(model)).toBeUndefined();
  expect(sitesOf(readModel(writeModel(dropped)))).toEqual(sites);
  expect(sites[0]).toEqual({
    input: "hadamask_mask_0",
    type: "float32",
    kind: "dropout",
    operator: "Dropout",
    name: "/2/Dropout",
    id: "/1/Relu_output_0",
    tensor: "/1/Relu_output_0",
    rank: 2,
    rate: 0.5,
    share: "element",
  });
});
