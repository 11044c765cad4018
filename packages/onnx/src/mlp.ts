/**
 * Small networks as ONNX models.
 *
 * @module @hadamask/onnx/mlp
 */
// Re-exports only.

export { type DenseLayer, exportMlp, type MlpDescription } from "./export-mlp.js";
export type { TargetDescription } from "./export-target.js";
