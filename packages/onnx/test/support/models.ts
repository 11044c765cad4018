// Small models by hand.

import type { ModelProto } from "@hadamask/onnx";
import type { NodeProto } from "../../src/protobuf/types.js";

/** Raw little-endian float32 numbers. */
export const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

const info = (name: string, dims: readonly (number | string)[]) => ({
  name,
  type: {
    tensorType: {
      elemType: 1,
      shape: { dim: dims.map((size) => (typeof size === "string" ? { dimParam: size } : { dimValue: size })) },
    },
  },
});

/** A model from x [rows, 4] to y, with the constants one, half and root2, in opset 17. */
export function smallModel(node: readonly NodeProto[], output: readonly (number | string)[] = ["rows", 4]): ModelProto {
  const constant = (name: string, value: number) => ({ name, dims: [1], dataType: 1, rawData: floats(value) });
  const initializer = [
    constant("one", 1),
    { name: "half", dims: [], dataType: 1, rawData: floats(0.5) },
    constant("root2", Math.SQRT2),
  ];
  const graph = { name: "small", node, initializer, input: [info("x", ["rows", 4])], output: [info("y", output)] };
  return { irVersion: 8, opsetImport: [{ domain: "", version: 17 }], graph };
}
