// What long models cost: each step looks at each node a number of times that does not depend on how many there are.

import { inspect, type ModelProto, withDropout } from "@hadamask/onnx";
import { describe, expect, test } from "vitest";
import { hiddenParts } from "../../src/graph/bodies.js";
import { cutModel } from "../../src/predict/cut.js";
import { selecting } from "../../src/predict/select.js";
import { thin } from "../../src/predict/thin.js";
import type { NodeProto } from "../../src/protobuf/types.js";
import { WireWriter } from "../../src/protobuf/wire.js";
import { sitesInBodies } from "../../src/shape-outputs.js";
import { constant, info, modelOf, node } from "../support/graphs.js";

/** A chain of dense layers with activations, `n` of each. */
function chain(n: number): ModelProto {
  const nodes = Array.from({ length: n }, (_, i) => [
    node("Gemm", [i === 0 ? "x" : `h${i - 1}`, "w", "b"], `s${i}`),
    node("Relu", [`s${i}`], `h${i}`),
  ]).flat();
  return modelOf({
    nodes: [...nodes, node("Gemm", [`h${n - 1}`, "w", "b"], "y")],
    weights: [constant("w", [2, 2], [1, 0, 0, 1]), constant("b", [2], [0, 0])],
    inputs: [info("x", ["rows", 2])],
    outputs: [info("y", ["rows", 2])],
  });
}

/** The model with nodes that count how often their inputs are looked at. */
function watched(model: ModelProto): { readonly model: ModelProto; readonly looks: () => number } {
  let looks = 0;
  const watch = (entry: NodeProto): NodeProto => {
    const { input, ...rest } = entry;
    return Object.defineProperty(rest, "input", {
      enumerable: true,
      get: () => {
        looks++;
        return input;
      },
    }) as NodeProto;
  };
  const graph = { ...model.graph!, node: model.graph!.node!.map(watch) };
  return { model: { ...model, graph }, looks: () => looks };
}

const placement = { after: ["Relu"], rate: 0.1 };

/** What is done to a model with sites. */
const withSites =
  (act: (model: ModelProto, sites: ReturnType<typeof withDropout>["sites"]) => unknown) => (model: ModelProto) => {
    const { model: dropped, sites } = withDropout(model, placement);
    const { model: counted, looks } = watched(dropped);
    act(counted, sites);
    return looks();
  };
const asItIs = (act: (model: ModelProto) => unknown) => (model: ModelProto) => {
  const { model: counted, looks } = watched(model);
  act(counted);
  return looks();
};

describe("twice as many nodes are looked at twice as often, by", () => {
  test.each<[string, (model: ModelProto) => number]>([
    ["inspect", asItIs((model) => inspect(model))],
    ["withDropout", asItIs((model) => withDropout(model, placement))],
    ["withDropout with shapes", asItIs((model) => withDropout(model, placement, { shapes: true }))],
    ["the model that selects", withSites((model, sites) => selecting(model, sites, 17))],
    ["the search for sites in bodies", withSites((model, sites) => sitesInBodies(model, sites))],
    ["the cut before the first mask", withSites((model, sites) => cutModel(model, sites, ["y"])?.rest([1]))],
    ["the model without dropped units", withSites((model, sites) => thin(model, sites))],
  ])("%s", (_, looksOf) => {
    const [few, many] = [looksOf(chain(100)), looksOf(chain(200))];
    expect(few).toBeGreaterThan(200);
    expect(many / few).toBeLessThan(2.05);
  });
});

test("a file is written in any number of pieces", () => {
  const [inner, outer] = [new WireWriter(), new WireWriter()];
  const piece = new Uint8Array(64); // long enough to be kept by reference
  for (let i = 0; i < 300_000; i++) inner.raw(piece);
  outer.nested(inner);
  expect(outer.finish().length).toBe(300_000 * 64 + 4);
});

test("a body of any number of nodes is looked through", () => {
  const neg = { opType: "Neg", input: ["x"], output: [] };
  const nodes = new Array<NodeProto>(200_000).fill(neg);
  const attribute = [{ name: "body", type: 5, g: { name: "b", node: [{ opType: "Relu" }, ...nodes] } }];
  const holder: NodeProto = { opType: "SequenceMap", name: "map", input: ["s"], output: ["y"], attribute };
  const inner = node("Gemm", ["x", "w"], "z");
  const outer = { ...holder, attribute: [{ ...attribute[0]!, g: { name: "b", node: [holder, inner] } }] };
  expect(hiddenParts(modelOf({ nodes: [outer], inputs: [], outputs: [] }))).toEqual([
    { inside: "SequenceMap", name: "map", layers: 1, dropout: [] },
  ]);
});
