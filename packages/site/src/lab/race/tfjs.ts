// TensorFlow.js as a runner: loaded only when it is asked for, from this site. What is timed is what docs/benchmarks.md
// times: tf.dropout on a tensor that lies in the engine already; its result is released.

import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import simdUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import * as tf from "@tensorflow/tfjs-core";
import { checkShare, type RaceOptions, type RunnerCase } from "./cases.js";
import type { Runner } from "./runners.js";

/** Its back ends, one after the other: each has tensors of its own. */
export const BACK_ENDS: readonly (readonly [backEnd: string, runner: Runner])[] = [
  ["cpu", "tfjsCpu"],
  ["wasm", "tfjsWasm"],
];

/** Makes a back end ready, and gives its runner. */
export async function openTfjs(
  backEnd: string,
  name: Runner,
  { elements, rate }: RaceOptions,
): Promise<{ readonly runner: RunnerCase; close(): void }> {
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false); // one thread, like everybody
  // All three names have to be given; with the setting above and SIMD, only the second is fetched.
  const names = ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"];
  setWasmPaths(Object.fromEntries(names.map((name) => [name, simdUrl])));
  await tf.setBackend(backEnd);
  await tf.ready();
  const input = tf.ones([elements]);
  input.dataSync();
  const check = (): void => {
    const output = tf.dropout(input, rate);
    checkShare(output.dataSync() as Float32Array, rate);
    output.dispose();
  };
  return {
    runner: { name, elements, run: () => void tf.dropout(input, rate).dispose(), check },
    close: () => void input.dispose(),
  };
}
