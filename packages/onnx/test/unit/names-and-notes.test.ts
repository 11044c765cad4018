// What files say in words: names of nodes and operators, and notes in the metadata. Anybody may have written them.

import { inspect, monteCarlo, sitesOf } from "@hadamask/onnx";
import { key } from "hadamask";
import { describe, expect, test } from "vitest";
import { fits } from "../../src/places/pattern.js";
import { bytesOf, info, modelOf, network, node } from "../support/graphs.js";
import { quiet } from "../support/monte-carlo.js";
import { ort } from "../support/runtime.js";

const options = { ort, key: key(1), rate: 0.3, after: ["Relu"], kind: "values", session: quiet } as const;
const plain = network(3, [node("Neg", ["z"], "y")], [info("y", ["rows", 3])]);

describe("names", () => {
  test("a text with stars fits in linear time", () => {
    expect(fits("a*b*c", "a-b-c")).toBe(true);
    expect(fits("a*b*c", "a-c-b")).toBe(false);
    expect(fits("ab*ab", "ab")).toBe(false);
    expect(fits("*", "")).toBe(true);
    expect(fits("a.c", "abc")).toBe(false);
    const start = performance.now();
    expect(fits("a*".repeat(5000), "a".repeat(100_000))).toBe(true);
    expect(fits(`${"a*".repeat(5000)}b`, "a".repeat(100_000))).toBe(false);
    // A matcher that goes back would not end.
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test("control characters and turned writing are shown as their numbers", async () => {
    const evil = "\u001b[31mEVIL\n\u202e";
    const graph = {
      ...plain,
      nodes: [...plain.nodes.slice(0, 1), { ...node("Relu", ["s"], "h"), name: evil }, ...plain.nodes.slice(2)],
    };
    await expect(
      monteCarlo(bytesOf(graph), {
        ...options,
        placements: [options, options].map(({ rate, after }) => ({ rate, after: [...after] })),
        rate: undefined,
        after: undefined,
      } as never),
    ).rejects.toThrow(
      "monteCarlo: after Relu \\u{1b}[31mEVIL\\u{a}\\u{202e} is chosen twice; narrow one of the placements",
    );
  });

  test("property names of objects are operator names like others", () => {
    const graph = { ...plain, nodes: [...plain.nodes, node("constructor", ["z"], "a"), node("__proto__", ["z"], "b")] };
    expect(inspect(modelOf(graph)).operators).toMatchObject({ constructor: 1, Gemm: 2 });
  });
});

describe("metadata are checked when they are read", () => {
  const withNote = (key_: string, value: string) => ({ ...modelOf(plain), metadataProps: [{ key: key_, value }] });
  test.each([
    ["hadamask.sites", "null"],
    ["hadamask.sites", "[]"],
    ["hadamask.sites", '[{"input":"nothing"}]'],
    ["hadamask.sites", "{"],
    ["hadamask.classes", '["a"]'],
    ["hadamask.classes", '["a","a","b"]'],
    ["hadamask.classes", "17"],
    ["hadamask.image", '{"height":-2,"width":-2}'],
    ["hadamask.image", '{"height":200,"width":2}'],
  ])("%s %s is ignored with a warning", (name, value) => {
    const found = inspect(withNote(name, value));
    expect(found.warnings).toHaveLength(1);
    expect(found.warnings[0]).toMatch(new RegExp(`^The metadata entry ${name} is ignored: `));
    expect(sitesOf(withNote(name, value))).toBeUndefined();
  });
  test("what fits is taken without a word", () => {
    expect(inspect(withNote("hadamask.classes", '["a","b","c"]')).warnings).toEqual([]);
    expect(inspect(withNote("hadamask.image", '{"height":2,"width":2}')).warnings).toEqual([]);
  });
});
