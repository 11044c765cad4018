// Weights that a model keeps in files beside it.

import { storedTensors } from "./tensors.js";
import { EXTERNAL_LOCATION, type ModelProto } from "./types.js";

/** A file that a model keeps weights in. */
export interface ExternalFile {
  /** The name that the model knows it under, relative to its own folder. */
  readonly location: string;
  /** Bytes that the file must have at least: the end of the last weight in it. 0 where no length is declared. */
  readonly bytes: number;
}

/**
 * The files that a model keeps weights in, each once.
 *
 * @example
 * ```ts
 * import { externalFiles, readModel } from "@hadamask/onnx";
 * import { exportMlp } from "@hadamask/onnx/mlp";
 * const mlp = {
 *   layers: [{ weights: new Float32Array(4), biases: new Float32Array(2) }],
 *   activation: "relu",
 *   normalisation: { shift: new Float64Array(2), factor: new Float64Array(2).fill(1) },
 *   inputRate: 0,
 *   hiddenRate: 0,
 *   classes: ["yes", "no"],
 *   name: "one layer",
 * } as const;
 * console.log(externalFiles(readModel(exportMlp(mlp)))); // []
 * ```
 */
export function externalFiles(model: ModelProto): ExternalFile[] {
  const files = new Map<string, number>();
  for (const tensor of storedTensors(model)) {
    if (tensor.dataLocation !== EXTERNAL_LOCATION) continue;
    const entry = (key: string): string => (tensor.externalData ?? []).find((found) => found.key === key)?.value ?? "";
    const end = (Number(entry("offset")) || 0) + (Number(entry("length")) || 0);
    const location = entry("location");
    files.set(location, Math.max(files.get(location) ?? 0, end));
  }
  return [...files].map(([location, bytes]) => ({ location, bytes }));
}

/**
 * The names of the files that a model keeps weights in, each once.
 *
 * @example
 * ```ts
 * import { externalLocations, readModel } from "@hadamask/onnx";
 * import { exportMlp } from "@hadamask/onnx/mlp";
 * const mlp = {
 *   layers: [{ weights: new Float32Array(4), biases: new Float32Array(2) }],
 *   activation: "relu",
 *   normalisation: { shift: new Float64Array(2), factor: new Float64Array(2).fill(1) },
 *   inputRate: 0,
 *   hiddenRate: 0,
 *   classes: ["yes", "no"],
 *   name: "one layer",
 * } as const;
 * console.log(externalLocations(readModel(exportMlp(mlp)))); // []
 * ```
 */
export const externalLocations = (model: ModelProto): string[] => externalFiles(model).map(({ location }) => location);
