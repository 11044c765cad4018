// ONNX Runtime: a model of one Dropout node in training mode, in Node's native build and in the WASM build for browsers.

import { writeModel } from "../../packages/onnx/dist/protobuf/codec.js";
import { checkDropout } from "./check.mjs";

const FLOAT = 1;
const BOOL = 9;

/** `ratio` is an input, so that one session serves all rates. */
function dropoutModel() {
  const vector = (name) => ({
    name,
    type: { tensorType: { elemType: FLOAT, shape: { dim: [{ dimParam: "n" }] } } },
  });
  const scalar = (name) => ({ name, type: { tensorType: { elemType: FLOAT, shape: { dim: [] } } } });
  return writeModel({
    irVersion: 7,
    opsetImport: [{ domain: "", version: 13 }],
    graph: {
      name: "dropout",
      input: [vector("x"), scalar("ratio")],
      output: [vector("y")],
      initializer: [{ name: "training", dims: [], dataType: BOOL, int32Data: [1] }],
      node: [{ opType: "Dropout", name: "dropout", input: ["x", "ratio", "training"], output: ["y"] }],
    },
  });
}

export async function openOnnx(which) {
  const ort = await import(which === "node" ? "onnxruntime-node" : "onnxruntime-web");
  const runtime = ort.default ?? ort;
  if (which === "web") runtime.env.wasm.numThreads = 1;
  const session = await runtime.InferenceSession.create(dropoutModel(), {
    graphOptimizationLevel: "disabled",
    executionProviders: [which === "node" ? "cpu" : "wasm"],
  });
  return {
    name: `ONNX Runtime ${runtime.env.versions.common}, ${which}`,
    open(values) {
      const x = new runtime.Tensor("float32", values, [values.length]);
      let y;
      return {
        async run(rate) {
          const ratio = new runtime.Tensor("float32", Float32Array.of(rate), []);
          ({ y } = await session.run({ x, ratio }));
        },
        check: (rate) => checkDropout(`onnxruntime-${which}`, values, y.data, rate),
        close: () => x.dispose?.(),
      };
    },
  };
}
