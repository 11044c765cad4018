// Dropout inside If, Loop and Scan, held to the same networks written out in plain TypeScript, pass by pass.

import { inspect, monteCarlo } from "@hadamask/onnx";
import { describe, expect, test } from "vitest";
import { body, bool, branches, looped, scanned, step } from "../support/bodies.js";
import { attr, bytesOf, constant, type Graph, info, modelOf, node, rows, weight } from "../support/graphs.js";
import { quiet } from "../support/monte-carlo.js";
import { ort } from "../support/runtime.js";
import {
  expectClose,
  KEY,
  MASKS,
  masked,
  numbers,
  passesOf,
  plus,
  ROWS,
  relu,
  row,
  times,
  W,
} from "../support/written-out.js";

const recurrent = (x: readonly number[][], drop: (h: readonly number[]) => number[]): number[] =>
  x.reduce<number[]>((h, now) => plus(times(drop(h), W), now).map(Math.tanh), [0.3, -0.2, 0.1]);

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

/** From rows first to time first. */
function rearranged(x: Float32Array, count: number, time: number, size: number): Float32Array {
  return Float32Array.from({ length: x.length }, (_, i) => {
    const [t, r, c] = [Math.floor(i / (count * size)), Math.floor(i / size) % count, i % size];
    return x[(r * time + t) * size + c]!;
  });
}
