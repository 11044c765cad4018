// ONNX Runtime, which is not installed with the command: found when it is needed, or missed in one sentence.

import type { Ort } from "@hadamask/onnx";

/** @throws {Error} If onnxruntime-node is not there. */
export async function loadRuntime(command: string): Promise<Ort> {
  try {
    return (await import("onnxruntime-node")) as Ort;
  } catch (error) {
    throw new Error(`${command}: needs onnxruntime-node 1.20 or later; run npm install onnxruntime-node`, {
      cause: error,
    });
  }
}
