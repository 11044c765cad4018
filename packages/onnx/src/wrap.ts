/**
 * Masks for sessions that another program owns.
 *
 * @module @hadamask/onnx/wrap
 */
// Re-exports only.

export { type WrapOptions, type WrappedSession, wrap } from "./wrap/wrap.js";
