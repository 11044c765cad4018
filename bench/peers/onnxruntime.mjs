// ONNX Runtime: a model of one Dropout node with training_mode true. It stands between the graph's input and its
// output and the rule that removes Dropout is switched off, so that it is run; the check would find a copy.

import { writeModel } from "@hadamask/onnx";
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import { checkDropped } from "./check.mjs";

export const versions = {
  "onnxruntime-node": node.env.versions.node,
  "onnxruntime-web": web.env.versions.web ?? web.env.versions.common,
};

const tensorInfo = (name) => ({ name, type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: "n" }] } } } });

function dropoutModel(rate) {
  return writeModel({
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    graph: {
      name: "dropout",
      node: [{ name: "dropout", opType: "Dropout", input: ["x", "ratio", "training"], output: ["y"] }],
      initializer: [
        { name: "ratio", dims: [], dataType: 1, rawData: new Uint8Array(Float32Array.of(rate).buffer) },
        { name: "training", dims: [], dataType: 9, rawData: Uint8Array.of(1) },
      ],
      input: [tensorInfo("x")],
      output: [tensorInfo("y")],
    },
  });
}

export async function open(x, rate) {
  web.env.wasm.numThreads = 1;
  const runtimes = { node, web };
  return Promise.all(Object.entries(runtimes).map(([name, ort]) => openRuntime(name, ort, x, rate)));
}

async function openRuntime(name, ort, x, rate) {
  const session = await ort.InferenceSession.create(dropoutModel(rate), {
    logSeverityLevel: 3,
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    extra: { optimization: { disable_specified_optimizers: "EliminateDropout" } },
  });
  const feeds = { x: new ort.Tensor("float32", x, [x.length]) };
  let last;
  return {
    name: `ONNX Runtime ${name}`,
    elements: x.length,
    async run() {
      last = (await session.run(feeds)).y;
    },
    check: () => checkDropped(x, last.data, rate),
    close: () => session.release(),
  };
}
