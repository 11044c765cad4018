// Tensors are held to their own sizes when a model is read, before any runtime sees them.

import { expect, test } from "vitest";
import { inspect } from "../../src/inspect.js";
import { readModel, writeModel } from "../../src/protobuf/codec.js";
import type { ModelProto, TensorProto } from "../../src/protobuf/types.js";

const value = (name: string, size: number) => ({
  name,
  type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: "b" }, { dimValue: size }] } } },
});

function modelWith(weight: TensorProto, ratio = 0.5): ModelProto {
  return {
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    graph: {
      name: "g",
      node: [
        { opType: "MatMul", input: ["x", "w"], output: ["h"] },
        { opType: "Dropout", name: "drop", input: ["h", "ratio"], output: ["y"] },
      ],
      initializer: [
        { name: "w", dataType: 1, ...weight },
        { name: "ratio", dataType: 1, dims: [], rawData: new Uint8Array(Float32Array.of(ratio).buffer) },
      ],
      input: [value("x", 4)],
      output: [value("y", 2)],
    },
  };
}
const read = (weight: TensorProto) => readModel(writeModel(modelWith(weight)));
const outside = (...entries: [string, string][]): TensorProto => ({
  dims: [4, 2],
  dataLocation: 1,
  externalData: entries.map(([key, value]) => ({ key, value })),
});

test.each<[string, TensorProto, string]>([
  ["too few bytes", { dims: [4, 2], rawData: new Uint8Array(31) }, "32 bytes for its sizes [4,2], got 31"],
  ["too many", { dims: [4, 2], rawData: new Uint8Array(33) }, "32 bytes for its sizes [4,2], got 33"],
  [
    "bytes of another type",
    { dims: [4, 2], dataType: 7, rawData: new Uint8Array(32) },
    "64 bytes for its sizes [4,2], got 32",
  ],
  [
    "a negative size",
    { dims: [-4, -2], rawData: new Uint8Array(32) },
    "whole sizes whose product is below 2^53, got [-4,-2]",
  ],
  [
    "sizes beyond 2^53",
    { dims: [2 ** 40, 2 ** 40] },
    "whole sizes whose product is below 2^53, got [1099511627776,1099511627776]",
  ],
  ["two locations", outside(["location", "a"], ["location", "b"]), "one location of its external data, got two"],
  [
    "a length in letters",
    outside(["location", "a"], ["length", "0x20"]),
    'a whole number as length of its external data, got "0x20"',
  ],
  [
    "a negative offset",
    outside(["location", "a"], ["offset", "-8"]),
    'a whole number as offset of its external data, got "-8"',
  ],
  ["another length", outside(["location", "a"], ["length", "31"]), "32 bytes for its sizes, got 31"],
])("%s is refused", (_, weight, message) => {
  expect(() => read(weight)).toThrow(new RangeError(`readModel: tensor w must have ${message}`));
});

test.each<[string, TensorProto]>([
  ["whole data", { dims: [4, 2], rawData: new Uint8Array(32) }],
  ["no data, as of a model without its weights", { dims: [4, 2] }],
  ["data in a file", outside(["location", "a"], ["offset", "8"], ["length", "32"], ["checksum", "f"])],
  ["data in a file to its end", outside(["location", "a"])],
  ["four bits an element", { dims: [4, 2], dataType: 22, rawData: new Uint8Array(4) }],
])("%s pass", (_, weight) => expect(read(weight).graph?.initializer).toHaveLength(2));

test("a model without an opset is called so", () => {
  const bytes = writeModel({ ...modelWith({ dims: [4, 2] }), opsetImport: [] });
  expect(() => readModel(bytes)).toThrow("readModel: bytes must be an ONNX model, got one that says no opset");
});

test.each([Number.NaN, -0.5, 2])("a ratio of %d is no probability, and no rule speaks of it", (ratio) => {
  const { advice, lint } = inspect(modelWith({ dims: [4, 2] }, ratio));
  expect(advice).toContain(`drop (${ratio}) has a ratio that is not a probability: give a rate of your own.`);
  expect(lint).toEqual([]);
});
