// Several models as one, several outputs as one, and the right classes of positions.

import { monteCarlo, type PositionPrediction, type ValuePrediction } from "@hadamask/onnx";
import { ensemble } from "@hadamask/onnx/ensemble";
import { key } from "hadamask";
import { PositionCounter, valueStatistics } from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";
import { attr, bytesOf, info, int64s, network, node, rows, weight } from "../support/graphs.js";
import { quiet } from "../support/monte-carlo.js";
import { ort } from "../support/runtime.js";

const options = { ort, session: quiet } as const;
const member = (m: number): Uint8Array => {
  const graph = network(2, [node("Neg", ["z"], "y")], [info("y", ["rows", 2])]);
  return bytesOf({
    ...graph,
    weights: graph.weights!.map((w) => (w.name === "w2" ? weight("w2", [8, 2], 1, 20 + m) : w)),
  });
};

describe("ensemble", () => {
  test("has the statistics of its members' own answers, in batches too, and needs no place for dropout", async () => {
    const x = rows(5, 4);
    const all = await Promise.all(
      [0, 1, 2].map(async (m) => {
        const mc = await monteCarlo(member(m), { ...options, rate: 0.5, after: ["Relu"] });
        return ((await mc.predict({ x }, { samples: 2 })) as ValuePrediction).deterministic.mean;
      }),
    );
    const together = Float64Array.from(
      { length: 30 },
      (_, i) => all[Math.floor(i / 2) % 3]![2 * Math.floor(i / 6) + (i % 2)]!,
    );
    const want = valueStatistics(together, { rows: 5, values: 2 });
    const told: number[] = [];
    const members = await ensemble([0, 1, 2].map(member), { ...options, batch: 2 });
    const found = (await members.predict({ x }, { onProgress: (done) => told.push(done) })) as ValuePrediction;
    expect(members.size).toBe(3);
    expect(told).toEqual([1, 2, 3]);
    expect([...found.samples]).toEqual([3, 3, 3, 3, 3]);
    found.mean.forEach((value, i) => {
      expect(value).toBeCloseTo(want.mean[i]!, 5);
      expect(found.variance[i]).toBeCloseTo(want.variance[i]!, 4);
    });
    await members.dispose();
  });

  test("one model, or models of other answers, are refused; a signal ends it", async () => {
    await expect(ensemble([member(0)], options)).rejects.toThrow(
      "ensemble: models must be two ONNX files or more, got 1",
    );
    const other = bytesOf(network(3, [node("Neg", ["z"], "y")], [info("y", ["rows", 3])]));
    const mixed = await ensemble([member(0), other], options);
    await expect(mixed.predict({ x: rows(2, 4) })).rejects.toThrow(
      "ensemble.predict: all models must give answers like the first, values (numbers) of shape [2], got " +
        "values (numbers) of shape [3] from model 2; say kind and scale",
    );
    const stopped = ensemble([member(0), member(1)], options).then((e) =>
      e.predict({ x: rows(2, 4) }, { signal: AbortSignal.abort() }),
    );
    await expect(stopped).rejects.toThrow("ensemble.predict: stopped with 0 of 2 rows; they are in partial");
  });
});

test("outputs that are one answer: named once, of one type", async () => {
  const two = bytesOf(
    network(2, [node("Neg", ["z"], "y"), node("Abs", ["z"], "a")], [info("y", ["rows", 2]), info("a", ["rows", 2])]),
  );
  const mc = await monteCarlo(two, { ...options, rate: 0.2, after: ["Relu"], output: ["y", "a"] });
  expect(mc.output).toBe("y,a");
  const { deterministic } = (await mc.predict({ x: rows(2, 4) }, { samples: 2 })) as ValuePrediction;
  expect(Math.abs(deterministic.mean[0]!)).toBeCloseTo(deterministic.mean[2]!, 6);
  await expect(monteCarlo(two, { ...options, rate: 0.2, after: ["Relu"], output: ["y", "y"] })).rejects.toThrow(
    "monteCarlo: output must name an output once, got y twice",
  );
});

describe("targets", () => {
  const anchors = bytesOf(
    network(
      6,
      [node("Reshape", ["z", "shape"], "r"), node("Softmax", ["r"], "y", [attr("axis", 2)])],
      [info("y", ["rows", 3, 2])],
      {
        weights: [int64s("shape", [-1, 3, 2])],
      },
    ),
  );
  const open = () => monteCarlo(anchors, { ...options, key: key(3), rate: 0.4, after: ["Relu"] });

  test("give the mean probability of the right class, with dropout and without", async () => {
    const mc = await open();
    const targets = [0, 1, 1, 1, 0, 0];
    const x = rows(2, 4);
    const found = (await mc.predict({ x }, { samples: 8, targets })) as PositionPrediction;
    const counters = [0, 1].map(() => new PositionCounter({ positions: 3, classes: 2, classAxis: "last" }));
    for await (const { probabilities } of mc.passes({ x }, { samples: 8 }))
      counters.forEach((counter, row) => {
        counter.add(probabilities!.subarray(6 * row, 6 * row + 6));
      });
    counters.forEach((counter, row) => {
      const want = counter.probabilityOf(targets.slice(3 * row, 3 * row + 3));
      want.forEach((p, i) => {
        expect(found.targetProbability![3 * row + i]).toBeCloseTo(p, 5);
      });
    });
    const { predicted, maxProbability, targetProbability } = found.deterministic;
    targets.forEach((target, i) => {
      const p = maxProbability[i]!;
      expect(targetProbability![i]).toBeCloseTo(predicted[i] === target ? p : 1 - p, 5);
    });
  });

  test.each<[string, number[], string]>([
    ["too few", [0, 1], "predict: targets must hold a class for each of the 3 positions of 2 rows, got 2"],
    ["no class", [0, 1, 2, 0, 0, 0], "predict: targets[2] must be a class number below 2, got 2"],
  ])("%s", async (_, targets, message) => {
    const mc = await open();
    await expect(mc.predict({ x: rows(2, 4) }, { samples: 2, targets })).rejects.toThrow(message);
  });
});
