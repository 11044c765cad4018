// Dropout inside If, Loop and Scan, held to the same networks written out in plain TypeScript, pass by pass.

import { inspect, type MonteCarloOptions, monteCarlo, readModel, withDropout, writeModel } from "@hadamask/onnx";
import { wrap } from "@hadamask/onnx/wrap";
import { keepMask, key, passKey, sampleKey, siteKey } from "hadamask";
import { describe, expect, test } from "vitest";
import { body, bool, branches, looped, scanned, step } from "../support/bodies.js";
import { attr, bytesOf, constant, type Graph, info, int64s, modelOf, node, rows, weight } from "../support/graphs.js";
import { quiet } from "../support/monte-carlo.js";
import { openSession, ort } from "../support/runtime.js";

const [KEY, RATE, SAMPLES, ROWS] = [key(1), 0.4, 6, 5];
const numbers = (name: string, dims: readonly number[], seed: number): number[] => [
  ...new Float32Array(weight(name, dims, 1, seed).rawData!.buffer.slice(0)),
];
/** Multipliers of a site for one row of one pass. */
function masked(site: string, pass: number, row: number | undefined, x: readonly number[], rate = RATE): number[] {
  const own = passKey(siteKey(KEY, site), pass);
  const bits = keepMask(x.length, { keep: 1 - rate, key: row === undefined ? own : sampleKey(own, row) });
  return x.map((value, i) => ((bits[i >> 5]! >>> (i & 31)) & 1) * value * (1 / (1 - rate)));
}
/** x W for W [n, m]. */
const times = (x: readonly number[], w: readonly number[]): number[] =>
  Array.from({ length: w.length / x.length }, (_, j) =>
    x.reduce((sum, value, i) => sum + value * w[(i * w.length) / x.length + j]!, 0),
  );
const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + b[i]!);
const relu = (x: readonly number[]): number[] => x.map((value) => Math.max(0, value));
const row = (x: Float32Array, r: number, size: number): number[] => [...x.subarray(r * size, (r + 1) * size)];

/** All passes through monteCarlo, [pass][row * columns]. */
async function passesOf(graph: Graph, inputs: Record<string, unknown>, more: Partial<MonteCarloOptions>) {
  const mc = await monteCarlo(bytesOf(graph), { ort, key: KEY, rate: RATE, kind: "values", session: quiet, ...more });
  const found: number[][] = [];
  for await (const pass of mc.passes(inputs as never, { samples: SAMPLES })) found.push([...pass.output]);
  await mc.dispose();
  return found;
}

function expectClose(found: readonly number[][], wanted: (pass: number) => readonly number[]): void {
  expect(found).toHaveLength(SAMPLES);
  for (const [s, data] of found.entries()) {
    const expected = wanted(s);
    expect(data).toHaveLength(expected.length);
    // sums of floats in another order
    data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
  }
  expect(new Set(found.map((data) => data[0])).size).toBeGreaterThan(1);
}
const MASKS = ["independent", "consistent"] as const;

describe("If", () => {
  const graph = branches;
  const x = rows(ROWS, 4);
  const hidden = (r: number, isThen: boolean) => relu(times(row(x, r, 4), numbers("", [4, 6], isThen ? 1 : 2)));

  test("places of both branches are listed, and where they are", () => {
    const { places, suggested, hidden: left } = inspect(modelOf(graph));
    expect(places.map(({ kind, operator, tensor, inside }) => [kind, operator, tensor, inside])).toEqual(
      ["", "_1"].flatMap((end, i) => [
        ["before", "MatMul", "x", "If (y)"],
        ["weight", "MatMul", `w${i + 1}`, "If (y)"],
        ["after", "Relu", `h${end}`, "If (y)"],
        ["before", "MatMul", `h${end}`, "If (y)"],
        ["weight", "MatMul", `v${i + 1}`, "If (y)"],
      ]),
    );
    expect([suggested, left]).toEqual([{ after: ["Relu"] }, []]);
  });

  test.each(MASKS)("%s masks in the branch that is taken", async (masks) => {
    for (const flag of [true, false]) {
      const found = await passesOf(graph, { x, flag: [flag ? 1 : 0] }, { after: ["Relu"], masks });
      const site = flag ? "h" : "h_1";
      expectClose(found, (s) =>
        Array.from({ length: ROWS }, (_, r) =>
          times(
            masked(site, s, masks === "independent" ? r : undefined, hidden(r, flag)),
            numbers("", [6, 2], flag ? 3 : 4),
          ),
        ).flat(),
      );
    }
  });
});

const W = numbers("", [3, 3], 5);
const recurrent = (x: readonly number[][], drop: (h: readonly number[]) => number[]): number[] =>
  x.reduce<number[]>((h, now) => plus(times(drop(h), W), now).map(Math.tanh), [0.3, -0.2, 0.1]);

describe("Loop", () => {
  const x = rows(ROWS, 3);

  test.each(MASKS)("%s masks are the same in all steps", async (masks) => {
    const found = await passesOf(looped, { x }, { before: ["MatMul"], where: "a", masks });
    expectClose(found, (s) =>
      Array.from({ length: ROWS }, (_, r) => {
        const drop = (h: readonly number[]) => masked("h", s, masks === "independent" ? r : undefined, h);
        return times(recurrent(new Array(4).fill(row(x, r, 3)), drop), numbers("", [3, 2], 6));
      }).flat(),
    );
  });

  test("dropout after the activation drops what the next step gets, and what comes out", async () => {
    const found = await passesOf(looped, { x }, { after: ["Tanh"] });
    expectClose(found, (s) =>
      Array.from({ length: ROWS }, (_, r) => {
        let h = [0.3, -0.2, 0.1];
        for (let t = 0; t < 4; t++) h = masked("h2", s, undefined, plus(times(h, W), row(x, r, 3)).map(Math.tanh));
        return times(h, numbers("", [3, 2], 6));
      }).flat(),
    );
  });

  test("dropout on weights that the body reads", async () => {
    const found = await passesOf(looped, { x }, { weights: true, where: "w" });
    expectClose(found, (s) =>
      Array.from({ length: ROWS }, (_, r) => {
        let h = [0.3, -0.2, 0.1];
        const own = masked("w", s, undefined, W);
        for (let t = 0; t < 4; t++) h = plus(times(h, own), row(x, r, 3)).map(Math.tanh);
        return times(h, numbers("", [3, 2], 6));
      }).flat(),
    );
  });

  test("a Dropout node of the body has its own rate, and passes on where it is not chosen", async () => {
    const inner = [node("Dropout", ["h", "ratio"], "d"), ...step("d", "x", "h2"), node("Identity", ["on"], "on2")];
    const loop = looped.nodes[1]!;
    const graph = {
      ...looped,
      nodes: [
        looped.nodes[0]!,
        { ...loop, attribute: [attr("body", { ...loop.attribute![0]!.g!, node: inner })] },
        ...looped.nodes.slice(2),
      ],
      weights: [...looped.weights!, constant("ratio", [], [0.25])],
    };
    const [dropout] = inspect(modelOf(graph)).dropout;
    expect([dropout!.name, dropout!.ratio]).toEqual(["d", 0.25]);
    const found = await passesOf(graph, { x }, { rate: undefined } as never);
    expectClose(found, (s) =>
      Array.from({ length: ROWS }, (_, r) => {
        const drop = (h: readonly number[]) => masked("h", s, undefined, h, 0.25);
        return times(recurrent(new Array(4).fill(row(x, r, 3)), drop), numbers("", [3, 2], 6));
      }).flat(),
    );
  });

  test("what dropout in a state reaches: everything that the state reaches in a later step", () => {
    // b gets a, c gets b; only c leaves
    const states = ["a", "b", "c"];
    const inner = body(
      [info("i", [], 7), bool("on"), ...states.map((name) => info(name, ["rows", 3]))],
      [
        node("MatMul", ["x", "w"], "a2"),
        node("Identity", ["a"], "b2"),
        node("Identity", ["b"], "c2"),
        node("Relu", ["x"], "lost"),
        node("Identity", ["on"], "on2"),
      ],
      [bool("on2"), ...["a2", "b2", "c2", "lost"].map((name) => info(name, ["rows", 3]))],
    )!;
    const graph = {
      ...looped,
      nodes: [
        node("Loop", ["steps", "", "x", "x", "x"], ["p", "q", "y", "r"], [attr("body", inner)]),
        node("Neg", ["r"], "z"),
      ],
      outputs: [info("y", ["rows", 3]), info("z", undefined)],
    };
    expect(inspect(modelOf(graph)).places.map(({ name, outputs }) => [name, outputs])).toEqual([
      ["a2", ["y"]],
      ["w", ["y"]],
      ["lost", ["z"]],
    ]);
  });
});

describe("Scan", () => {
  test.each(MASKS)("%s masks over a sequence, time first", async (masks) => {
    const [found] = inspect(modelOf(scanned)).places;
    expect([found!.inside, found!.rank]).toEqual(["Scan (last)", 2]);
    const x = rows(ROWS, 4 * 3); // rows first, as data are
    const inputs = { x: { data: rearranged(x, ROWS, 4, 3), dims: [4, ROWS, 3] } };
    const passes = await passesOf(scanned, inputs, { before: ["MatMul"], masks });
    expectClose(passes, (s) =>
      Array.from({ length: ROWS }, (_, r) => {
        const states: number[][] = [];
        let h = [0.3, -0.2, 0.1];
        for (let t = 0; t < 4; t++) {
          h = masked("h", s, masks === "independent" ? r : undefined, h);
          h = plus(times(h, W), row(x, r * 4 + t, 3)).map(Math.tanh);
          states.push(h.map((value) => -value));
        }
        return states.flat();
      }).flat(),
    );
  });

  // the steps are the rows: one mask would be that of all of them
  const overRows: Graph = {
    nodes: [
      node("Scan", ["x"], "y", [
        attr("body", body([info("now", [3])], [node("MatMul", ["now", "w"], "o")], [info("o", [3])])!),
        attr("num_scan_inputs", 1),
      ]),
    ],
    weights: [weight("w", [3, 3], 1, 5)],
    inputs: [info("x", ["rows", 3])],
    outputs: [info("y", ["rows", 3])],
  };
  test.each(MASKS)("%s masks where the steps are the rows: a run is one row", async (masks) => {
    const x = rows(ROWS, 3);
    const found = await passesOf(overRows, { x }, { before: ["MatMul"], masks });
    expectClose(found, (s) =>
      Array.from({ length: ROWS }, (_, r) =>
        times(masked("now", s, masks === "independent" ? r : undefined, row(x, r, 3)), W),
      ).flat(),
    );
    const mc = await monteCarlo(bytesOf(overRows), { ort, key: KEY, rate: 0.1, before: ["MatMul"], session: quiet });
    await mc.predict({ x }, { samples: 2 });
    expect(mc.warnings).toContain(
      "Each run is of one row, which is slow: how often the part with o runs depends on the rows.",
    );
    await mc.dispose();
  });
});

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

  test("one row a run: each row is dropped in its own branch, also in one that the first rows did not take", async () => {
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
      "predict: all rows must take the same branch, got other rows in the one with r; pass { batch: 1 } to run one row " +
        "at a time",
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
    const widths = ["", "x"].map((name) => info(name, ["rows", "wide"]));
    void widths;
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

/** From rows first to time first. */
function rearranged(x: Float32Array, count: number, time: number, size: number): Float32Array {
  return Float32Array.from({ length: x.length }, (_, i) => {
    const [t, r, c] = [Math.floor(i / (count * size)), Math.floor(i / size) % count, i % size];
    return x[(r * time + t) * size + c]!;
  });
}
