import { externalLocations, readModel, writeModel } from "@hadamask/onnx";
import { describe, expect, test } from "vitest";
import { toNumber } from "../../src/protobuf/types.js";
import { fixture, fixtureNames } from "../support/fixtures.js";

describe("reading and writing", () => {
  test.each(fixtureNames)("%s comes back byte for byte", (name) => {
    const bytes = fixture(name);
    expect(Buffer.compare(writeModel(readModel(bytes)), bytes)).toBe(0);
  });

  test("fields that this version does not know survive at every depth", () => {
    // Field 5000 as text: in the model, and in its graph's first node.
    const unknown = Buffer.concat([Buffer.from([0xc2, 0xb8, 0x02, 5]), Buffer.from("later")]);
    const model = readModel(Buffer.concat([fixture("opset13.onnx"), unknown]));
    const written = Buffer.from(writeModel(model));
    expect(written.includes(unknown)).toBe(true);
    expect(written.length).toBe(fixture("opset13.onnx").length + unknown.length);

    // A node of its own: message field 1 of a graph (field 7 of the model), with the unknown field inside. Fields of
    // one number merge.
    const node = Buffer.concat([Buffer.from([0x0a, unknown.length]), unknown]);
    const graph = Buffer.concat([Buffer.from([0x3a, node.length]), node]);
    const deep = Buffer.from(writeModel(readModel(Buffer.concat([fixture("opset13.onnx"), graph]))));
    expect(deep.includes(node)).toBe(true);
  });

  test("weights are views of the file, not copies", () => {
    const bytes = fixture("mlp-eval.onnx");
    const weight = readModel(bytes).graph!.initializer![0]!;
    expect(weight.rawData!.buffer).toBe(bytes.buffer);
    expect((weight.dims ?? []).map(toNumber)).toEqual([48, 64]);
  });
});

describe("what is no ONNX model is said to be none", () => {
  test.each([
    ["text", new TextEncoder().encode("x,y\n1,2\n")],
    ["nothing", new Uint8Array(0)],
    ["zeros", new Uint8Array(100)],
    ["noise", Uint8Array.from({ length: 999 }, (_, i) => (i * 7919 + (i >> 3)) & 255)],
    ["a model cut short", fixture("mlp-eval.onnx").subarray(0, 20_000)],
  ])("%s", (_, bytes) => {
    const got = bytes.length === 0 ? "an empty file" : `${bytes.length} bytes of something else`;
    expect(() => readModel(bytes)).toThrow(`readModel: bytes must be an ONNX model, got ${got}`);
  });

  test("other kinds of values", () => {
    expect(() => readModel("model.onnx" as never)).toThrow(
      'readModel: bytes must be a Uint8Array with the content of an ONNX file, got "model.onnx"',
    );
  });

  test("more than 2 GB are refused before anything is read", () => {
    // The pages of an array of zeros are not there until they are touched.
    const huge = { length: 2 ** 31 } as Uint8Array;
    Object.setPrototypeOf(huge, Uint8Array.prototype);
    Object.defineProperty(huge, "length", { value: 2 ** 31 });
    expect(() => readModel(huge)).toThrow(
      "readModel: bytes must be an ONNX model below 2 GB, got 2147483648 bytes; save the weights as external data",
    );
  });
});

test("external data are named, and stay references", () => {
  const model = readModel(fixture("external.onnx"));
  expect(externalLocations(model)).toEqual(["external.bin"]);
  expect(model.graph!.initializer![0]!.rawData?.length ?? 0).toBe(0);
  expect(externalLocations(readModel(fixture("opset13.onnx")))).toEqual([]);
});
