import { type MonteCarloOptions, monteCarlo, type ValuePrediction } from "@hadamask/onnx";
import { key } from "hadamask";
import { describe, expect, test } from "vitest";
import {
  attr,
  bytesOf,
  constant,
  type Graph,
  info,
  int64s,
  network,
  node,
  rows,
  weight,
  withoutBatch,
} from "../support/graphs.js";
import { expectClose, quiet } from "../support/monte-carlo.js";
import { ort } from "../support/runtime.js";

const options = { ort, key: key(1), rate: 0.3, after: ["Relu"], kind: "values", session: quiet } as const;

const predict = async (
  graph: Graph,
  inputs: Parameters<Awaited<ReturnType<typeof monteCarlo>>["predict"]>[0],
  more: Partial<MonteCarloOptions> = {},
) => {
  const mc = await monteCarlo(bytesOf(graph), { ...options, ...more });
  const found = (await mc.predict(inputs, { samples: 10, levels: [] })) as ValuePrediction;
  await mc.dispose();
  return { found, warnings: mc.warnings };
};

const plain = network(3, [node("Neg", ["z"], "y")], [info("y", ["rows", 3])]);

describe("models without a batch, or with one of one", () => {
  const want = async (masks: "consistent" | "independent" = "consistent") =>
    (await predict(plain, { x: rows(4, 4) }, { masks })).found;

  test("[4] → [3]: one row a run, with the masks of the batched model", async () => {
    const graph = withoutBatch(plain);
    for (const masks of ["consistent", "independent"] as const) {
      const { found } = await predict(graph, { v: { data: rows(4, 4), dims: [4, 4] } }, { masks });
      expect([found.rows, found.values]).toEqual([4, 3]);
      const { mean, variance, deterministic } = await want(masks);
      expectClose(found.mean, mean);
      expectClose(found.variance, variance);
      expectClose(found.deterministic.mean, deterministic.mean);
    }
    expect((await predict(graph, { v: rows(4, 4) })).found.rows).toBe(4);
    expect((await predict(graph, { v: { data: rows(1, 4), dims: [4] } })).found.rows).toBe(1);
  });

  test("a batch of 1 whose output is squeezed to [3]: the whole output is the row's", async () => {
    const graph = {
      ...plain,
      nodes: [...plain.nodes.slice(0, 3), node("Neg", ["z"], "n"), node("Squeeze", ["n", "zero"], "y")],
      weights: [...plain.weights!, int64s("zero", [0])],
      inputs: [info("x", [1, 4])],
      outputs: [info("y", [3])],
    };
    const { found } = await predict(graph, { x: rows(4, 4) });
    expectClose(found.mean, (await want()).mean);
  });

  test("a batch that is called free and is not (reshape to one row): one row a run, and said", async () => {
    const graph = {
      ...plain,
      nodes: [node("Reshape", ["raw", "shape"], "x"), ...plain.nodes],
      weights: [...plain.weights!, int64s("shape", [1, 4])],
      inputs: [info("raw", ["rows", 2, 2])],
    };
    const { found, warnings } = await predict(graph, { raw: { data: rows(4, 4), dims: [4, 2, 2] } });
    expectClose(found.mean, (await want()).mean);
    expect(warnings).toEqual([
      "Each run is of one row, which is slow: the model says that its batch is free, but does not run with two rows.",
    ]);
  });

  test("batch 1 is honoured in every run", async () => {
    const { found } = await predict(plain, { x: rows(4, 4) }, { batch: 1 });
    expectClose(found.mean, (await want()).mean);
  });
});

describe("rows on other axes", () => {
  test("states [layers, batch, units] as second input and output", async () => {
    const graph = {
      nodes: [node("Add", ["x", "state"], "s"), node("Relu", ["s"], "h"), node("Mul", ["h", "two"], "y")],
      weights: [constant("two", [], [2])],
      inputs: [info("x", ["n", 3]), info("state", [2, "n", 3])],
      outputs: [info("y", [2, "n", 3])],
    };
    const x = rows(5, 3);
    const state = { data: rows(10, 3), dims: [2, 5, 3] };
    const batchAxis = { state: 1, y: 1 };
    const { found } = await predict(graph, { x, state }, { batchAxis });
    expect([found.rows, found.values]).toEqual([5, 6]);
    for (let row = 0; row < 5; row++) {
      for (let l = 0; l < 2; l++) {
        for (let u = 0; u < 3; u++) {
          const sum = Math.max(0, x[3 * row + u]! + state.data[(l * 5 + row) * 3 + u]!);
          expect(found.deterministic.mean[row * 6 + l * 3 + u]).toBeCloseTo(2 * sum, 5);
        }
      }
    }
    const picked = {
      x: x.slice(6, 9),
      state: { data: Float32Array.from([...state.data.slice(6, 9), ...state.data.slice(21, 24)]), dims: [2, 1, 3] },
    };
    const alone = (await predict(graph, picked, { batchAxis })).found;
    expectClose(alone.mean, found.mean.slice(12, 18)); // consistent masks: the id does not matter
  });

  test("a wrong axis is named, with what there is", async () => {
    await expect(monteCarlo(bytesOf(plain), { ...options, batchAxis: { z: 1 } })).rejects.toThrow(
      'monteCarlo: batchAxis must name inputs and outputs (x and y), got "z"',
    );
    await expect(monteCarlo(bytesOf(plain), { ...options, batchAxis: { x: -1 } })).rejects.toThrow(
      'monteCarlo: a batch axis must be a whole number in [0, 63] or "none", got -1',
    );
  });

  test("-1 as a dimension is a free one", async () => {
    const { found } = await predict(
      { ...plain, inputs: [info("x", [-1, 4])], outputs: [info("y", [-1, 3])] },
      { x: rows(3, 4) },
    );
    expect(found.rows).toBe(3);
  });
});

describe("rows that influence each other, and models that draw by themselves", () => {
  const mean = [node("ReduceMean", ["x"], "m", [attr("axes", [0])]), node("Sub", ["x", "m"], "centred")];

  test("before the first place: found", async () => {
    const graph = { ...plain, nodes: [...mean, node("Gemm", ["centred", "w1", "b1"], "s"), ...plain.nodes.slice(1)] };
    await expect(predict(graph, { x: rows(4, 4) })).rejects.toThrow(
      "predict: the rows of a batch must not influence each other, got another answer for the first row when " +
        "the others changed; pass { batch: 1 } to run one row at a time",
    );
    expect((await predict(graph, { x: rows(4, 4) }, { batch: 1 })).found.rows).toBe(4);
  });

  test("a dynamically quantised network, batch 1: one row a run", async () => {
    const w8 = {
      name: "w8",
      dims: [8, 3],
      dataType: 3,
      rawData: Uint8Array.from({ length: 24 }, (_, i) => (i * 37) % 100),
    };
    const graph = {
      ...plain,
      nodes: [
        ...plain.nodes.slice(0, 2),
        node("DynamicQuantizeLinear", ["h"], ["hq", "hs", "hz"]),
        node("MatMulInteger", ["hq", "w8", "hz"], "yi"),
        node("Cast", ["yi"], "yf", [attr("to", 1)]),
        node("Mul", ["yf", "hs"], "y"),
      ],
      weights: [...plain.weights!, w8],
    };
    const x = rows(4, 4).map((value, i) => (i < 4 ? value : 30 * value));
    await expect(predict(graph, { x })).rejects.toThrow("pass { batch: 1 } to run one row at a time");
    const { found } = await predict(graph, { x }, { batch: 1 });
    const alone = (await predict(graph, { x: x.slice(0, 4) }, { batch: 1 })).found;
    expectClose(found.mean.slice(0, 3), alone.mean);
    expect(Math.min(...found.variance)).toBeGreaterThan(0);
  });

  test("randomness of the model's own is told apart, with its node", async () => {
    const graph = {
      ...plain,
      nodes: [
        node("RandomNormalLike", ["x"], "noise"),
        node("Add", ["x", "noise"], "loud"),
        node("Gemm", ["loud", "w1", "b1"], "s"),
        ...plain.nodes.slice(1),
      ],
    };
    await expect(predict(graph, { x: rows(4, 4) })).rejects.toThrow(
      "predict: the model must not draw random numbers itself (noise), got two runs without dropout that " +
        "differ in output y; export it without sampling, or ask for an output before it",
    );
  });

  test("batch normalisation in training mode is found before anything runs; freeze sets it to inference", async () => {
    const norm = (training: number) =>
      node("BatchNormalization", ["s", "g", "b1", "mu", "var"], training ? ["n", "mu2", "var2"] : "n", [
        attr("training_mode", training),
      ]);
    const graph = (training: number) => ({
      ...plain,
      nodes: [plain.nodes[0]!, norm(training), node("Relu", ["n"], "h"), ...plain.nodes.slice(2)],
      weights: [
        ...plain.weights!,
        weight("g", [8], 1, 7),
        weight("mu", [8], 1, 8),
        constant("var", [8], [1, 2, 3, 4, 5, 6, 7, 8]),
      ],
    });
    await expect(predict(graph(1), { x: rows(4, 4) })).rejects.toThrow(
      "monteCarlo: batch normalisation must be in inference mode, got training mode at n, where a row's answer " +
        "depends on the other rows; pass { freeze: true } to use the stored statistics",
    );
    const { found } = await predict(graph(1), { x: rows(4, 4) }, { freeze: true });
    expectClose(found.mean, (await predict(graph(0), { x: rows(4, 4) })).found.mean);
    expect(Math.min(...found.variance)).toBeGreaterThan(0);
  });
});

describe("settings as inputs", () => {
  test("ratio and training_mode are set for the user, and may be fed all the same", async () => {
    const graph = {
      ...plain,
      nodes: [
        ...plain.nodes.slice(0, 2),
        node("Dropout", ["h", "ratio", "training_mode"], "d"),
        node("Gemm", ["d", "w2", "b2"], "y"),
      ],
      inputs: [...plain.inputs, info("ratio", []), info("training_mode", [], 9)],
    };
    const { after: _, ...dropout } = options;
    const mc = await monteCarlo(bytesOf(graph), dropout);
    const found = (await mc.predict({ x: rows(2, 4) }, { samples: 20 })) as ValuePrediction;
    expect(Math.min(...found.variance)).toBeGreaterThan(0);
    const same = (await mc.predict(
      { x: rows(2, 4), ratio: [0.9], training_mode: [1] },
      { samples: 20 },
    )) as ValuePrediction;
    expect([...same.mean]).toEqual([...found.mean]);
    await expect(monteCarlo(bytesOf(graph), { ...dropout, rate: undefined } as never)).rejects.toThrow(
      "monteCarlo: rate is missing for Dropout d, whose ratio is not in the file; pass { rate }",
    );
    // other places: the Dropout node is silent and asks for nothing
    const elsewhere = await monteCarlo(bytesOf(graph), options);
    expect(((await elsewhere.predict({ x: rows(2, 4) }, { samples: 20 })) as ValuePrediction).rows).toBe(2);
  });
});

describe("fixed masks", () => {
  test("as many passes as masks, the same for all data", async () => {
    const mc = await monteCarlo(bytesOf(plain), { ...options, masks: { fixed: 8 } });
    const found = (await mc.predict({ x: rows(3, 4) })) as ValuePrediction;
    expect([...found.samples]).toEqual([8, 8, 8]);
    const alone = (await mc.predict({ x: rows(3, 4).slice(4, 8) })) as ValuePrediction;
    expectClose(alone.mean, found.mean.slice(3, 6));
    await expect(mc.predict({ x: rows(3, 4) }, { samples: 9 })).rejects.toThrow(
      "predict: samples must be at most 8, the number of fixed masks, got 9",
    );
    await expect(monteCarlo(bytesOf(plain), { ...options, masks: { fixed: 1 } })).rejects.toThrow(
      "monteCarlo: masks.fixed must be a whole number in [2, 2147483647], got 1",
    );
  });
});

describe("passes one by one", () => {
  test.each(["consistent", "independent"] as const)("%s: they are those of predict", async (masks) => {
    const mc = await monteCarlo(bytesOf(plain), { ...options, masks, batch: 2 });
    const x = rows(5, 4);
    const sum = new Float64Array(15);
    const numbers: number[] = [];
    for await (const { pass, output, probabilities } of mc.passes({ x }, { samples: 6 })) {
      numbers.push(pass);
      expect(probabilities).toBeUndefined();
      output.forEach((value, i) => {
        sum[i]! += value / 6;
      });
    }
    expect(numbers).toEqual([0, 1, 2, 3, 4, 5]);
    expectClose(sum, ((await mc.predict({ x }, { samples: 6 })) as ValuePrediction).mean);
  });

  test("of a classifier as probabilities; a signal ends them", async () => {
    const graph = network(3, [node("Neg", ["z"], "y")], [info("y", ["rows", 3])]);
    const mc = await monteCarlo(bytesOf(graph), { ...options, kind: "classes" });
    for await (const { output, probabilities } of mc.passes({ x: rows(2, 4) }, { samples: 3 })) {
      const total = output.slice(0, 3).reduce((sum, z) => sum + Math.exp(z), 0);
      expect(probabilities![1]).toBeCloseTo(Math.exp(output[1]!) / total, 12);
    }
    const stopped = mc.passes({ x: rows(2, 4) }, { signal: AbortSignal.abort(new Error("enough")) });
    await expect(stopped.next()).rejects.toThrow("enough");
  });
});
