import { monteCarlo, readModel, type ValuePrediction, withDropout, writeModel } from "@hadamask/onnx";
import { Dropout, key, siteKey } from "hadamask";
import { describe, expect, test } from "vitest";
import { fixture, rowsOf } from "../support/fixtures.js";
import { floats, smallModel } from "../support/models.js";
import { expectClose, open, quiet, values } from "../support/monte-carlo.js";
import { openSession, ort } from "../support/runtime.js";

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
    const found = (await mc.predict({ x }, { samples: 7, sampleIds, levels: [] })) as ValuePrediction;
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
      parts.push(...(part as ValuePrediction).mean);
      ids.push(...part.sampleIds);
    }
    expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expectClose(parts, whole.mean);
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
    const found = (await mc.predict({ x }, { samples: 10 })) as ValuePrediction;
    expect(Math.max(...found.variance)).toBeGreaterThan(0);
    await expect(open("external.onnx")).rejects.toThrow(
      'monteCarlo: externalData is missing external.bin; pass { externalData: { "external.bin": bytes } }',
    );
  });
});
