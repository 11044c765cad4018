// ONNX Runtime, which is not installed with the command: found when it is needed, or missed in one sentence.

import type { Ort } from "@hadamask/onnx";
import { Failure } from "../failure.js";

/** @throws {Failure} If onnxruntime-node is not there. */
export async function loadRuntime(command: string): Promise<Ort> {
  // Else the runtime keeps a number for this machine and notes of every model in the user's cache folder, and looks up
  // where to send them. It reads this when it is loaded.
  process.env.ORT_DISABLE_TELEMETRY = "1";
  try {
    return (await import("onnxruntime-node")) as Ort;
  } catch (error) {
    throw new Failure(`${command}: needs onnxruntime-node 1.20 or later; run npm install onnxruntime-node`, {
      cause: error,
    });
  }
}
