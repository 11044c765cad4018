// Dropout in branches that not all runs take, in sessions of other programs, and in bodies within bodies.

import { inspect, monteCarlo, readModel, withDropout, writeModel } from "@hadamask/onnx";
import { wrap } from "@hadamask/onnx/wrap";
import { describe, expect, test } from "vitest";
import { body, bool } from "../support/bodies.js";
import { attr, bytesOf, constant, type Graph, info, int64s, modelOf, node, rows, weight } from "../support/graphs.js";
import { quiet } from "../support/monte-carlo.js";
import { openSession, ort } from "../support/runtime.js";
import {
  expectClose,
  KEY,
  MASKS,
  masked,
  numbers,
  passesOf,
  RATE,
  ROWS,
  relu,
  row,
  SAMPLES,
  times,
  W,
} from "../support/written-out.js";

describe("branches that depend on the rows", () => {
  // rows of positive sum go one way, others the other way
  const way = (w: string) => body([], [node("MatMul", ["x", w], "r")], [info("r", undefined)])!;
  const graph: Graph = {
    nodes: [
      node("ReduceSum", ["x"], "sum", [attr("keepdims", 0)]),
      node("Greater", ["sum", "zero"], "isPositive"),
      node("If", ["isPositive"], "z", [attr("then_branch", way("w1")), attr("else_branch", way("w2"))]),
      node("Neg", ["z"], "y"),
    ],
    weights: [weight("w1", [3, 2], 1, 1), weight("w2", [3, 2], 1, 2), constant("zero", [], [0])],
    inputs: [info("x", ["rows", 3])],
    outputs: [info("y", ["rows", 2])],
  };
  const x = Float32Array.of(1, 2, 3, 2, 1, 2, 3, 2, 1, -1, -2, -3, 0.5, 0.5, 1);
  const sites = inspect(modelOf(graph)).places.filter(({ kind }) => kind === "before");

  test("one row in a run: each is dropped in its own branch, also in one that the first did not take", async () => {
    expect(sites.map(({ tensor }) => tensor)).toEqual(["x", "x"]);
    for (const masks of MASKS) {
      const found = await passesOf(graph, { x }, { before: ["MatMul"], batch: 1, masks });
      expectClose(found, (s) =>
        Array.from({ length: ROWS }, (_, r) => {
          const isPositive = r !== 3;
          const own = masked(isPositive ? "x" : "x#2", s, masks === "independent" ? r : undefined, row(x, r, 3));
          return times(own, numbers("", [3, 2], isPositive ? 1 : 2)).map((value) => -value);
        }).flat(),
      );
    }
  });

  test("several rows a run: refused as soon as a run takes another branch", async () => {
    const mc = await monteCarlo(bytesOf(graph), { ort, key: KEY, rate: RATE, before: ["MatMul"], session: quiet });
    await mc.predict({ x: x.subarray(0, 9) }, { samples: 2 });
    await expect(mc.predict({ x: x.map((value) => -value) }, { samples: 2 })).rejects.toThrow(
      "predict: all rows must take the same branch, got other rows in the one with r; " +
        "pass { batch: 1 } to run one row at a time",
    );
    await mc.dispose();
  });
});

describe("a session that another program owns", () => {
  // as decoders that are merged: a flag says which of two whole networks runs, and shapes do not tell which
  const branch = (w: string) =>
    body(
      [],
      [node("MatMul", ["x", w], "s"), node("Relu", ["s"], "h"), node("MatMul", ["h", "v"], "r")],
      [info("r", undefined)],
    )!;
  const model = modelOf({
    nodes: [node("If", ["flag"], "y", [attr("then_branch", branch("w1")), attr("else_branch", branch("w2"))])],
    weights: [weight("w1", [4, 6], 1, 1), weight("w2", [4, 6], 1, 2), weight("v", [6, 2], 1, 3)],
    inputs: [info("x", ["rows", 4]), bool("flag")],
    outputs: [info("y", ["rows", 2])],
  });

  test("takes the masks of the branch that each run takes", async () => {
    const { model: dropped, sites } = withDropout(model, { rate: RATE, after: ["Relu"] }, { shapes: true });
    expect(sites.map(({ id }) => id)).toEqual(["h", "h_1"]);
    const wrapped = wrap(await openSession(writeModel(dropped)), { ort, sites, key: KEY });
    expect([wrapped.inputNames, wrapped.outputNames]).toEqual([["x", "flag"], ["y"]]);
    const x = rows(ROWS, 4);
    for (const [pass, flag] of [true, false, true, false].entries()) {
      const feeds = {
        x: new ort.Tensor("float32", x, [ROWS, 4]),
        flag: new ort.Tensor("bool", Uint8Array.of(flag ? 1 : 0), []),
      };
      const results = await wrapped.run(feeds, ...(pass === 3 ? [["y"]] : []));
      expect(Object.keys(results)).toEqual(["y"]);
      const wanted = Array.from({ length: ROWS }, (_, r) => {
        const hidden = relu(times(row(x, r, 4), numbers("", [4, 6], flag ? 1 : 2)));
        return times(masked(flag ? "h" : "h_1", pass, undefined, hidden), numbers("", [6, 2], 3));
      }).flat();
      [...(results.y!.data as Float32Array)].forEach((value, i) => {
        expect(value).toBeCloseTo(wanted[i]!, 4);
      });
    }
    await wrapped.release();
  });
});

describe("bodies within bodies", () => {
  test("an If in a Loop, read back from the file it was written to", async () => {
    const inner = node("If", ["on"], "b", [
      attr("then_branch", body([], [node("MatMul", ["h", "w"], "r")], [info("r", undefined)])!),
      attr("else_branch", body([], [node("Identity", ["h"], "r")], [info("r", undefined)])!),
    ]);
    const nodes = [inner, node("Tanh", ["b"], "h2"), node("Identity", ["on"], "on2")];
    const outputs = [bool("on2"), info("h2", ["rows", 3])];
    const graph: Graph = {
      nodes: [
        node("Loop", ["steps", "", "x"], "last", [
          attr("body", body([info("i", [], 7), bool("on"), info("h", ["rows", 3])], nodes, outputs)!),
        ]),
        node("Neg", ["last"], "y"),
      ],
      weights: [weight("w", [3, 3], 1, 5), int64s("steps", [2], [])],
      inputs: [info("x", ["rows", 3])],
      outputs: [info("y", ["rows", 3])],
    };
    const { model: dropped, sites } = withDropout(modelOf(graph), { rate: RATE, before: ["MatMul"] });
    expect(sites.map(({ id, rank }) => [id, rank])).toEqual([["h", 2]]);
    const x = rows(ROWS, 3);
    const mc = await monteCarlo(writeModel(readModel(writeModel(dropped))), {
      ort,
      key: KEY,
      kind: "values",
      session: quiet,
    });
    const found: number[][] = [];
    for await (const pass of mc.passes({ x }, { samples: SAMPLES })) found.push([...pass.output]);
    await mc.dispose();
    expectClose(found, (s) =>
      Array.from({ length: ROWS }, (_, r) => {
        let h = row(x, r, 3);
        for (let t = 0; t < 2; t++) h = times(masked("h", s, undefined, h), W).map(Math.tanh);
        return h.map((value) => -value);
      }).flat(),
    );
  });

  test("a tensor whose shape changes from step to step is refused: no mask fits all", async () => {
    const nodes = [
      node("MatMul", ["h", "w"], "a"),
      node("Concat", ["h", "a"], "h2", [attr("axis", 1)]),
      node("Identity", ["on"], "on2"),
    ];
    const loop = body([info("i", [], 7), bool("on"), info("h", ["rows", "n", 3])], nodes, [
      bool("on2"),
      info("h2", ["rows", "m", 3]),
    ])!;
    const graph: Graph = {
      nodes: [
        node("Loop", ["steps", "", "x"], "last", [attr("body", loop)]),
        node("ReduceSum", ["last"], "y", [attr("keepdims", 0)]),
      ],
      weights: [weight("w", [3, 3], 1, 5), int64s("steps", [2], [])],
      inputs: [info("x", ["rows", 2, 3])],
      outputs: [info("y", undefined)],
    };
    await expect(passesOf(graph, { x: rows(ROWS, 6) }, { before: ["MatMul"] })).rejects.toThrow(
      "the tensor at a must have one shape in all steps, got [1,2,3] and [1,4,3]; choose another place",
    );
  });
});
