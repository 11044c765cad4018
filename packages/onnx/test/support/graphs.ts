// Graphs by hand for the cases of other people's models: nodes, weights and declarations in a few words.

import { type ModelProto, writeModel } from "@hadamask/onnx";
import type { AttributeProto, NodeProto, TensorProto, ValueInfoProto } from "../../src/protobuf/types.js";

/** `ints`, `i`, `f`, `g` as an attribute of the right kind. */
export function attr(
  name: string,
  value: number | readonly number[] | NonNullable<AttributeProto["g"]>,
): AttributeProto {
  if (Array.isArray(value)) return { name, type: 7, ints: value as number[] };
  if (typeof value === "number") return { name, type: 2, i: value };
  return { name, type: 5, g: value as NonNullable<AttributeProto["g"]> };
}

export const node = (
  opType: string,
  input: readonly string[],
  output: string | readonly string[],
  attribute: readonly AttributeProto[] = [],
  domain = "",
): NodeProto => {
  const outputs = typeof output === "string" ? [output] : output;
  return { opType, name: outputs[0]!, input, output: outputs, attribute, ...(domain ? { domain } : {}) };
};

export const info = (name: string, dims: readonly (number | string)[] | undefined, elemType = 1): ValueInfoProto => ({
  name,
  type: {
    tensorType: {
      elemType,
      ...(dims && {
        shape: { dim: dims.map((size) => (typeof size === "string" ? { dimParam: size } : { dimValue: size })) },
      }),
    },
  },
});

/** Weights that look random and are the same everywhere. */
export function weight(name: string, dims: readonly number[], scale = 1, seed = 1): TensorProto {
  const n = dims.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length: n }, (_, i) => scale * Math.sin(12.9898 * (i + 1) * seed + seed));
  return { name, dims, dataType: 1, rawData: new Uint8Array(values.buffer) };
}

export const constant = (name: string, dims: readonly number[], values: readonly number[]): TensorProto => ({
  name,
  dims,
  dataType: 1,
  rawData: new Uint8Array(Float32Array.from(values).buffer),
});

export const int64s = (
  name: string,
  values: readonly number[],
  dims: readonly number[] = [values.length],
): TensorProto => ({
  name,
  dims,
  dataType: 7,
  int64Data: values,
});

export interface Graph {
  readonly nodes: readonly NodeProto[];
  readonly weights?: readonly TensorProto[];
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
  readonly opset?: number;
  readonly functions?: ModelProto["functions"];
  readonly domains?: readonly string[];
}

export function modelOf({
  nodes,
  weights = [],
  inputs,
  outputs,
  opset = 17,
  functions,
  domains = [],
}: Graph): ModelProto {
  return {
    irVersion: 8,
    opsetImport: [{ domain: "", version: opset }, ...domains.map((domain) => ({ domain, version: 1 }))],
    graph: { name: "g", node: nodes, initializer: weights, input: inputs, output: outputs },
    ...(functions && { functions }),
  };
}

export const bytesOf = (graph: Graph): Uint8Array => writeModel(modelOf(graph));

/** x [rows, 4] → Gemm 4x8 → Relu → Gemm 8xN → `end` nodes that read "z". */
export function network(
  columns: number,
  end: readonly NodeProto[],
  outputs: readonly ValueInfoProto[],
  more: Partial<Graph> = {},
): Graph {
  return {
    nodes: [
      node("Gemm", ["x", "w1", "b1"], "s"),
      node("Relu", ["s"], "h"),
      node("Gemm", ["h", "w2", "b2"], "z"),
      ...end,
    ],
    inputs: [info("x", ["rows", 4])],
    outputs,
    ...more,
    weights: [
      weight("w1", [4, 8], 1, 1),
      weight("b1", [8], 0.5, 2),
      weight("w2", [8, columns], 1, 3),
      weight("b2", [columns], 0.5, 4),
      ...(more.weights ?? []),
    ],
  };
}

/** Some rows of numbers. */
export const rows = (count: number, size: number): Float32Array =>
  Float32Array.from({ length: count * size }, (_, i) => Math.sin(7.3 * i + 1));

/** A network of `network(3, …)`, which ends in z, as one without a batch: 4 numbers in, 3 numbers -z out. */
export const withoutBatch = (graph: Graph): Graph => ({
  ...graph,
  nodes: [
    node("Unsqueeze", ["v", "zero"], "x"),
    ...graph.nodes.slice(0, 3),
    node("Neg", ["z"], "n"),
    node("Squeeze", ["n", "zero"], "y"),
  ],
  weights: [...graph.weights!, int64s("zero", [0])],
  inputs: [info("v", [4])],
  outputs: [info("y", [3])],
});
