import {
  type ClassPrediction,
  type Inputs,
  type MonteCarloOptions,
  monteCarlo,
  PredictionStopped,
  readModel,
  type ValuePrediction,
  withDropout,
  writeModel,
} from "@hadamask/onnx";
import { Dropout, key, siteKey } from "hadamask";
import { describe, expect, test } from "vitest";
import { fixture, rowsOf } from "../support/fixtures.js";
import { floats, smallModel } from "../support/models.js";
import { openSession, ort } from "../support/runtime.js";

const quiet = { logSeverityLevel: 4 } as const;

const open = (name: string, options: Partial<MonteCarloOptions> = {}) =>
  monteCarlo(fixture(name), { ort, key: key(1), session: quiet, ...options });

const values = async (name: string, inputs: Inputs, options: Partial<MonteCarloOptions> = {}, samples = 4) => {
  const mc = await open(name, { kind: "values", ...options });
  const found = (await mc.predict(inputs, { samples, levels: [] })) as ValuePrediction;
  await mc.dispose();
  return found;
};

describe("the reason for all this", () => {
  test.each(["mlp-train.onnx", "opset12.onnx", "opset13.onnx", "opset22.onnx", "flag-constant.onnx"])(
    "%s, training_mode true: the plain runtime gives equal passes, ours differ",
    async (name) => {
      const x = name.startsWith("mlp") ? rowsOf("mlp") : { data: Float32Array.of(1, 2, 3, 4), dims: [1, 4] };
      const session = await openSession(fixture(name));
      const feeds = { x: new ort.Tensor("float32", x.data, x.dims) };
      const passes = [];
      for (let t = 0; t < 20; t++) passes.push(String((await session.run(feeds)).y!.data));
      expect(new Set(passes).size).toBe(1); // silently deterministic
      const found = await values(name, { x }, {}, 20);
      expect(Math.max(...found.variance)).toBeGreaterThan(0.01);
    },
  );
});

describe("masks are the library's own", () => {
  test("of a Dropout layer in mode sample, pass by pass, id by id", async () => {
    const x = Float32Array.from({ length: 12 }, (_, i) => i + 1);
    const sampleIds = [5, 0, 17];
    const mc = await monteCarlo(fixture("dropout-only.onnx"), {
      ort,
      key: key(3),
      kind: "values",
      masks: "independent",
      session: quiet,
    });
    const found = await mc.predict({ x }, { samples: 7, sampleIds, levels: [] });
    const layer = new Dropout({ rate: 0.5, key: siteKey(key(3), "x"), mode: "sample" });
    const passes = Array.from({ length: 7 }, (_, pass) => layer.forward(x, { pass, sampleIds }));
    found.mean.forEach((mean, i) => {
      expect(mean).toBeCloseTo(passes.reduce((sum, y) => sum + y[i]!, 0) / 7, 12);
    });
  });

  test("consistent masks are those of one row for all", async () => {
    const x = new Float32Array(12).fill(1);
    const found = await values("dropout-only.onnx", { x }, { key: key(3) }, 7);
    const layer = new Dropout({ rate: 0.5, key: siteKey(key(3), "x"), mode: "sample" });
    const passes = Array.from({ length: 7 }, (_, pass) => layer.forward(x.subarray(0, 4), { pass }));
    found.mean.forEach((mean, i) => {
      expect(mean).toBeCloseTo(passes.reduce((sum, y) => sum + y[i % 4]!, 0) / 7, 12);
    });
  });
});

describe("a row's answer depends on its id and values, not on its batch", () => {
  const all = rowsOf("mlp");
  const rows = (...picked: number[]) => ({
    data: Float32Array.from(picked.flatMap((row) => [...all.data.subarray(64 * row, 64 * (row + 1))])),
    dims: [picked.length, 64],
  });
  // The runtime may sum in another order for another number of rows: equal up to float32 rounding.
  const expectClose = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
    expect(a.length).toBe(b.length);
    Array.from(a).forEach((value, i) => {
      expect(Math.abs(value - b[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
    });
  };

  test.each(["independent", "consistent"] as const)(
    "%s masks: order, batch size and run size change nothing",
    async (masks) => {
      const whole = await values("mlp-train.onnx", { x: all }, { masks });
      for (const batch of [1, 5, 48, 1000])
        expectClose((await values("mlp-train.onnx", { x: all }, { masks, batch })).mean, whole.mean);
      const mc = await open("mlp-train.onnx", { kind: "values", masks });
      const picked = [7, 2, 11];
      const some = (await mc.predict({ x: rows(...picked) }, { samples: 4, sampleIds: picked })) as ValuePrediction;
      picked.forEach((row, i) => {
        expectClose(some.mean.subarray(10 * i, 10 * (i + 1)), whole.mean.subarray(10 * row, 10 * (row + 1)));
        expectClose(some.variance.subarray(10 * i, 10 * (i + 1)), whole.variance.subarray(10 * row, 10 * (row + 1)));
      });
    },
  );

  test("independent masks differ between ids, consistent ones do not", async () => {
    const twice = { x: rows(3, 3) };
    const independent = await values("mlp-train.onnx", twice, { masks: "independent" });
    expect(independent.mean[0]).not.toBe(independent.mean[10]);
    const consistent = await values("mlp-train.onnx", twice, { masks: "consistent" });
    expect(consistent.mean[0]).toBe(consistent.mean[10]);
  });

  test("the same key gives the same numbers, another key others", async () => {
    const a = await values("mlp-train.onnx", { x: all });
    expect((await values("mlp-train.onnx", { x: all })).mean).toEqual(a.mean);
    expect((await values("mlp-train.onnx", { x: all }, { key: key(2) })).mean).not.toEqual(a.mean);
  });

  test("a stream goes on with the row numbers where the batch before it ended", async () => {
    const mc = await open("mlp-train.onnx", { kind: "values", masks: "independent" });
    const whole = (await mc.predict({ x: all }, { samples: 4 })) as ValuePrediction;
    const parts: number[] = [];
    const ids: number[] = [];
    for await (const part of mc.stream([{ x: rows(0, 1, 2) }, { x: rows(3, 4, 5, 6, 7) }, { x: rows(8, 9, 10, 11) }], {
      samples: 4,
    })) {
      parts.push(...part.mean);
      ids.push(...part.sampleIds);
    }
    expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expectClose(parts, whole.mean);
  });
});

describe("where batch and another axis share one axis of a tensor", () => {
  test.each(["transformer-train.onnx", "transformer-eval.onnx"])(
    "%s: rows keep their masks in any batch",
    async (name) => {
      const x = rowsOf("transformer");
      const placements: Partial<MonteCarloOptions> = name.includes("eval")
        ? { rate: 0.2, before: ["Gemm", "MatMul"], after: ["AttentionSoftmax"] }
        : {};
      const whole = await values(name, { x }, { ...placements, masks: "independent" });
      const mc = await open(name, { kind: "values", ...placements, masks: "independent" });
      const one = (await mc.predict(
        { x: { data: x.data.subarray(128, 192), dims: [1, 8, 8] } },
        { samples: 4, sampleIds: [2] },
      )) as ValuePrediction;
      one.mean.forEach((mean, i) => {
        expect(Math.abs(mean - whole.mean[20 + i]!)).toBeLessThan(1e-4);
      });
      await mc.dispose();
    },
  );

  test("rows that lie interleaved are found out: [rows, 2, 2] transposed and merged to [2 * rows, 2]", async () => {
    const shape = { name: "merged", dims: [2], dataType: 7, int64Data: [-1, 2] };
    const back = { name: "back", dims: [3], dataType: 7, int64Data: [2, -1, 2] };
    const split = { name: "split", dims: [3], dataType: 7, int64Data: [-1, 2, 2] };
    const flat = { name: "flat", dims: [2], dataType: 7, int64Data: [-1, 4] };
    const perm = [{ name: "perm", type: 7, ints: [1, 0, 2] }];
    const model = smallModel([
      { opType: "Reshape", name: "r1", input: ["x", "split"], output: ["a"] },
      { opType: "Transpose", name: "t1", input: ["a"], output: ["b"], attribute: perm },
      { opType: "Reshape", name: "r2", input: ["b", "merged"], output: ["c"] },
      { opType: "Relu", name: "act", input: ["c"], output: ["d"] },
      { opType: "Reshape", name: "r3", input: ["d", "back"], output: ["e"] },
      { opType: "Transpose", name: "t2", input: ["e"], output: ["f"], attribute: perm },
      { opType: "Reshape", name: "r4", input: ["f", "flat"], output: ["y"] },
    ]);
    const graph = { ...model.graph!, initializer: [shape, back, split, flat] };
    const bytes = writeModel({ ...model, graph });
    const data = Float32Array.from({ length: 20 }, (_, i) => i + 1);
    const ask = async (dims: number[], values: Float32Array, sampleIds: number[]) => {
      const mc = await monteCarlo(bytes, {
        ort,
        rate: 0.5,
        after: ["Relu"],
        key: key(4),
        kind: "values",
        masks: "independent",
        session: quiet,
      });
      return (await mc.predict({ x: { data: values, dims } }, { samples: 3, sampleIds })).mean;
    };
    const five = await ask([5, 4], data, [0, 1, 2, 3, 4]);
    const alone = await ask([1, 4], data.subarray(8, 12), [2]);
    expect([...alone]).toEqual([...five.subarray(8, 12)]);
    // And they are the masks of a layer whose rows are the 2 x 2 numbers of an example.
    const layer = new Dropout({ rate: 0.5, key: siteKey(key(4), "d"), mode: "sample" });
    const passes = [0, 1, 2].map((pass) => layer.forward(data, { pass, sampleIds: [0, 1, 2, 3, 4] }));
    five.forEach((mean, i) => {
      expect(mean).toBeCloseTo((passes[0]![i]! + passes[1]![i]! + passes[2]![i]!) / 3, 5);
    });
  });

  test("rows that influence each other are refused, by the name of the place", async () => {
    const model = smallModel([
      { opType: "Relu", name: "act", input: ["x"], output: ["h"] },
      {
        opType: "ReduceMean",
        name: "pool",
        input: ["h"],
        output: ["m"],
        attribute: [{ name: "axes", type: 7, ints: [0] }],
      },
      { opType: "Add", name: "mix", input: ["x", "m"], output: ["y"] },
    ]);
    const mc = await monteCarlo(writeModel(model), {
      ort,
      rate: 0.5,
      after: ["Relu"],
      key: key(1),
      kind: "values",
      session: quiet,
    });
    await expect(mc.predict({ x: new Float32Array(8).fill(1) })).rejects.toThrow(
      "predict: the rows of a batch must not influence each other, got a change in other rows when one row was dropped at act",
    );
  });
});

describe("shapes", () => {
  test("channels, samples and given axes share a decision", async () => {
    const x = { data: rowsOf("cnn").data, dims: rowsOf("cnn").dims };
    for (const share of ["channel", "sample", { axes: [1] }, "element"] as const) {
      const found = await values("cnn-eval.onnx", { x }, { rate: 0.3, after: ["Relu"], share, masks: "independent" });
      expect(Math.max(...found.variance)).toBeGreaterThan(0);
    }
  });

  test("a fixed number of rows: runs are filled up, rows keep their answers", async () => {
    const model = readModel(fixture("mlp-train.onnx"));
    const fix = (dims: number[]) => ({
      tensorType: { elemType: 1, shape: { dim: dims.map((dimValue) => ({ dimValue })) } },
    });
    const graph = {
      ...model.graph!,
      input: [{ name: "x", type: fix([5, 64]) }],
      output: [{ name: "y", type: fix([5, 10]) }],
    };
    const bytes = writeModel({ ...model, graph });
    const x = rowsOf("mlp");
    const free = await values("mlp-train.onnx", { x }, { masks: "independent" });
    const mc = await monteCarlo(bytes, { ort, key: key(1), kind: "values", masks: "independent", session: quiet });
    const found = (await mc.predict({ x }, { samples: 4 })) as ValuePrediction;
    found.mean.forEach((mean, i) => {
      expect(Math.abs(mean - free.mean[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(mean)));
    });
  });

  test("other sizes of the free axes are found anew", async () => {
    const info = (name: string) => ({
      name,
      type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: "rows" }, { dimParam: "length" }] } } },
    });
    const model = smallModel([
      { opType: "Relu", name: "act", input: ["x"], output: ["h"] },
      { opType: "ReduceSum", name: "sum", input: ["h", "axis"], output: ["y"] },
    ]);
    const graph = {
      ...model.graph!,
      input: [info("x")],
      output: [info("y")],
      initializer: [{ name: "axis", dims: [1], dataType: 7, int64Data: [1] }],
    };
    const mc = await monteCarlo(writeModel({ ...model, graph }), {
      ort,
      rate: 0.5,
      after: ["Relu"],
      key: key(1),
      kind: "values",
      session: quiet,
    });
    for (const length of [3, 8, 3]) {
      const found = (await mc.predict(
        { x: { data: new Float32Array(2 * length).fill(1), dims: [2, length] } },
        { samples: 400 },
      )) as ValuePrediction;
      // Mean length, variance length (rate 1/2): six standard errors.
      expect(Math.abs(found.mean[0]! - length)).toBeLessThan(6 * Math.sqrt(length / 400));
    }
  });

  test("a rank that only a run tells is found by the run", async () => {
    const model = smallModel([
      { opType: "Shape", name: "shape", input: ["x"], output: ["s"] },
      { opType: "Cast", name: "cast", input: ["s"], output: ["f"], attribute: [{ name: "to", type: 2, i: 1 }] },
      { opType: "Floor", name: "floor", input: ["f"], output: ["g"] },
      { opType: "Cast", name: "cast2", input: ["g"], output: ["t"], attribute: [{ name: "to", type: 2, i: 7 }] },
      { opType: "Reshape", name: "reshape", input: ["x", "t"], output: ["r"] },
      { opType: "Relu", name: "act", input: ["r"], output: ["h"] },
      { opType: "Neg", name: "end", input: ["h"], output: ["y"] },
    ]);
    expect(() => withDropout(model, { rate: 0.5, after: ["Relu"] })).toThrow("rank");
    const mc = await monteCarlo(writeModel(model), {
      ort,
      rate: 0.5,
      after: ["Relu"],
      key: key(1),
      kind: "values",
      masks: "independent",
      session: quiet,
    });
    const found = await mc.predict({ x: new Float32Array(8).fill(1) }, { samples: 50 });
    expect(Math.min(...found.variance)).toBeGreaterThan(0);
  });
});

describe("DropConnect", () => {
  test("one thinned weight matrix a pass: mean and variance of a linear map in closed form", async () => {
    const model = smallModel([{ opType: "MatMul", name: "map", input: ["x", "w"], output: ["y"] }], ["rows", 1]);
    const graph = {
      ...model.graph!,
      initializer: [{ name: "w", dims: [4, 1], dataType: 1, rawData: floats(0.5, -1, 2, 1) }],
    };
    const samples = 20_000;
    const mc = await monteCarlo(writeModel({ ...model, graph }), {
      ort,
      rate: 0.2,
      weights: true,
      key: key(5),
      kind: "values",
      session: quiet,
    });
    const found = (await mc.predict({ x: Float32Array.of(1, 2, 0.5, -1) }, { samples, levels: [] })) as ValuePrediction;
    const variance = 0.25 * (0.25 + 4 + 1 + 1); // (rate / keep) * sum of (w x)^2
    expect(Math.abs(found.mean[0]! - -1.5)).toBeLessThan(6.2 * Math.sqrt(variance / samples));
    expect(Math.abs(found.variance[0]! - variance)).toBeLessThan(6.2 * found.standardError.variance[0]!);
  });
});

describe("how many passes", () => {
  const x = rowsOf("mlp");

  test("auto stops each row when it is known well enough, whatever the others need", async () => {
    const mc = await open("mlp-train.onnx", { masks: "independent" });
    const precision = { of: "predictiveEntropy", standardError: 0.02 } as const;
    const found = (await mc.predict({ x }, { samples: "auto", precision })) as ClassPrediction;
    expect(new Set(found.samples).size).toBeGreaterThan(1);
    found.samples.forEach((samples, row) => {
      expect(samples === 1000 || found.standardError.predictiveEntropy[row]! <= 0.02).toBe(true);
      expect(samples).toBeGreaterThanOrEqual(32);
    });
    const least = found.samples.indexOf(Math.max(...found.samples));
    const alone = { data: x.data.subarray(64 * least, 64 * (least + 1)), dims: [1, 64] };
    const again = (await mc.predict(
      { x: alone },
      { samples: "auto", precision, sampleIds: [least] },
    )) as ClassPrediction;
    expect(again.samples[0]).toBe(found.samples[least]);
    expect(again.predictiveEntropy[0]).toBeCloseTo(found.predictiveEntropy[least]!, 5);
  });

  test("auto ends at maxSamples", async () => {
    const mc = await open("mlp-train.onnx");
    const found = await mc.predict(
      { x },
      { samples: "auto", precision: { of: "mean", standardError: 1e-9 }, maxSamples: 50 },
    );
    expect(new Set(found.samples)).toEqual(new Set([50]));
  });

  test("rate 0 gives the deterministic answer, with no variance; rate 1 drops everything", async () => {
    const mc = await open("mlp-train.onnx", { kind: "values" });
    const zero = (await mc.predict({ x }, { samples: 3, rate: 0 })) as ValuePrediction;
    zero.mean.forEach((mean, i) => {
      expect(mean).toBeCloseTo(zero.deterministic.mean[i]!, 6);
    });
    expect(Math.max(...zero.variance)).toBeLessThan(1e-12);
    const one = (await mc.predict({ x }, { samples: 3, rate: 1 })) as ValuePrediction;
    const [first, second] = [one.mean.subarray(0, 10), one.mean.subarray(10, 20)];
    expect([...first]).toEqual([...second]); // nothing of the input is left
  });

  test("progress is reported, up to the end", async () => {
    const mc = await open("mlp-train.onnx", { batch: 5 });
    const seen: number[] = [];
    let last = { rows: 0, rowsDone: 0, passes: 0 };
    await mc.predict(
      { x },
      {
        samples: 10,
        onProgress: (progress) => {
          seen.push(progress.passes);
          last = progress;
        },
      },
    );
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(last).toEqual({ rows: 12, rowsDone: 12, passes: 120 });
  });
});

describe("stopping early", () => {
  test("the promise is rejected with what there is: finished rows, begun rows, and NaN for the rest", async () => {
    const mc = await open("mlp-train.onnx", { batch: 5 });
    const controller = new AbortController();
    const stopped = mc.predict(
      { x: rowsOf("mlp") },
      {
        samples: 10,
        signal: controller.signal,
        onProgress: ({ passes }) => {
          if (passes >= 5 * 10 + 5 * 4) controller.abort(new Error("enough"));
        },
      },
    );
    const error = await stopped.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(PredictionStopped);
    const { partial, name, message, cause } = error as PredictionStopped;
    expect(name).toBe("AbortError");
    expect(message).toBe("predict: stopped with 10 of 12 rows; they are in partial");
    expect((cause as Error).message).toBe("enough");
    expect([...partial.samples]).toEqual([10, 10, 10, 10, 10, 4, 4, 4, 4, 4, 0, 0]);
    expect(partial.mean.subarray(0, 100).every(Number.isFinite)).toBe(true);
    expect(partial.mean.subarray(100).every(Number.isNaN)).toBe(true);
  });

  test("a signal that was given before the start leaves nothing done", async () => {
    const mc = await open("mlp-train.onnx");
    const error = await mc
      .predict({ x: rowsOf("mlp") }, { signal: AbortSignal.abort() })
      .catch((reason: unknown) => reason);
    expect((error as PredictionStopped).partial.samples.every((samples) => samples === 0)).toBe(true);
  });
});

describe("kinds of answers", () => {
  test("logits become probabilities, and statistics of classes", async () => {
    const mc = await open("mlp-train.onnx");
    expect(mc.kind).toBe("logits");
    const found = (await mc.predict({ x: rowsOf("mlp") }, { samples: 50 })) as ClassPrediction;
    expect(found.kind).toBe("classes");
    for (let row = 0; row < 12; row++) {
      const sum = found.mean.subarray(10 * row, 10 * (row + 1)).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 12);
      const plain = found.deterministic.mean.subarray(10 * row, 10 * (row + 1));
      expect(plain.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      expect(found.deterministic.predicted[row]).toBe(plain.indexOf(Math.max(...plain)));
      expect(found.mutualInformation[row]).toBeCloseTo(found.predictiveEntropy[row]! - found.expectedEntropy[row]!, 12);
    }
  });

  test("one column of probabilities is the second of two classes", async () => {
    const model = smallModel(
      [
        { opType: "Relu", name: "act", input: ["x"], output: ["h"] },
        { opType: "MatMul", name: "map", input: ["h", "w"], output: ["z"] },
        { opType: "Sigmoid", name: "end", input: ["z"], output: ["y"] },
      ],
      ["rows", 1],
    );
    const graph = {
      ...model.graph!,
      initializer: [{ name: "w", dims: [4, 1], dataType: 1, rawData: floats(0.5, -1, 2, 1) }],
    };
    const mc = await monteCarlo(writeModel({ ...model, graph }), {
      ort,
      rate: 0.5,
      after: ["Relu"],
      key: key(5),
      session: quiet,
    });
    expect(mc.kind).toBe("probabilities");
    const found = (await mc.predict({ x: Float32Array.of(1, 1, 1, 1) }, { samples: 20 })) as ClassPrediction;
    expect(found.classes).toBe(2);
    expect(found.deterministic.mean[1]).toBeCloseTo(1 / (1 + Math.exp(-2.5)), 6);
    expect(found.deterministic.mean[0]! + found.deterministic.mean[1]!).toBe(1);
  });

  test("a predicted variance: what is noise in the data, and what the network does not know", async () => {
    const mc = await open("regression-eval.onnx", {
      rate: 0.1,
      after: ["Relu"],
      output: "mean",
      logVariance: "log_variance",
    });
    const x = rowsOf("regression");
    const found = (await mc.predict({ x }, { samples: 200 })) as ValuePrediction;
    const plain = await openSession(fixture("regression-eval.onnx"));
    const { log_variance } = await plain.run({ x: new ort.Tensor("float32", x.data, x.dims) });
    for (let row = 0; row < 8; row++) {
      expect(found.deterministic.aleatoric![row]).toBeCloseTo(Math.exp((log_variance!.data as Float32Array)[row]!), 6);
      expect(found.total![row]).toBeCloseTo(found.aleatoric![row]! + found.variance[row]!, 12);
      expect(found.quantiles[0]![row]).toBeLessThanOrEqual(found.quantiles[2]![row]!);
    }
  });
});

describe("inputs", () => {
  test("several inputs, one of them the same for all rows; a forgotten one is named", async () => {
    const model = smallModel([
      { opType: "Relu", name: "act", input: ["x"], output: ["h"] },
      { opType: "Add", name: "sum", input: ["h", "other"], output: ["s"] },
      { opType: "Mul", name: "times", input: ["s", "factor"], output: ["y"] },
    ]);
    const [x] = model.graph!.input!;
    const scalar = { name: "factor", type: { tensorType: { elemType: 1, shape: { dim: [] } } } };
    const bytes = writeModel({ ...model, graph: { ...model.graph!, input: [x!, { ...x, name: "other" }, scalar] } });
    const mc = await monteCarlo(bytes, {
      ort,
      rate: 0.5,
      after: ["Relu"],
      key: key(1),
      kind: "values",
      session: quiet,
    });
    const found = (await mc.predict(
      { x: Float32Array.of(1, 2, 3, 4), other: [10, 20, 30, 40], factor: [2] },
      { samples: 2, rate: 0 },
    )) as ValuePrediction;
    expect([...found.mean]).toEqual([22, 44, 66, 88]);
    await expect(mc.predict({ x: Float32Array.of(1, 2, 3, 4), factor: [2] })).rejects.toThrow(
      "predict: input other is missing; the model needs it",
    );
    await expect(mc.predict({ x: new Float32Array(8), other: new Float32Array(4), factor: [2] })).rejects.toThrow(
      "predict: other must have 2 rows like x, got 1",
    );
  });

  test.each<[string, Inputs, string]>([
    ["another name", { z: new Float32Array(64) }, "predict: inputs must be named as in the model (x), got z"],
    [
      "another length",
      { x: new Float32Array(65) },
      "predict: x must have a multiple of 64 values, one row each, got 65",
    ],
    [
      "another shape",
      { x: { data: new Float32Array(64), dims: [1, 8, 8] } },
      "predict: x must have shape [rows,64], got [1,8,8]",
    ],
    [
      "a shape that does not fit",
      { x: { data: new Float32Array(64), dims: [2, 64] } },
      "predict: x must have 128 values for shape [2,64], got 64",
    ],
    ["another type", { x: new Int32Array(64) }, "predict: x must be float32 (Float32Array), got Int32Array of 64"],
    ["no rows", { x: new Float32Array(0) }, "predict: x must have at least one row, got shape [0,64]"],
    [
      "no object",
      new Float32Array(64) as never,
      "predict: inputs must be an object with the values of x, got Float32Array of 64",
    ],
  ])("%s is refused", async (_, inputs, message) => {
    const mc = await open("mlp-train.onnx");
    await expect(mc.predict(inputs)).rejects.toThrow(message);
  });
});

describe("options", () => {
  test.each<[Partial<MonteCarloOptions>, string]>([
    [
      { ort: undefined as never },
      'monteCarlo: ort must be the module onnxruntime-node or onnxruntime-web; run npm install onnxruntime-node, and pass { ort } after import * as ort from "onnxruntime-node"',
    ],
    [{ masks: "same" as never }, 'monteCarlo: masks must be "independent" or "consistent", got "same"'],
    [{ output: "z" }, 'monteCarlo: output must be an output of the model (y), got "z"'],
    [{ variance: "y", logVariance: "y" }, "monteCarlo: pass either variance or logVariance, not both"],
    [{ variance: "y", kind: "logits" }, 'monteCarlo: a predicted variance goes with kind "values", got "logits"'],
    [
      { placements: [{ rate: 0.1, after: ["Relu"] }], rate: 0.2 },
      "monteCarlo: pass either placements or rate, not both",
    ],
    [{ batch: 0 }, "monteCarlo: batch must be a whole number in [1, 2147483647], got 0"],
    [
      { key: [1, 2, 3] as never },
      "monteCarlo: key must be a key of two 32-bit words, got an array of 3; make one with key(seed)",
    ],
  ])("%j is refused", async (options, message) => {
    await expect(open("mlp-train.onnx", options)).rejects.toThrow(message);
  });

  test.each([
    [{ samples: 1 }, "predict: samples must be a whole number in [2, 2147483647], got 1"],
    [{ samples: "many" as never }, 'predict: samples must be a whole number or "auto", got "many"'],
    [
      { samples: 5, precision: { of: "mean", standardError: 0.1 } as const },
      'predict: precision goes with samples "auto", got samples 5',
    ],
    [
      { samples: "auto" as const, precision: { of: "aleatoric", standardError: 0.1 } as const },
      'predict: precision.of must be one of mean, maxProbability, predictiveEntropy, expectedEntropy, mutualInformation, variationRatio, got "aleatoric"',
    ],
    [
      { samples: "auto" as const, precision: { of: "mean", standardError: 0 } as const },
      "predict: precision.standardError must be a number above 0, got 0",
    ],
    [{ rate: 2 }, "predict: rate must be in [0, 1], got 2; pass 0.02 for 2 %"],
    [{ sampleIds: [1] }, "predict: sampleIds must have 12 entries, one a row, got 1"],
    [{ sampleIds: new Array(12).fill(-1) }, "predict: sampleIds[0] must be a whole number in [0, 2^53), got -1"],
  ])("%j is refused", async (options, message) => {
    const mc = await open("mlp-train.onnx");
    await expect(mc.predict({ x: rowsOf("mlp") }, options)).rejects.toThrow(message);
  });

  test("too little memory for the passes of a row is said with the numbers", async () => {
    const mc = await open("mlp-train.onnx", { memory: 1000 });
    await expect(mc.predict({ x: rowsOf("mlp") }, { samples: 100 })).rejects.toThrow(
      "predict: memory must hold the passes of one row, 8000 bytes, got 1000; take fewer samples, or pass { memory } to monteCarlo",
    );
    const small = await open("mlp-train.onnx", { memory: 8000 });
    const large = await open("mlp-train.onnx");
    const [a, b] = [await small.predict({ x: rowsOf("mlp") }), await large.predict({ x: rowsOf("mlp") })];
    expect(Math.max(...a.mean.map((mean, i) => Math.abs(mean - b.mean[i]!)))).toBeLessThan(1e-5);
  });

  test("an operator that the runtime does not have", async () => {
    const model = smallModel([
      { opType: "Relu", name: "act", input: ["x"], output: ["h"] },
      { opType: "Mystery", domain: "com.example", name: "m", input: ["h"], output: ["y"] },
    ]);
    const bytes = writeModel({ ...model, opsetImport: [...model.opsetImport!, { domain: "com.example", version: 1 }] });
    await expect(monteCarlo(bytes, { ort, rate: 0.5, after: ["Relu"], key: key(1), session: quiet })).rejects.toThrow(
      /^monteCarlo: ONNX Runtime does not take the model: .*Mystery/s,
    );
  });
});

describe("files", () => {
  test("a model that withDropout made works without further options, with the same masks", async () => {
    const saved = writeModel(withDropout(readModel(fixture("mlp-train.onnx"))).model);
    const x = rowsOf("mlp");
    const mc = await monteCarlo(saved, { ort, key: key(1), kind: "values", session: quiet });
    const found = (await mc.predict({ x }, { samples: 4, levels: [] })) as ValuePrediction;
    expect(found.mean).toEqual((await values("mlp-train.onnx", { x })).mean);
    expect(Buffer.compare(mc.bytes, saved)).toBe(0);
    await expect(monteCarlo(saved, { ort, rate: 0.1, session: quiet })).rejects.toThrow(
      "monteCarlo: the model has its dropout already, so rate must be left out",
    );
  });

  test("weights in a file of their own are handed to the runtime; a missing file is named", async () => {
    const x = Float32Array.of(1, 2, 3, 4);
    const mc = await open("external.onnx", {
      kind: "values",
      externalData: { "external.bin": fixture("external.bin") },
    });
    const found = await mc.predict({ x }, { samples: 10 });
    expect(Math.max(...found.variance)).toBeGreaterThan(0);
    await expect(open("external.onnx")).rejects.toThrow(
      'monteCarlo: externalData is missing external.bin; pass { externalData: { "external.bin": bytes } }',
    );
  });
});
