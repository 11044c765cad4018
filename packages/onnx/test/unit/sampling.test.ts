import { type ClassPrediction, monteCarlo, PredictionStopped, type ValuePrediction, writeModel } from "@hadamask/onnx";
import { key } from "hadamask";
import { describe, expect, test } from "vitest";
import { fixture, rowsOf } from "../support/fixtures.js";
import { floats, smallModel } from "../support/models.js";
import { open, quiet } from "../support/monte-carlo.js";
import { openSession, ort } from "../support/runtime.js";

describe("how many passes", () => {
  const x = rowsOf("mlp");

  test("auto stops each row when it is known well enough, whatever the others need", async () => {
    const mc = await open("mlp-train.onnx", { masks: "independent", kind: "classes" });
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
    const { mean } = partial as ValuePrediction;
    expect(mean.subarray(0, 100).every(Number.isFinite)).toBe(true);
    expect(mean.subarray(100).every(Number.isNaN)).toBe(true);
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
    const mc = await open("mlp-train.onnx", { kind: "classes" });
    const found = (await mc.predict({ x: rowsOf("mlp") }, { samples: 50 })) as ClassPrediction;
    expect(found.kind).toBe("classes");
    expect(found.answer).toMatchObject({ kind: "classes", scale: "logits", why: 'kind "classes" was asked for' });
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
    const found = (await mc.predict({ x: Float32Array.of(1, 1, 1, 1) }, { samples: 20 })) as ClassPrediction;
    expect(found.answer.kind).toBe("binary");
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
