// Other frameworks' masks, bit for bit: re-exports only.

export type { Arithmetic, Dtype, MaskRequest, MaskStream, StreamSnapshot } from "./random/source.js";
export type { BitGeneratorName } from "./streams/bit-generators.js";
export {
  type NumpyGenerator,
  type NumpyLegacy,
  type NumpyOptions,
  numpyGenerator,
  numpyLegacy,
} from "./streams/numpy.js";
export type { NumpySeed } from "./streams/seed-sequence.js";
export type { Stream } from "./streams/stream.js";
export { below } from "./streams/stream.js";
export { TorchCpu, type TorchKernel, torchCpu } from "./streams/torch.js";
