// What the tests ask ONNX Runtime directly, without the package under test.

import { readModel, writeModel } from "@hadamask/onnx";
import * as ort from "onnxruntime-node";
import { viewGraph } from "../../src/graph/view.js";
import { withFields } from "../../src/protobuf/types.js";

export { ort };

/** Quiet: some fixtures provoke warnings on purpose. */
const SILENT = { logSeverityLevel: 4 } as const;

export const openSession = (
  bytes: Uint8Array,
  options: ort.InferenceSession.SessionOptions = {},
): Promise<ort.InferenceSession> => ort.InferenceSession.create(bytes, { ...SILENT, ...options });

/** The model with every tensor of its main graph as an output. */
export function withAllOutputs(bytes: Uint8Array): { bytes: Uint8Array; names: string[] } {
  const model = readModel(bytes);
  const view = viewGraph(model);
  const names = view.nodes.flatMap((node) => (node.output ?? []).filter((name) => name !== ""));
  const more = names.filter((name) => !view.isOutput(name)).map((name) => ({ name }));
  const graph = withFields(view.graph, { output: [...(view.graph.output ?? []), ...more] });
  return { bytes: writeModel(withFields(model, { graph })), names };
}

/** A float32 tensor filled with plausible numbers. */
export function someTensor(dims: readonly number[]): ort.Tensor {
  const n = dims.reduce((product, size) => product * size, 1);
  return new ort.Tensor(
    "float32",
    Float32Array.from({ length: n }, (_, i) => Math.sin(i + 1)),
    dims,
  );
}
