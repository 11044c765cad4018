/**
 * Other frameworks' masks for their seeds, bit for bit.
 *
 * @module hadamask/streams
 */
// Re-exports only.

export type {
  Arithmetic,
  Dtype,
  MaskRequest,
  MaskStream,
  SnapshotValue,
  StreamSnapshot,
} from "./random/source.js";
export type { BitGeneratorName } from "./streams/bit-generators.js";
export { type FlaxLinenOptions, type FlaxNnxOptions, type FlaxStream, flaxLinen, flaxNnx } from "./streams/flax.js";
export { equinox, type JaxCalls, type JaxOptions, type JaxStream, jax } from "./streams/jax.js";
export {
  type JaxConfig,
  jaxBernoulli,
  jaxBits,
  jaxBits64,
  jaxFoldIn,
  jaxKey,
  jaxSplit,
  jaxUniform,
} from "./streams/jax-random.js";
export { type KerasBackend, type KerasStream, keras } from "./streams/keras.js";
export {
  type NumpyGenerator,
  type NumpyLegacy,
  type NumpyOptions,
  numpyGenerator,
  numpyLegacy,
} from "./streams/numpy.js";
export { createStream, STREAM_NAMES, type StreamName, type StreamSettings } from "./streams/registry.js";
export type { NumpySeed } from "./streams/seed-sequence.js";
export { below, type Stream } from "./streams/stream.js";
export {
  type TensorflowOptions,
  type TensorflowStateless,
  type TensorflowStatelessOptions,
  type TensorflowStream,
  tensorflow,
  tensorflowStateless,
} from "./streams/tensorflow.js";
export { type TfjsStream, tfjs } from "./streams/tfjs.js";
export { TorchCpu, type TorchKernel, torchCpu, torchMkl } from "./streams/torch.js";
export { type TorchCuda, type TorchCudaOptions, torchCuda } from "./streams/torch-cuda.js";
