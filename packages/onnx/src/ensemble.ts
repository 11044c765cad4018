/**
 * Several models as one.
 *
 * @module @hadamask/onnx/ensemble
 */
// Re-exports only.

export { type Ensemble, type EnsembleOptions, type EnsemblePredictOptions, ensemble } from "./predict/ensemble.js";
