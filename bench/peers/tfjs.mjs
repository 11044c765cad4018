// TensorFlow.js: tf.dropout on a tensor that lies in the engine already; the result is released.

import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { checkDropped } from "./check.mjs";

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));

export const versions = { "@tensorflow/tfjs": tf.version.tfjs };

/** Where the module of the "wasm" back end lies, and one thread for it. Before that back end is first used. */
export function setUpWasm() {
  setWasmPaths(`${folder}/dist/`);
  setThreadsCount(1);
}

export async function open(x, rate) {
  setUpWasm();
  const cases = [];
  for (const backend of ["cpu", "wasm"]) cases.push(await openBackend(backend, x, rate));
  return cases;
}

async function openBackend(backend, x, rate) {
  await tf.setBackend(backend);
  const input = tf.tensor1d(x);
  const step = () => tf.dropout(input, rate).dispose();
  return {
    name: `TF.js ${backend}`,
    elements: x.length,
    // The first run of a sample switches; the others are synchronous.
    run: () => (tf.getBackend() === backend ? step() : tf.setBackend(backend).then(step)),
    check() {
      const output = tf.dropout(input, rate);
      checkDropped(x, output.dataSync(), rate);
      output.dispose();
    },
    close: () => input.dispose(),
  };
}
